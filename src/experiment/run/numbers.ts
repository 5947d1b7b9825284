import type { LabelledSet } from '../../data/index.ts';
import { targetNumber } from '../../data/index.ts';
import type { Cell } from '../description/index.ts';

/** The targets of samples, and the answers. */
interface Numbers {
  readonly targets: readonly number[];
  readonly answers: readonly number[];
}

/**
 * The numbers of a regression; undefined where samples ask for classes, or for nothing.
 *
 * @param labels of the samples that were asked
 * @param scores what the readout held at the end of each
 */
export function numbersOf(
  { image: { regression } }: Pick<Cell, 'image'>,
  { targets }: Pick<LabelledSet, 'targets'>,
  labels: readonly number[],
  scores: readonly number[],
): Numbers | undefined {
  if (targets === undefined || regression === undefined || labels.length === 0) return undefined;
  return {
    targets: labels.map((label) => targetNumber(targets, label)),
    answers: scores.map((score) => targetNumber(targets, score / regression.unit)),
  };
}
