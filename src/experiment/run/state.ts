import type { CoreState } from '../../engine/index.ts';
import type { Counters } from '../../image/index.ts';
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
  /** Right answers on the validation split after the epoch; only where one is held out. */
  readonly validationCorrect?: number | undefined;
  readonly counters: Counters;
}

/** `train`: an epoch. `validate`: between two epochs. `score`: the end, on the test set or the validation split. */
export type RunPart = 'train' | 'validate' | 'score';

/** Everything that a run needs to go on from between two samples: what a checkpoint holds. */
export interface RunState {
  readonly part: RunPart;
  /** The epoch that it trains or has just trained; at the end, how many there were. */
  readonly epoch: number;
  /** Samples of this part that are done, and those of them answered right. */
  readonly done: number;
  readonly correct: number;
  readonly core: CoreState;
  /** While it validates: the core as the epoch left it, with which the next one begins. */
  readonly trained: CoreState | undefined;
  /** Counts of this part so far. */
  readonly counters: Counters;
  readonly history: readonly EpochResult[];
  /** Answers on the samples scored at the end, in their order. */
  readonly predictions: readonly number[];
  /** Spikes of each neuron on them so far, by population. */
  readonly neuronSpikes: readonly Float64Array[];
  readonly recording: Recording;
}
