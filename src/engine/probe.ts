import type { AddressEvent } from './state.ts';

/**
 * Watches a core. Every hook is optional. Both engines call the given hooks in the same order. A hook may read the
 * core, but must not run or change it. Outside kernels, counters are exact; a running kernel's counts may not appear
 * before it ends.
 *
 * Where spikes of a population carry a value, it is above the neuron in what names it here: see `neuronIn`.
 */
export interface Probe {
  /** A sample is about to begin. */
  readonly sample?: () => void;
  /** A time step of the sample is about to run; steps count from 0. */
  readonly step?: (step: number) => void;
  /** A named event, by index, is about to run. */
  readonly trigger?: (event: number) => void;
  /**
   * A piece of work begins: a kernel, a clear or a test, by its index in the image's `work`.
   *
   * @param neuron the neuron whose spike or event it runs for; -1 if there is none
   */
  readonly began?: (work: number, neuron: number) => void;
  readonly ended?: (work: number) => void;
  /** A neuron has emitted a spike; the FIFO has not yet taken, stalled or dropped its event. */
  readonly spiked?: (population: number, neuron: number) => void;
  /** An event enters the FIFO. */
  readonly pushed?: (population: number, neuron: number, spikes: AddressEvent['spikes']) => void;
  /** An event leaves the FIFO; the list it triggers follows. */
  readonly popped?: (population: number, neuron: number, spikes: AddressEvent['spikes']) => void;
  /** A full FIFO has dropped an event. */
  readonly dropped?: (population: number, neuron: number) => void;
}
