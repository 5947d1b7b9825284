import { PlasticoreError } from '../source/index.ts';
import { type Cell, type CellChoice, type Find, resolveCell } from './cell.ts';
import type { Experiment } from './load.ts';

/** Which cells of an experiment, all if nothing is given; what else is given holds for each of them. */
export interface SweepChoice extends Omit<CellChoice, 'precision' | 'seed'> {
  readonly precisions?: readonly string[] | undefined;
  readonly seeds?: readonly number[] | undefined;
}

/** A cell that can run, or a precision at which the program does not fit the core (an error of code `fit`). */
export type Design =
  | { readonly precision: string; readonly cell: Cell }
  | { readonly precision: string; readonly misfit: PlasticoreError };

/**
 * Compiles the cells of an experiment: precision by precision, seed by seed. What does not fit is one design, whatever
 * the seeds are.
 *
 * @throws PlasticoreError at the first fault, but for what does not fit
 */
export function resolveCells(experiment: Experiment, choice: SweepChoice, find: Find): Design[] {
  const { precisions = experiment.spec.precisions, seeds = experiment.spec.seeds, ...rest } = choice;
  return precisions.flatMap((precision): Design[] => {
    try {
      return seeds.map((seed) => ({
        precision,
        cell: resolveCell(experiment, { ...rest, precision, seed }, find),
      }));
    } catch (error) {
      if (!(error instanceof PlasticoreError) || error.code !== 'fit') throw error;
      return [{ precision, misfit: error }];
    }
  });
}
