import { addAt, at } from '../../arrays/index.ts';
import { type CoreImage, sentFrom, type Tally } from '../../image/index.ts';
import { failLoop, mostEmittedInLoop } from '../checks.ts';
import type { Probe } from '../probe.ts';
import { spikeAddress } from '../spike-address.ts';
import type { Fifo } from './fifo.ts';
import type { StepSpikes } from './step-spikes.ts';

/** How spikes come up: they are counted, listed, and go into the FIFO, or to the controller of the core. */
export class Emission {
  readonly #image: CoreImage;
  readonly #counts: Tally;
  readonly #probe: Probe;
  readonly #spikes: StepSpikes;
  readonly #fifo: Fifo;
  readonly #mostEmitted: number | undefined;

  constructor(image: CoreImage, counts: Tally, probe: Probe, spikes: StepSpikes, fifo: Fifo) {
    this.#image = image;
    this.#counts = counts;
    this.#probe = probe;
    this.#spikes = spikes;
    this.#fifo = fifo;
    this.#mostEmitted = mostEmittedInLoop(image);
  }

  /** A kernel emits a spike, with a value if its population's spikes carry one. */
  emit(population: number, item: number, value: number): void {
    const neuron = sentFrom(at(this.#image.populations, population), item, value);
    const { emitted } = this.#spikes;
    if (emitted.length === this.#mostEmitted) failLoop(this.#image, this.#mostEmitted);
    emitted.push(spikeAddress(population, neuron));
    this.count(population, neuron);
    // A controller takes every emitted spike.
    if (this.#image.core.controller !== undefined) return;
    if (this.#fifo.isFull && this.#image.core.whenFull === 'drop') {
      this.#counts.drops += 1;
      this.#probe.dropped?.(population, neuron);
      return;
    }
    this.#fifo.push({ population, neuron, spikes: 'emitted' });
  }

  /** Counts a spike, also one that the host supplies. */
  count(population: number, neuron: number): void {
    addAt(this.#counts.spikes, population, 1);
    this.#probe.spiked?.(population, neuron);
  }
}
