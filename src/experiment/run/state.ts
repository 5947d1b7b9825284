import type { CoreState } from '../../engine/index.ts';
import type { Counters } from '../../image/index.ts';
import type { Recording } from './recording.ts';

/** The result of one epoch of training. */
export interface EpochResult {
  /** From 0. */
  readonly epoch: number;
  readonly samples: number;
  /**
   * Samples answered correctly just as they were learned. The answer is taken after the sample's last step, when the
   * rule has already seen the label, so this number is optimistic; the score on the test set is not.
   */
  readonly correct: number;
  /** Correct answers on the validation split after the epoch; present only if one is held out. */
  readonly validationCorrect?: number | undefined;
  readonly counters: Counters;
}

/**
 * `train`: an epoch. `validate`: scoring between two epochs. `score`: final scoring, on the test set or the validation
 * split.
 */
export type RunPart = 'train' | 'validate' | 'score';

/** A state that a run has kept between two samples, from which its steps can be run again. */
export interface KeptState {
  /** Samples and steps of the run that are done, as {@link RunSequence} counts them. */
  readonly samples: number;
  readonly steps: number;
  readonly core: CoreState;
}

/** The state of a run between two samples, sufficient to resume it. Stored in a checkpoint. */
export interface RunState {
  readonly part: RunPart;
  /** The epoch in training or just trained; at the end, the number of epochs. */
  readonly epoch: number;
  /** Samples of this part that are done, and how many of them were answered correctly. */
  readonly done: number;
  readonly correct: number;
  readonly core: CoreState;
  /** During validation: the core as the epoch left it, from which the next epoch starts. */
  readonly trained: CoreState | undefined;
  /** Counts of this part so far. */
  readonly counters: Counters;
  readonly history: readonly EpochResult[];
  /** Answers on the samples scored at the end, in their order. */
  readonly predictions: readonly number[];
  /** The items of the readout for each of them, one after the other: see {@link hasScores}. */
  readonly scores: readonly number[];
  /** Steps in which neurons changed their potentials so far, by population, if they are counted. */
  readonly membraneUpdates: readonly number[] | undefined;
  /** Spikes of each neuron on these samples so far, by population. */
  readonly neuronSpikes: readonly Float64Array[];
  readonly recording: Recording;
}
