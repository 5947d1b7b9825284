import { expect } from 'vitest';
import { type Experiment, loadExperiment, resolveCell } from '../../src/experiment/index.ts';
import { bundledNames, findFile } from '../../src/fs/index.ts';

/** The experiments that the package ships. */
export const experiments: readonly Experiment[] = bundledNames('experiment').map((name) =>
  loadExperiment(findFile('experiment', name, '')),
);

interface BundledCell {
  readonly experiment: Experiment;
  readonly name: string;
  readonly precision: string;
  /** On how many cores it sets its program. */
  readonly cores: number;
}

/** Each of them at each of its precisions. */
export const bundledCells: readonly BundledCell[] = experiments.flatMap((experiment) => {
  const { name, precisions, set } = experiment.spec;
  const cores = Number(set['program.placement.cores'] ?? 1);
  return precisions.map((precision) => ({ experiment, name, precision, cores }));
});

export function expectCompiles({ experiment, name, precision }: BundledCell): void {
  const { image, ...cell } = resolveCell(experiment, { precision }, findFile);
  expect({ name: cell.name, precision: image.core.precision }).toEqual({ name, precision });
}
