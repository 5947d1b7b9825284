import type { Checkpoint, Core, CoreState, SampleStart } from '../engine/index.ts';
import type { Counters, Image } from '../image/index.ts';
import type { Machine } from './machine.ts';

/** A machine of a single core, which executes the program's lists by itself: a sample is one call. */
export class OneCore implements Machine {
  readonly image: Image;
  readonly cores: readonly Core[];
  readonly engine: Core['engine'];
  readonly event: Int32Array;
  readonly #core: Core;

  constructor(image: Image, core: Core) {
    this.image = image;
    this.cores = [core];
    this.engine = core.engine;
    this.event = core.event;
    this.#core = core;
  }

  get emitted(): Uint32Array {
    return this.#core.emitted;
  }

  get stepsDone(): number {
    return this.#core.stepsDone;
  }

  setEpoch(epoch: number): void {
    this.#core.setEpoch(epoch);
  }

  begin(sample: SampleStart): void {
    this.#core.begin(sample);
  }

  receive(population: number, neurons: ArrayLike<number>, from?: number, to?: number): void {
    this.#core.receive(population, neurons, from, to);
  }

  step(): number {
    return this.#core.step();
  }

  finish(): void {
    this.#core.finish();
  }

  trigger(event: number): number {
    return this.#core.trigger(event);
  }

  triggerEach(event: number, neurons: ArrayLike<number>, from?: number, to?: number): number {
    return this.#core.triggerEach(event, neurons, from, to);
  }

  spikesOf(population: number): readonly number[] {
    return this.#core.spikesOf(population);
  }

  countSpikes(counts: readonly Float64Array[]): void {
    this.#core.countSpikes(counts);
  }

  read(field: number): Float64Array {
    return this.#core.read(field);
  }

  write(field: number, values: ArrayLike<number>): void {
    this.#core.write(field, values);
  }

  counters(): Counters {
    return this.#core.counters();
  }

  resetCounters(): void {
    this.#core.resetCounters();
  }

  busyCycles(): number {
    return this.#core.busyCycles();
  }

  save(): CoreState {
    return this.#core.save();
  }

  restore(state: CoreState): void {
    this.#core.restore(state);
  }

  checkpoint(): Checkpoint {
    return this.#core.checkpoint();
  }

  resume(checkpoint: Checkpoint): void {
    this.#core.resume(checkpoint);
  }
}
