import type { AddressEvent } from './state.ts';

/**
 * Watches a core. Every hook is optional; both engines call those that are given, in the same order. A hook may read the
 * core but not run or change it. Counters are exact outside kernels; what a running kernel visits may be counted as late
 * as at its end.
 */
export interface Probe {
  /** A sample is about to begin. */
  readonly sample?: () => void;
  /** A time step of the sample is about to run, counted from 0. */
  readonly step?: (step: number) => void;
  /** A named event, by index, is about to run. */
  readonly trigger?: (event: number) => void;
  /**
   * A piece of work begins: a kernel, a clear or a test, by its index in the image's `work`.
   *
   * @param neuron the neuron whose spike or event it runs for; -1 where it runs for none
   */
  readonly began?: (work: number, neuron: number) => void;
  readonly ended?: (work: number) => void;
  /** A neuron is emitted, before the FIFO takes, stalls or drops its event. */
  readonly spiked?: (population: number, neuron: number) => void;
  /** An event enters the FIFO. */
  readonly pushed?: (population: number, neuron: number, spikes: AddressEvent['spikes']) => void;
  /** An event leaves the FIFO; what it triggers follows. */
  readonly popped?: (population: number, neuron: number, spikes: AddressEvent['spikes']) => void;
  /** A full FIFO has lost an event. */
  readonly dropped?: (population: number, neuron: number) => void;
}
