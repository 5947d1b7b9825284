import {
  type Cell,
  type CellChoice,
  type Experiment,
  joinSettings,
  loadExperiment,
  noSettings,
  resolveCell,
} from '../experiment/index.ts';
import type { DesignKey } from '../report/index.ts';
import type { Find } from '../text/index.ts';
import { axisSettings, checkChosen, combinations, type SweptAxis, sweepAxes } from './axes.ts';
import { cellName, designNames } from './cell-name.ts';

/** Selects cells of an experiment; all of them by default. The other options apply to each cell. */
export interface SweepChoice extends Omit<CellChoice, 'precision' | 'seed'> {
  readonly precisions?: readonly string[] | undefined;
  readonly seeds?: readonly number[] | undefined;
  /** Axes that are added to the experiment's `sweep`, or replace its axes. */
  readonly vary?: readonly SweptAxis[] | undefined;
}

/** Cells that differ only in their seed. */
export interface Design extends DesignKey {
  /** `mp16-8_gain=2`. */
  readonly name: string;
  /** The experiment with the design's values applied. */
  readonly experiment: Experiment;
  readonly seeds: readonly number[];
  /**
   * Compiles the cell with a seed.
   *
   * @throws PlasticoreError `fit` if the program does not fit the core, or at the first other fault
   */
  compile(seed: number): Cell;
  cellName(seed: number): string;
}

export interface Designs {
  readonly axes: readonly SweptAxis[];
  /** Ordered by precision; the values of the last axis vary fastest. */
  readonly designs: readonly Design[];
}

/**
 * The designs of a sweep: every precision with every combination of axis values. Nothing is compiled yet.
 *
 * @throws PlasticoreError for an axis that cannot be varied
 */
export function sweepDesigns(experiment: Experiment, choice: SweepChoice, find: Find): Designs {
  const { precisions, seeds = experiment.spec.seeds, vary = [], settings = noSettings, ...rest } = choice;
  const axes = sweepAxes(experiment, vary, settings);
  checkChosen(axes, { ...rest });
  const nameOf = designNames(axes);
  const varied = combinations(axes).map((values) => {
    const own = axisSettings(axes, values);
    return {
      values,
      settings: joinSettings(settings, { ...own, experiment: [] }),
      experiment:
        own.experiment.length === 0
          ? experiment
          : loadExperiment(experiment.source, [...experiment.overrides, ...own.experiment]),
    };
  });
  const designs = (precisions ?? experiment.spec.precisions).flatMap((precision) =>
    varied.map(({ values, settings: all, experiment: changed }): Design => {
      const name = nameOf({ precision, values });
      return {
        precision,
        values,
        name,
        experiment: changed,
        seeds,
        compile: (seed) => resolveCell(changed, { ...rest, precision, seed, settings: all }, find),
        cellName: (seed) => cellName(name, seed),
      };
    }),
  );
  return { axes, designs };
}
