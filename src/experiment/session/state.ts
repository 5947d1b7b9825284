import type { Checkpoint, CoreState, SampleStart } from '../../engine/index.ts';
import type { Counters } from '../../image/index.ts';
import type { RunPart } from './plan.ts';

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

/** The result of the test after a stage of a life. */
export interface TestResult {
  /** The stage, from 0; -1 before the first one. */
  readonly stage: number;
  /** Right answers among all its samples. */
  readonly correct: number;
  /** Right answers on each of its tasks. */
  readonly byTask: readonly number[];
}

/** A state that a run has kept between two samples, from which its steps can be run again. */
export interface KeptState {
  /** Samples and steps of the run that are done, without those of validation between epochs. */
  readonly samples: number;
  readonly steps: number;
  readonly core: CoreState;
}

/** A session between two samples. */
export interface SessionState {
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
  /** The core as the best epoch left it, until it is tested; only where the best one is tested, not the last. */
  readonly best?: CoreState | undefined;
  /** In a life: right answers of this part so far, by the tasks that it tests, and the tests before it. */
  readonly life?: { readonly byTask: readonly number[]; readonly tests: readonly TestResult[] } | undefined;
}

/** A session between two time steps. */
export interface SessionMoment {
  /** Samples that are done. */
  readonly samples: number;
  /** The presentation under way, or the next one, where it is known. */
  readonly presentation: SampleStart | undefined;
  readonly isUnderWay: boolean;
  readonly checkpoint: Checkpoint;
}

/** The epoch with most right answers on the validation split, the first of equals; undefined if none was scored. */
export function bestEpoch(
  history: readonly Pick<EpochResult, 'epoch' | 'validationCorrect'>[],
): number | undefined {
  let best: { epoch: number; validationCorrect: number } | undefined;
  for (const { epoch, validationCorrect } of history)
    if (validationCorrect !== undefined && validationCorrect > (best?.validationCorrect ?? -1))
      best = { epoch, validationCorrect };
  return best?.epoch;
}

/** The epochs of a run, the last of them with the right answers on the validation split after it. */
export function withValidation(history: readonly EpochResult[], validationCorrect: number): EpochResult[] {
  return history.map((epoch, index) =>
    index + 1 < history.length ? epoch : { ...epoch, validationCorrect },
  );
}
