import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { costBasis } from '../../compiler/index.ts';
import { type Experiment, noSettings, type ObjectiveName, runKey } from '../../experiment/index.ts';
import { type FolderRunOptions, readCounts, runFiles } from '../../experiment/node.ts';
import { type Costs, type Exploration, isAboutPrice, type Report, scoredPhase } from '../../report/index.ts';
import { attempt, type Find, option, PlasticoreError, suggest } from '../../text/index.ts';
import { costsOf, objectives, readConstraint, type SharedRun, sharedRun } from '../pricing/index.ts';
import { cellLabel } from '../runs/node-run-cells.ts';
import type { Runner } from '../runs/runner.ts';
import type { CellsProgress } from '../runs/tally.ts';
import { allChoices, countChoices, type SearchPlan, startSearch } from '../search/index.ts';
import {
  type Choice,
  cellName,
  checkChosen,
  Space,
  type SpaceDesign,
  type SpaceSource,
} from '../space/index.ts';
import { type Candidate, candidateOf, intervalsOf, priceCandidate } from './candidate.ts';
import { type CommonChoice, DesignLoader } from './design-loader.ts';
import { RunStore, type StoredRun, throwCommonFault } from './node-run-store.ts';
import { type SharedTrial, SharedTrials } from './shared-trials.ts';
import { listedDesigns, nearFront, type Wanted } from './sure-front.ts';

export interface SearchOptions
  extends CommonChoice,
    Pick<FolderRunOptions, 'data' | 'engine' | 'checkpointSeconds' | 'signal'> {
  readonly plan: SearchPlan;
  /**
   * Seeds of the runs; default: that of the experiment's default cell. All designs run with the first, and those near
   * the front with the others.
   */
  readonly seeds?: readonly number[] | undefined;
  /** The search starts no run after this many seconds; finished runs count. */
  readonly seconds?: number | undefined;
  /** Replaces the objectives of the space. */
  readonly objectives?: readonly ObjectiveName[] | undefined;
  /** Precision of all designs, where none is an axis; default: the experiment's own. */
  readonly precision?: string | undefined;
  /** The name of a design whose neighbours along each axis are tried, too. */
  readonly around?: string | undefined;
  /** How often figures and accuracies are drawn, to see how sure the front is. */
  readonly draws?: number | undefined;
  /** Where runs run; default: on threads of this process. */
  readonly on?: Runner | undefined;
  readonly workers?: number | undefined;
  /** Called once, before the first design is tried. */
  readonly onStart?: ((start: SearchStart) => void) | undefined;
  readonly onProgress?: ((progress: SearchProgress) => void) | undefined;
}

export interface SearchStart {
  /** Designs in the space; undefined for more than a grid takes. */
  readonly designs: number | undefined;
  /** The most designs that the search tries; undefined where time alone bounds it. */
  readonly tried: number | undefined;
}

export interface SearchProgress {
  /** Designs with figures so far. */
  readonly designs: number;
  /** The runs that the search waits for now. */
  readonly runs: CellsProgress;
}

/** How many draws a search makes by default. */
export const usualDraws = 1000;

/** A search through a space: the designs that it asks for, their trials, and the store of their runs. */
export class DesignSearch {
  /** The options that apply to all designs. */
  readonly common: CommonChoice;
  readonly #experiment: Experiment;
  readonly #options: SearchOptions;
  readonly #space: Space;
  readonly #wanted: Wanted;
  readonly #seeds: readonly number[];
  readonly #trials: SharedTrials;
  readonly #store: RunStore;
  readonly #candidates = new Map<string, Candidate>();
  #begin: ((store: RunStore) => void) | undefined;

  /**
   * @param folder of the store
   * @throws PlasticoreError for a space that cannot be searched
   */
  constructor(
    experiment: Experiment,
    source: SpaceSource,
    options: SearchOptions,
    find: Find,
    folder: string,
  ) {
    const { hw, epochs, limit, encoder, validate, weights, inference, placement } = options;
    const { settings = noSettings, precision = experiment.spec.default.precision, data } = options;
    const common = { hw, epochs, limit, encoder, validate, weights, inference, placement };
    this.common = { ...common, settings };
    this.#experiment = experiment;
    this.#options = options;
    this.#space = new Space(source, settings, precision);
    checkChosen(this.#space.axes, { ...common, data }, { precision: options.precision });
    this.#wanted = {
      objectives: (options.objectives ?? this.#space.objectives).map((name) => objectives[name]),
      constraints: this.#space.constraints.map(readConstraint),
      draws: options.draws ?? usualDraws,
    };
    this.#seeds = [...new Set(options.seeds ?? [experiment.spec.default.seed])];
    this.#trials = new SharedTrials(new DesignLoader(experiment, this.common, find));
    this.#store = new RunStore(folder, data);
  }

  /**
   * Searches the space, and makes the runs that its designs need.
   *
   * @param begin called once, before the first run: a space that is refused has none, and leaves nothing
   * @throws PlasticoreError for a space without designs, a fault of all designs, or data that do not fit; the
   * signal's reason
   */
  async run(begin: (store: RunStore) => void): Promise<Exploration> {
    const { plan, around, seconds, signal, onStart } = this.#options;
    this.#begin = begin;
    const search = startSearch(this.#space, plan, (choice) => this.#candidateAt(choice).trial?.key);
    let asked = search.next([]);
    const centre = around === undefined ? undefined : this.#choiceNamed(around);
    await this.#checkData(asked.done === true ? undefined : asked.value[0]);
    const designs = countChoices(this.#space);
    const tried = Math.min(designs ?? Infinity, plan.designs ?? Infinity);
    onStart?.({ designs, tried: Number.isFinite(tried) ? tried : undefined });
    const timeUp = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
    const stop = AbortSignal.any([signal, timeUp].flatMap((one) => one ?? []));
    try {
      while (asked.done !== true) asked = search.next(await this.#try(asked.value, stop));
      if (centre !== undefined) await this.#try([centre, ...this.#neighboursOf(centre)], stop);
      await this.#repeat(stop);
    } catch (error) {
      if (timeUp?.aborted !== true || error !== timeUp.reason) throw error;
    }
    const found = this.#result();
    this.#beginOnce();
    return found;
  }

  /** A design that the search has tried. */
  designNamed(name: string): SpaceDesign {
    const candidate = this.#candidates.get(name);
    if (candidate === undefined) throw new Error(`no design ${name}`);
    return candidate.design;
  }

  #candidateAt(choice: Choice): Candidate {
    return candidateOf(this.#space.designAt(choice), this.#trials);
  }

  #beginOnce(): void {
    this.#begin?.(this.#store);
    this.#begin = undefined;
  }

  /**
   * Data that cannot be read, or do not fit the first design, are most likely a fault of the whole search.
   */
  async #checkData(first: Choice | undefined): Promise<void> {
    const { trial } = first === undefined ? {} : this.#candidateAt(first);
    if (trial === undefined) return;
    const cell = attempt(() => trial.compile(this.#seeds[0] ?? 0));
    if (!(cell instanceof PlasticoreError)) await this.#store.dataFor(trial, cell);
  }

  /** Makes the runs of some designs, and returns their costs. */
  async #try(choices: readonly Choice[], stop: AbortSignal): Promise<(Costs | undefined)[]> {
    const candidates = choices.map((choice) => {
      const { name } = this.#space.designAt(choice);
      const candidate = this.#candidates.get(name) ?? this.#candidateAt(choice);
      this.#candidates.set(name, candidate);
      return candidate;
    });
    await this.#complete(candidates, this.#seeds.slice(0, 1), stop);
    return candidates.map(({ result, missed }) =>
      result === undefined || result instanceof PlasticoreError || missed !== undefined
        ? undefined
        : costsOf(result.figures, this.#wanted.objectives),
    );
  }

  /**
   * Runs further seeds of the designs near the front. What they tell of the spread over seeds may bring others near it,
   * until all designs that may be on the front have run with all seeds.
   */
  async #repeat(stop: AbortSignal): Promise<void> {
    if (this.#seeds.length === 1) return;
    const all = [...this.#candidates.values()];
    for (;;) {
      const near = new Set(nearFront(all, this.#wanted).map(({ trial }) => trial));
      const left = all.filter(({ trial, seeds }) => near.has(trial) && seeds < this.#seeds.length);
      const runs = left.filter(({ result }) => !(result instanceof PlasticoreError));
      if (runs.length === 0) return;
      await this.#complete(runs, this.#seeds, stop);
    }
  }

  /** Makes the runs of some candidates with some seeds, and prices them. */
  async #complete(
    candidates: readonly Candidate[],
    seeds: readonly number[],
    stop: AbortSignal,
  ): Promise<void> {
    try {
      await this.#runTrials(new Set(candidates.flatMap(({ trial }) => trial ?? [])), seeds, stop);
    } finally {
      // Even if the time is up, designs whose runs are done have figures.
      for (const candidate of candidates) priceCandidate(candidate, this.#trials, this.#wanted.constraints);
    }
  }

  /** Completes trials with some seeds, from the store or by running them. A failed trial keeps its failure. */
  async #runTrials(
    trials: Iterable<SharedTrial>,
    seeds: readonly number[],
    stop: AbortSignal,
  ): Promise<void> {
    const { engine, workers, on, checkpointSeconds, onProgress } = this.#options;
    const runs: StoredRun[] = [];
    for (const trial of trials) {
      for (const seed of seeds) {
        if (trial.failure !== undefined || trial.runs.has(seed)) continue;
        // Let signals and timers run.
        await setImmediate();
        stop.throwIfAborted();
        const run = await this.#runOf(trial, seed);
        if (run instanceof PlasticoreError) trial.failure = run;
        else runs.push(run);
      }
    }
    if (runs.length === 0) return;
    this.#beginOnce();
    const left = runs.filter((run) => !this.#store.takeFinished(run));
    await this.#store.run(left, {
      engine,
      workers,
      on,
      checkpointSeconds,
      signal: stop,
      finished: runs.length - left.length,
      onProgress: (progress) => onProgress?.({ designs: this.#priced, runs: progress }),
    });
  }

  async #runOf(trial: SharedTrial, seed: number): Promise<StoredRun | PlasticoreError> {
    const found = await this.#store.identify(trial, seed);
    if (found instanceof PlasticoreError) return found;
    const { cell, identity } = found;
    const key = runKey(identity());
    trial.name = key;
    const priced = { image: { ...cell.image, contents: [] }, basis: costBasis(cell.image) };
    return {
      trial,
      seed,
      name: cellName(key, seed),
      label: cellLabel(cell),
      take: (outcome, folder = '') => {
        if ('failure' in outcome) trial.failure = outcome.failure;
        else trial.runs.set(seed, sharedRunIn(folder, outcome.report, priced));
      },
    };
  }

  get #priced(): number {
    return [...this.#candidates.values()].filter(({ result }) => result !== undefined).length;
  }

  /**
   * The choice of a design by its name.
   *
   * @throws PlasticoreError `usage` if there is no such design
   */
  #choiceNamed(name: string): Choice {
    const names = new Map(
      allChoices(this.#space).map((choice) => [this.#space.designAt(choice).name, choice]),
    );
    const choice = names.get(name);
    if (choice !== undefined) return choice;
    throw new PlasticoreError('usage', `the space has no design '${name}'`, {
      file: option('around'),
      hint: suggest(name, [...names.keys()]),
    });
  }

  /** The choices one step from a design along each axis. */
  #neighboursOf(choice: Choice): Choice[] {
    return this.#space.axes.flatMap(({ values }, axis) =>
      [-1, 1].flatMap((step) => {
        const position = (choice[axis] ?? 0) + step;
        const moved = choice.map((value, index) => (index === axis ? position : value));
        return position < 0 || position >= values.length || !this.#space.allows(moved) ? [] : [moved];
      }),
    );
  }

  #result(): Exploration {
    const { plan, validate } = this.#options;
    const candidates = [...this.#candidates.values()].filter(({ result }) => result !== undefined);
    throwCommonFault(candidates.map(({ result }) => result));
    const designs = listedDesigns(candidates, this.#wanted);
    return {
      schema: 'plasticore/explore/1',
      experiment: this.#experiment.spec.name,
      scoredOn: validate === undefined ? 'test' : 'validation',
      axes: this.#space.axes.map(({ name, path, values }) => ({ name, path, values })),
      objectives: this.#wanted.objectives,
      constraints: this.#wanted.constraints.map(({ formula }) => formula),
      search: { name: plan.search, seed: plan.seed, designs: plan.designs ?? null },
      seeds: this.#seeds,
      runs: this.#trials.runs,
      intervals: intervalsOf(candidates),
      designs,
      front: designs.flatMap(({ name, onFront }) => (onFront ? [name] : [])),
      draws: this.#wanted.draws,
    };
  }
}

/** A run of the store, for designs to share. */
function sharedRunIn(folder: string, report: Report, priced: Pick<SharedRun, 'image' | 'basis'>): SharedRun {
  const { phase } = scoredPhase(report);
  const { totalBits, inferenceBits } = report.memory;
  return sharedRun({
    ...priced,
    counts: readCounts(join(folder, runFiles.counts), priced.image),
    scored: { samples: phase.samples, accuracy: phase.accuracy },
    memory: { totalBits, inferenceBits },
    remarks: report.remarks.filter((remark) => !isAboutPrice(remark)),
  });
}
