import { type Controller, fieldNamed, namesIn } from '../../../src/chips/kit.ts';
import { type Core, neuronOf } from '../../../src/engine/index.ts';
import type { Counters } from '../../../src/image/index.ts';

const cyclesOf = { empty: 1, pour: 2, spike: 1 } as const;

/** The toy's controller: an event takes two cycles, a spike one more. */
export class ToyController implements Controller {
  readonly core: Core;
  readonly #events: { readonly pour: number; readonly teach: number; readonly empty: number };
  readonly #bucket: number;
  readonly #amount: number;
  #cycle = 0;
  #countedFrom = 0;

  constructor(core: Core) {
    const names = namesIn(core, 'toy');
    this.core = core;
    this.#events = { pour: names.event('pour'), teach: names.event('teach'), empty: names.event('empty') };
    this.#bucket = names.scalar('neuron');
    this.#amount = names.scalar('amount');
  }

  get cores(): readonly Core[] {
    return [this.core];
  }

  get cycle(): number {
    return this.#cycle;
  }

  counters(): Counters {
    return { ...this.core.counters(), cycles: this.#cycle - this.#countedFrom };
  }

  resetCounters(): void {
    this.core.resetCounters();
    this.#countedFrom = this.#cycle;
  }

  levels(): number[] {
    return [...this.core.read(fieldNamed(this.core.image, 'buckets.level'))];
  }

  /** Empties all buckets. */
  empty(): void {
    this.core.trigger(this.#events.empty);
    this.#cycle += cyclesOf.empty;
  }

  /** Pours into a bucket. Returns the bucket that spiked, in the event's last cycle; -1 for none. */
  pour(bucket: number, amount: number): number {
    const spikes = this.#run(this.#events.pour, bucket, amount);
    this.#cycle += cyclesOf.pour + cyclesOf.spike * spikes;
    return spikes === 0 ? -1 : neuronOf(this.core.emitted[0] ?? 0);
  }

  /** Raises what a bucket gets with each event. */
  teach(bucket: number, amount: number): void {
    this.#run(this.#events.teach, bucket, amount);
    this.#cycle += cyclesOf.pour;
  }

  #run(event: number, bucket: number, amount: number): number {
    this.core.event[this.#bucket] = bucket;
    this.core.event[this.#amount] = amount;
    return this.core.trigger(event);
  }
}
