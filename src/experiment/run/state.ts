import type { Cell } from '../description/index.ts';
import type { SessionState } from '../session/index.ts';
import type { Recording } from './recording.ts';

/** The state of a run between two samples, sufficient to resume it. Stored in a checkpoint. */
export interface RunState extends SessionState {
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
