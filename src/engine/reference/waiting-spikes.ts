import { at } from '../../arrays/index.ts';
import {
  type Action,
  type CoreImage,
  type FieldAccess,
  keptOf,
  type Memory,
  neuronIn,
  type Population,
  spikeKept,
  suppliedTo,
} from '../../image/index.ts';
import { hostScalars } from '../../isa/index.ts';
import type { Fifo } from './fifo.ts';
import type { StepSpikes } from './step-spikes.ts';

const stepScalar = hostScalars.indexOf('step');

/** The environment of waiting spikes: their origin and their target. */
interface Around {
  readonly spikes: StepSpikes;
  readonly fifo: Fifo;
  /** Scalars of the host, and of named events. */
  readonly host: Int32Array;
  readonly event: Int32Array;
}

/**
 * The spikes of populations that wait for delays, each population's in a ring: a row for each step of the longest
 * delay, in which every neuron that has spiked in that step has its flag set, with the value that its spike carries
 * beside it.
 */
export class WaitingSpikes {
  readonly #image: CoreImage;
  readonly #around: Around;
  readonly #rings: readonly FieldAccess[];
  /** The neurons that a named event gives. */
  given: readonly number[] = [];

  constructor(image: CoreImage, memory: Memory, around: Around) {
    this.#image = image;
    this.#around = around;
    this.#rings = image.events.delayed.map(({ field }) => memory.access(image, at(image.fields, field)));
  }

  /** By delay, pushes the spikes that have waited for it; the FIFO is served until it is empty. */
  deliver(delayed: number): void {
    const { fifo, host } = this.#around;
    const { population, lists } = at(this.#image.events.delayed, delayed);
    for (const { delay, shift = 0 } of lists) {
      for (const spike of this.#due(delayed, delay, at(host, stepScalar)))
        fifo.push({ population, neuron: spike + shift, spikes: delay });
      fifo.drain();
    }
  }

  /** The neurons whose spikes have waited for a delay in a step, ascending. Before a sample, none has spiked. */
  #due(delayed: number, delay: number, step: number): number[] {
    if (step < delay) return [];
    const { first, size } = this.#row(delayed, step - delay);
    const ring = at(this.#rings, delayed);
    return Array.from({ length: size }, (_, neuron) => neuron).flatMap((neuron) => {
      const kept = ring.read(first + neuron);
      return kept === 0 ? [] : [spikeKept(this.#populationOf(delayed), neuron, kept)];
    });
  }

  /** Keeps the spikes of a step, each neuron once, in the row of those whose longest delay has ended. */
  keep({ delayed, from, step }: Extract<Action, { does: 'keep' }>): void {
    const { spikes, host, event } = this.#around;
    const { population } = at(this.#image.events.delayed, delayed);
    const neurons = {
      received: () => spikes.received,
      previous: () => spikes.previous(population),
      event: () => this.given,
    };
    const { first, size } = this.#row(delayed, at(step.is === 'event' ? event : host, step.scalar));
    const ring = at(this.#rings, delayed);
    for (let neuron = 0; neuron < size; neuron++) ring.write(first + neuron, 0);
    const own = this.#populationOf(delayed);
    for (const spike of neurons[from]()) ring.write(first + neuronIn(own, spike), keptOf(own, spike));
  }

  #populationOf(delayed: number): Population {
    return at(this.#image.populations, at(this.#image.events.delayed, delayed).population);
  }

  /** The items of the row that the spikes of a step are in. */
  #row(delayed: number, step: number): { readonly first: number; readonly size: number } {
    const { lists } = at(this.#image.events.delayed, delayed);
    const size = suppliedTo(this.#populationOf(delayed));
    return { first: (step % at(lists, lists.length - 1).delay) * size, size };
  }
}
