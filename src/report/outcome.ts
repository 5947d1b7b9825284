import type { Counters, Image } from '../image/index.ts';
import type { LifeOutcome } from './life.ts';
import type { MetricSources } from './neurobench.ts';
import type { Regression } from './regression.ts';

/** The counts and answers of a run, from which its report is made. */
export interface Outcome {
  readonly image: Image;
  /** A caution about how fast it ran. */
  readonly remark?: string | undefined;
  readonly history: readonly {
    readonly epoch: number;
    readonly samples: number;
    readonly correct: number;
    /** Correct answers on the validation split after the epoch. */
    readonly validationCorrect?: number | undefined;
    readonly counters: Counters;
  }[];
  /** Samples of the validation split, if it is not what was scored at the end. */
  readonly validated?: number | undefined;
  /** Sum over the history. */
  readonly trainCounters: Counters;
  /** The scored samples: the test set or the validation split. */
  readonly scored: {
    readonly on: 'test' | 'validation';
    readonly samples: number;
    /** Undefined where nothing was asked. */
    readonly correct: number | undefined;
    /** Set if the samples have no labels, so that answers are neither right nor wrong. */
    readonly isUnlabelled?: boolean | undefined;
    /** Accuracy of always giving the most frequent answer. */
    readonly chance?: number | undefined;
    /** How far answers are from the numbers asked for, where there are such. */
    readonly regression?: Regression | undefined;
    readonly counters: Counters;
  };
  readonly activity: MetricSources;
  /** Present only if the run was a life. */
  readonly life?: LifeOutcome | undefined;
}
