import type { Counters, Image } from '../image/index.ts';
import type { Probe } from './probe.ts';
import type { Checkpoint, CoreState, SampleStart } from './state.ts';

/** What runs samples step by step: a core, or a chip's controller above one. */
export interface Stepping {
  readonly image: Image;
  /**
   * Begins a sample: empties the FIFO, forgets the spikes of earlier steps and runs the `sample` list.
   *
   * @throws PlasticoreError `data` for a number of steps that the image does not have, `usage` where the image runs on
   * named events only, `run` where a NaN would be stored
   */
  begin(sample: SampleStart): void;
  /**
   * Hands over spikes that the next step finds in a population supplied from outside. Each item is an event of its own,
   * so a neuron may occur more than once. Several calls before one step append.
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
  /** What the latest step or trigger emitted, in order: see {@link spikeAddress}. Valid until the next one. */
  readonly emitted: Uint32Array;
}

/** A core that runs an image. Its engines differ in speed only: memory, spikes, random states and counters are equal. */
export interface Core extends Stepping {
  readonly engine: 'reference' | 'fast';
  /** Steps of the current sample that have run. */
  readonly stepsDone: number;
  /** Gives scheduled parameters their values for an epoch, counted from 0. */
  setEpoch(epoch: number): void;
  /** Scalars of the named event to be triggered, as the image's `eventScalars` lists them. They stay until overwritten. */
  readonly event: Int32Array;
  /**
   * Runs the list of a named event, by index, for the scalars in `event`, which it does not check: use
   * {@link triggerEvent} where speed does not matter. It allocates nothing.
   *
   * @returns how many items of `emitted` are valid
   */
  trigger(event: number): number;
  /** Spikes of a population in the latest step or trigger, in the order of their emission. For the input: those received. */
  spikesOf(population: number): readonly number[];
  /**
   * Adds 1 to the count of each neuron that spiked in the latest step or trigger, for each of its spikes. It copies
   * nothing.
   *
   * @param counts one array for each population, one element for each of its neurons
   */
  countSpikes(counts: readonly Float64Array[]): void;
  /** The items of a field, by index, as the core's memory holds them. A view that is not stored is computed. */
  read(field: number): Float64Array;
  /**
   * Writes the items of a field, by index, and of the stored view of it, if there is one.
   *
   * @throws PlasticoreError `data` for a wrong number of values, or a value that the field cannot hold
   */
  write(field: number, values: ArrayLike<number>): void;
  /** Everything counted since the core was created, or since `resetCounters`. */
  counters(): Counters;
  resetCounters(): void;
  /** Copies what outlives a sample. */
  save(): CoreState;
  restore(state: CoreState): void;
  /** Copies the core as it stands between two steps, so that either engine can continue from here. */
  checkpoint(): Checkpoint;
  /** Continues from a checkpoint of the same image, taken on either engine. */
  resume(checkpoint: Checkpoint): void;
}

/** How a core is created. */
export interface CoreOptions {
  /** Observes the core. Without one, nothing is spent on it. */
  readonly probe?: Probe | undefined;
  /** Which core of a chip it is, counted from 0: its lanes draw random numbers of their own. */
  readonly index?: number | undefined;
}
