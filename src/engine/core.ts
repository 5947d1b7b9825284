import type { CoreImage, Counters, ProgramView } from '../image/index.ts';
import type { AddressEvent, Checkpoint, CoreState, SampleStart } from './state.ts';

/** Runs samples of a program step by step: a core, or a machine of one core or more, which is seen as one. */
export interface Processor {
  readonly image: ProgramView;
  /**
   * Begins a sample: empties the FIFO, forgets the spikes of earlier steps and runs the `sample` list.
   *
   * @throws PlasticoreError `data` for a number of steps that the image does not have, `usage` where the image runs on
   * named events only, `run` where a NaN would be stored
   */
  begin(sample: SampleStart): void;
  /**
   * Hands over spikes for a population supplied from outside, to be delivered in the next step. Each item is a separate
   * event, so a neuron may occur more than once. Several calls before one step append.
   *
   * @param population index of the population; the image's `input` is the only one that takes spikes from outside
   * @param neurons read from index `from` (default 0) up to, not including, `to` (default: all)
   * @throws PlasticoreError `data` for a neuron that the population does not have, `usage` for another population
   */
  receive(population: number, neurons: ArrayLike<number>, from?: number, to?: number): void;
  /**
   * Runs the next time step of the sample: the `tick` list and everything it triggers.
   *
   * @returns how many items of `emitted` are valid
   * @throws PlasticoreError `run` where a NaN would be stored, `usage` where the sample has no further step
   */
  step(): number;
  /**
   * Runs the remaining steps of the sample, as {@link step} would, one after the other. Use it where nobody looks at
   * the core between the steps.
   *
   * @throws PlasticoreError `run` where a NaN would be stored
   */
  finish(): void;
  /** The spikes of the latest step, in order: see {@link spikeAddress}. Valid until the next one. */
  readonly emitted: Uint32Array;
  readonly engine: 'reference' | 'fast';
  /** Steps of the current sample that have run. */
  readonly stepsDone: number;
  /** Gives scheduled parameters their values for an epoch, counted from 0. */
  setEpoch(epoch: number): void;
  /** Spikes of a population in the latest step or trigger, in order of emission. For the input: those received. */
  spikesOf(population: number): readonly number[];
  /**
   * Adds, for each spike of the latest step or trigger, 1 to the count of its neuron. It copies nothing.
   *
   * @param counts one array for each population, one element for each of its neurons
   */
  countSpikes(counts: readonly Float64Array[]): void;
  /** The items of a field, by index, as the core's memory holds them. A view that is not stored is computed. */
  read(field: number): Float64Array;
  /**
   * Writes the items of a field, by index, and of its stored view, if it has one.
   *
   * @throws PlasticoreError `data` for a wrong number of values, or a value that the field cannot hold
   */
  write(field: number, values: ArrayLike<number>): void;
  /**
   * Everything counted since the core was created, or since `resetCounters`. Where a run stops with an error in the
   * middle of a kernel, the engines agree on its runs and on the FIFO; the fast one has counted all rows of the kernel.
   */
  counters(): Counters;
  resetCounters(): void;
  /** Cycles that the counted work takes, as `price` has them: cheap, to be asked after every step. */
  busyCycles(): number;
  /** Copies the state that outlives a sample. */
  save(): CoreState;
  /**
   * Replaces the state that outlives a sample.
   *
   * @throws PlasticoreError `data` for a state of another image: its lengths differ
   */
  restore(state: CoreState): void;
  /** Copies the core's state between two steps, so that either engine can continue from it. */
  checkpoint(): Checkpoint;
  /** Continues from a checkpoint of the same image, taken on either engine in this process: none is ever stored. */
  resume(checkpoint: Checkpoint): void;
}

/** Runs named events. A machine of several cores has none: those of its cores are how it runs its lists. */
export interface NamedEvents {
  /** The spikes of the latest trigger: see {@link Processor.emitted}. */
  readonly emitted: Uint32Array;
  /** Scalars of the named event to be triggered, ordered as the image's `eventScalars`; kept until overwritten. */
  readonly event: Int32Array;
  /**
   * Runs the list of a named event, by index, with the scalars in `event`, which are not checked: use {@link
   * triggerEvent} where speed does not matter. It allocates nothing.
   *
   * @returns how many items of `emitted` are valid
   */
  trigger(event: number): number;
  /**
   * Runs the list of a named event for each of several neurons, in order, as {@link trigger} would with that neuron as
   * the event's. Neurons are not checked.
   *
   * @param neurons read from index `from` (default 0) up to, not including, `to` (default: all)
   * @returns how many items of `emitted` are valid: what all of them emitted, in order
   */
  triggerEach(event: number, neurons: ArrayLike<number>, from?: number, to?: number): number;
}

/** Runs a core's image. The engines differ only in speed: memory, spikes, random states and counters are equal. */
export interface Core extends Processor, NamedEvents {
  readonly image: CoreImage;
  /** The items of a stored field as its bank holds them, where {@link read} gives what a load gives. */
  readHeld(field: number): Float64Array;
  /** Draws the cells that flip from now on, as `begin` and `step` do: for a machine whose lists trigger events. */
  drawFlips(): void;
}

/** How a core is created. */
export interface CoreOptions {
  /** Observes the core. Without a probe, observation costs nothing. */
  readonly probe?: Probe | undefined;
  /** The number of the core in a chip, from 0: each core's lanes draw their own random numbers. */
  readonly index?: number | undefined;
  /** Whether other threads run its named events, too: see {@link FastCore.shared}. The fast engine alone can. */
  readonly isShared?: boolean | undefined;
}

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
