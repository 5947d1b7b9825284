import { at } from '../arrays/index.ts';
import { type CoreImage, type Counters, hexWord } from '../image/index.ts';
import { domainNamed, eventScalars, hostScalars } from '../isa/index.ts';
import type { Core } from './core.ts';
import type { Checkpoint, CoreState, SampleStart } from './state.ts';

const neuronScalar = eventScalars.indexOf('neuron');
const labelScalar = eventScalars.length + hostScalars.indexOf('label');
const stepScalar = eventScalars.length + hostScalars.indexOf('step');

/** The requests to a core of a chip, in order. */
export type CoreDeed =
  | {
      readonly does: 'event';
      readonly event: number;
      readonly label: number;
      readonly step: number;
      /** The event runs for each of these, or once for none. */
      readonly neurons: readonly number[];
      /** Whether they have come as spikes that are taken from the FIFO. */
      readonly arrives: boolean;
      /** The spikes that the core emits, as addresses. */
      readonly emitted: readonly number[];
    }
  | { readonly does: 'write'; readonly words: readonly WrittenWord[] };

/** A word of a bank that another core's values have changed. */
interface WrittenWord {
  readonly bank: number;
  readonly address: number;
  /** Hexadecimal digits. */
  readonly bits: string;
}

/** A core of a chip that tells what the chip asks of it. */
export class HeardCore implements Core {
  readonly #core: Core;
  readonly #tell: (deed: CoreDeed) => void;
  /** Spikes that have arrived and triggered nothing yet; below 0, those that have triggered before they were told. */
  #arrived = 0;
  #cycles = 0;

  constructor(core: Core, tell: (deed: CoreDeed) => void) {
    this.#core = core;
    this.#tell = tell;
  }

  get engine(): Core['engine'] {
    return this.#core.engine;
  }

  get image(): CoreImage {
    return this.#core.image;
  }

  get stepsDone(): number {
    return this.#core.stepsDone;
  }

  get event(): Int32Array {
    return this.#core.event;
  }

  get emitted(): Uint32Array {
    return this.#core.emitted;
  }

  /** Cycles of its work, and of the spikes that it has taken from its FIFO. */
  get cycles(): number {
    return this.#core.busyCycles() + this.#cycles;
  }

  arrive(spikes: number): void {
    this.#arrived += spikes;
    this.#cycles += spikes * this.image.costs.eventCycles;
  }

  trigger(event: number): number {
    const arrives = this.#arrived > 0;
    if (arrives) this.#arrived -= 1;
    const neurons = arrives || this.#takesNeuron(event) ? [at(this.event, neuronScalar)] : [];
    return this.#told(event, neurons, arrives, () => this.#core.trigger(event));
  }

  triggerEach(event: number, neurons: ArrayLike<number>, from = 0, to = neurons.length): number {
    const own = Array.from({ length: to - from }, (_, index) => neurons[from + index] ?? 0);
    this.#arrived -= own.length;
    return this.#told(event, own, true, () => this.#core.triggerEach(event, neurons, from, to));
  }

  #told(event: number, neurons: readonly number[], arrives: boolean, run: () => number): number {
    const label = at(this.event, labelScalar);
    const step = at(this.event, stepScalar);
    const count = run();
    const emitted = [...this.emitted.subarray(0, count)];
    this.#tell({ does: 'event', event, label, step, neurons, arrives, emitted });
    return count;
  }

  /** Whether a list runs kernels that need the neuron of the event. */
  #takesNeuron(event: number): boolean {
    const { events, kernels } = this.image;
    return at(events.named, event).actions.some(
      (action) => action.does === 'run' && domainNamed(at(kernels, action.kernel).domain).needsEvent,
    );
  }

  write(field: number, values: ArrayLike<number>): void {
    const before = this.#core.save().banks;
    this.#core.write(field, values);
    const after = this.#core.save().banks;
    const words = this.image.banks.flatMap(({ usedWords, wordBits }, bank) => {
      const changed: WrittenWord[] = [];
      for (let address = 0; address < usedWords; address++) {
        const first = address * wordBits;
        if (isEqual(at(before, bank), at(after, bank), first, first + wordBits)) continue;
        changed.push({ bank, address, bits: hexWord(at(after, bank), first, wordBits) });
      }
      return changed;
    });
    if (words.length > 0) this.#tell({ does: 'write', words });
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

  spikesOf(population: number): readonly number[] {
    return this.#core.spikesOf(population);
  }

  countSpikes(counts: readonly Float64Array[]): void {
    this.#core.countSpikes(counts);
  }

  read(field: number): Float64Array {
    return this.#core.read(field);
  }

  readHeld(field: number): Float64Array {
    return this.#core.readHeld(field);
  }

  drawFlips(): void {
    this.#core.drawFlips();
  }

  counters(): Counters {
    return this.#core.counters();
  }

  resetCounters(): void {
    this.#core.resetCounters();
    this.#cycles = 0;
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

/** Whether two banks have the same bits from one on to before another. */
function isEqual(a: Uint32Array, b: Uint32Array, from: number, to: number): boolean {
  // Words of a bank may begin and end within those of the array.
  for (let word = from >>> 5; word <= (to - 1) >>> 5; word++) {
    const low = Math.max(from - 32 * word, 0);
    const high = Math.min(to - 32 * word, 32);
    const mask = ((2 ** high - 1) & ~(2 ** low - 1)) >>> 0;
    if ((((a[word] ?? 0) ^ (b[word] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}
