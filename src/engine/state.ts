import type { SpikeTrain } from '../data/index.ts';
import type { Counters, PlaceInPass, SpikeKind } from '../image/index.ts';

/** Properties that the host gives a sample at its start. */
export interface SampleStart {
  /** The value that kernels read as `host.label`. */
  readonly label: number;
  /** Whether actions marked `when: learning` run. */
  readonly learn: boolean;
  /** Whether the sample has been presented before, and is now presented again: see the image's `replay`. */
  readonly isReplay?: boolean | undefined;
  /** Its place in a pass over the data, which conditions of lists may ask for; absent if it is presented alone. */
  readonly place?: PlaceInPass | undefined;
  /** Time steps of this sample: 1 to the image's `steps`. */
  readonly steps: number;
  /** Spikes of the input that are known beforehand: each step finds its own, then those that it has received. */
  readonly spikes?: SpikeTrain | undefined;
}

/** The state that outlives a sample: the bits of the banks, and the random generators. */
export interface CoreState {
  /** One for each bank, in packed form, 32 bits to an element. */
  readonly banks: readonly Uint32Array[];
  /**
   * States of the lanes' generators, then of those that the hw-model declares: the `far` bits preceding the current
   * word, oldest bit first.
   */
  readonly generators: Uint32Array;
}

/** A core's state between two steps, from which either engine continues exactly. */
export interface Checkpoint {
  readonly state: CoreState;
  readonly epoch: number;
  /** The current sample, and the number of its steps that have run. */
  readonly sample: SampleStart;
  readonly stepsDone: number;
  /** Spikes that the latest step emitted, as addresses, and those of the input that it received. */
  readonly emitted: readonly number[];
  readonly received: readonly number[];
  /** The input's spikes received for the next step. */
  readonly pending: readonly number[];
  /** Events waiting in the FIFO, head first. */
  readonly waiting: readonly AddressEvent[];
  /** Scalars of named events. */
  readonly event: readonly number[];
  readonly counters: Counters;
}

/** An address event in the FIFO: a spike of this step, of the one before, or one whose delay has ended. */
export interface AddressEvent {
  readonly population: number;
  readonly neuron: number;
  readonly spikes: SpikeKind;
}
