import type { CoreState } from '../engine/index.ts';
import type { Counters } from '../hardware/index.ts';
import type { Recording } from './recording.ts';

/** What one epoch of training came to. */
export interface EpochResult {
  /** From 0. */
  readonly epoch: number;
  readonly samples: number;
  /**
   * Samples whose answer was right when they had just been learnt: the answer is taken after the sample's last step,
   * in whose steps the rule has already seen the label, so this flatters; the test set does not.
   */
  readonly correct: number;
  readonly counters: Counters;
}

/**
 * Everything that a run needs to go on from between two samples: what a checkpoint holds. While `epoch` is less than
 * the run's epochs it trains; then it tests.
 */
export interface RunState {
  readonly epoch: number;
  /** Samples of this epoch, or of the test set, that are done, and those of them answered right. */
  readonly done: number;
  readonly correct: number;
  readonly core: CoreState;
  /** Counts of the epoch under way, or of the test so far. */
  readonly counters: Counters;
  readonly history: readonly EpochResult[];
  /** Answers on the test set, in its order. */
  readonly predictions: readonly number[];
  /** Spikes of each neuron on the test set so far, by population. */
  readonly neuronSpikes: readonly Float64Array[];
  readonly recording: Recording;
}
