import type { Cell } from '../description/index.ts';

/** A table of the scores of more classes would be of no use, and takes memory for each sample. */
const mostScores = 1024;

/**
 * Whether the scores of all classes are kept: answers are the largest item of a readout, and it has not too many. The
 * host of a chip answers in its own way.
 */
export function hasScores({ chip, image }: Pick<Cell, 'chip' | 'image'>): boolean {
  const { count = 0 } = image.fields[image.readout] ?? {};
  return chip === undefined && count > 0 && count <= mostScores;
}
