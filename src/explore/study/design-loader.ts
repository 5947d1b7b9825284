import {
  type Cell,
  type CellChoice,
  type Deployment,
  deployCell,
  type Experiment,
  joinSettings,
  loadCell,
  loadExperiment,
  Models,
  noSettings,
  resolveCell,
  type Settings,
} from '../../experiment/index.ts';
import type { Find } from '../../text/index.ts';
import { allChoices } from '../search/index.ts';
import {
  checkChosen,
  Space,
  type SpaceDesign,
  type SpaceSource,
  type SweptAxis,
  sweepAxes,
  sweepSpace,
} from '../space/index.ts';

/** Options that apply to all designs of a study. */
export type CommonChoice = Omit<CellChoice, 'precision' | 'seed'>;

/** A design with its program and its chip. */
export interface LoadedDesign extends Pick<Deployment, 'program' | 'hw'> {
  /** The experiment with the values that the design gives its keys. */
  readonly experiment: Experiment;
  readonly choice: CellChoice;
}

/** Loads the programs and chips of designs. Files and experiments that several designs name are read once. */
export class DesignLoader {
  readonly #experiment: Experiment;
  readonly #common: CommonChoice;
  readonly #find: Find;
  readonly #models: Models;
  readonly #experiments = new Map<string, Experiment>();

  constructor(experiment: Experiment, common: CommonChoice, find: Find) {
    this.#experiment = experiment;
    this.#common = common;
    this.#find = find;
    this.#models = new Models(find);
  }

  #experimentOf({ settings: { experiment: overrides } }: SpaceDesign): Experiment {
    const key = JSON.stringify(overrides.map(({ path, value }) => [path, value]));
    const known = this.#experiments.get(key) ?? withValues(this.#experiment, overrides);
    this.#experiments.set(key, known);
    return known;
  }

  /** @throws PlasticoreError for files that cannot be loaded */
  load(design: SpaceDesign): LoadedDesign {
    const [experiment, choice] = [this.#experimentOf(design), this.#choiceOf(design)];
    return { experiment, choice, ...loadCell(experiment, choice, this.#find, this.#models) };
  }

  /**
   * Compiles a design with a seed. Nothing of it is kept.
   *
   * @param loaded its program and its chip, if known
   * @throws PlasticoreError `fit` if the program does not fit the core, or at the first other fault
   */
  compile(design: SpaceDesign, seed: number, loaded?: Pick<Deployment, 'program' | 'hw'>): Cell {
    const choice = { ...this.#choiceOf(design), seed };
    return resolveCell(this.#experimentOf(design), choice, this.#find, loaded);
  }

  /** Compiles a design's program, and keeps the program and the chip beside the image. */
  deploy(design: SpaceDesign, seed: number): Deployment {
    const choice = { ...this.#choiceOf(design), seed };
    return deployCell(this.#experimentOf(design), choice, this.#find);
  }

  #choiceOf({ precision, settings }: SpaceDesign): CellChoice {
    const { settings: all = noSettings, ...common } = this.#common;
    return { ...common, precision, settings: { ...joinSettings(all, settings), experiment: [] } };
  }
}

/**
 * The experiment with the values that a design gives its keys.
 *
 * @throws PlasticoreError for a value that a key does not take
 */
function withValues(experiment: Experiment, overrides: Settings['experiment']): Experiment {
  if (overrides.length === 0) return experiment;
  return loadExperiment(experiment.source, [...experiment.overrides, ...overrides], experiment.chips);
}

/** Selects cells of an experiment; all of them by default. The other options apply to each cell. */
export interface SweepChoice extends CommonChoice {
  readonly precisions?: readonly string[] | undefined;
  /** Axes that are added to the experiment's `sweep`, or replace its axes. */
  readonly vary?: readonly SweptAxis[] | undefined;
}

/**
 * The space of a sweep: every precision with every combination of axis values.
 *
 * @throws PlasticoreError for an axis that cannot be varied, and a value that a key of the experiment does not take
 */
export function spaceOfSweep(
  experiment: Experiment,
  { precisions = experiment.spec.precisions, vary = [], ...common }: SweepChoice,
): { readonly source: SpaceSource; readonly space: Space } {
  const axes = sweepAxes(experiment, vary);
  checkChosen(axes, { ...common });
  const source = sweepSpace(experiment, precisions, axes);
  const space = new Space(source, common.settings ?? noSettings, experiment.spec.default.precision);
  for (const choice of allChoices(space)) withValues(experiment, space.designAt(choice).settings.experiment);
  return { source, space };
}
