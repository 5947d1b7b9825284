import type { Dataset, LabelledSet } from '../../data/index.ts';
import { permutation } from '../../random/index.ts';
import type { Cell } from '../description/index.ts';

/**
 * `train`: an epoch. `validate`: scoring between two epochs. `score`: final scoring, of the test set or validation
 * split.
 */
export type RunPart = 'train' | 'validate' | 'score';

/** One pass over samples: of the training set if it learns, else of the test set or the validation split. */
export interface Stage {
  readonly part: RunPart;
  /** The epoch in training or just trained; at the end, the number of epochs. */
  readonly epoch: number;
  readonly learns: boolean;
  /** Whether samples come as the set has them, or in an order drawn for this epoch. */
  readonly order: 'stored' | 'shuffled';
  /** The epoch by which scheduled parameters have their values. */
  readonly parameters: number;
  /** Whether the machine gets back the state that it had before. */
  readonly leavesNoTrace: boolean;
}

/**
 * The stages of a run, one after the other: epochs over the training set, then the test set. A validation split takes
 * the place of the test set, and is also scored between two epochs.
 */
export function stagesOf({ epochs, validation }: Pick<Cell, 'epochs' | 'validation'>): Stage[] {
  const scoring = { learns: false, order: 'stored' } as const;
  const trained = Array.from({ length: epochs }, (_, epoch): Stage[] => {
    const at = { epoch, parameters: epoch };
    const isValidated = validation !== undefined && epoch + 1 < epochs;
    return [
      { part: 'train', ...at, learns: true, order: 'shuffled', leavesNoTrace: false },
      ...(isValidated ? [{ part: 'validate', ...at, ...scoring, leavesNoTrace: true } as const] : []),
    ];
  }).flat();
  const last = { part: 'score', epoch: epochs, parameters: Math.max(0, epochs - 1) } as const;
  return [...trained, { ...last, ...scoring, leavesNoTrace: false }];
}

/** The stages of a run that change its machine. */
export function lastingStages(cell: Pick<Cell, 'epochs' | 'validation'>): Stage[] {
  return stagesOf(cell).filter(({ leavesNoTrace }) => !leavesNoTrace);
}

/** The set that a stage takes its samples from. */
export function setOf({ learns }: Stage, { train, test }: Dataset): LabelledSet {
  return learns ? train : test;
}

/** The samples of a stage by their numbers in the set, in the order in which they are presented. */
export function orderOf(stage: Stage, data: Dataset, seed: number): Uint32Array {
  const { count } = setOf(stage, data);
  return stage.order === 'shuffled'
    ? permutation(count, seed, stage.epoch)
    : Uint32Array.from({ length: count }, (_, sample) => sample);
}

/** Samples in all of some stages. */
export function samplesIn(stages: readonly Stage[], data: Dataset): number {
  return stages.reduce((sum, stage) => sum + setOf(stage, data).count, 0);
}

/** The index of a stage. */
export function indexOfStage(
  stages: readonly Stage[],
  { part, epoch }: Pick<Stage, 'part' | 'epoch'>,
): number {
  return stages.findIndex((stage) => stage.part === part && stage.epoch === epoch);
}

/** Samples of a run that are done, validation between epochs included. */
export function samplesDone(
  cell: Cell,
  data: Dataset,
  at: Pick<Stage, 'part' | 'epoch'> & { readonly done: number },
): number {
  const stages = stagesOf(cell);
  return samplesIn(stages.slice(0, indexOfStage(stages, at)), data) + at.done;
}
