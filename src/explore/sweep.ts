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

/** Which cells of an experiment, all if nothing is given; what else is given holds for each of them. */
export interface SweepChoice extends Omit<CellChoice, 'precision' | 'seed'> {
  readonly precisions?: readonly string[] | undefined;
  readonly seeds?: readonly number[] | undefined;
  /** Axes beside those of the experiment's `sweep`, or in their place. */
  readonly vary?: readonly SweptAxis[] | undefined;
}

/** Cells that differ in nothing but their seed. */
export interface Design extends DesignKey {
  /** `mp16-8_gain=2`. */
  readonly name: string;
  /** With what the design's values change in it. */
  readonly experiment: Experiment;
  readonly seeds: readonly number[];
  /**
   * Compiles the cell of a seed.
   *
   * @throws PlasticoreError `fit` where the program does not fit the core, or at the first other fault
   */
  compile(seed: number): Cell;
  cellName(seed: number): string;
}

export interface Designs {
  readonly axes: readonly SweptAxis[];
  /** Precision by precision, the values of the last axis fastest. */
  readonly designs: readonly Design[];
}

/**
 * The designs of a sweep: every precision with every combination of values of its axes. Nothing is compiled yet.
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
