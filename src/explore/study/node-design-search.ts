import { type Experiment, noSettings, sampleCount } from '../../experiment/index.ts';
import type { Costs, Exploration, SearchRound } from '../../report/index.ts';
import { attempt, type Find, option, PlasticoreError, suggest } from '../../text/index.ts';
import { type Constraint, costsOf, isAboutAccuracy, objectives, readConstraint } from '../pricing/index.ts';
import {
  allChoices,
  countChoices,
  type DesignRequest,
  firstChoice,
  runsLater,
  startSearch,
} from '../search/index.ts';
import { type Choice, checkChosen, Space, type SpaceDesign, type SpaceSource } from '../space/index.ts';
import { type Candidate, candidateOf, intervalsOf, priceCandidate } from './candidate.ts';
import { type CommonChoice, DesignLoader } from './design-loader.ts';
import { RunStore, throwCommonFault } from './node-run-store.ts';
import type { SearchOptions, SearchStart } from './node-search-options.ts';
import { completeTrials } from './node-trials.ts';
import { ofWhole, type Pace } from './pace.ts';
import { SharedTrials } from './shared-trials.ts';
import { listedDesigns, nearFront, type SearchGoals } from './sure-front.ts';

/** A grid of more designs is not counted in runs before it starts, which takes some milliseconds for each. */
const mostCounted = 3000;

/** How many draws a search makes by default. */
export const usualDraws = 1000;

/** How candidates are completed. */
interface Completing {
  readonly trials: SharedTrials;
  readonly seeds: readonly number[];
  readonly constraints: readonly Constraint[];
}

/** A search through a space: the designs that it asks for, their trials, and the store of their runs. */
export class DesignSearch {
  /** The options that apply to all designs. */
  readonly common: CommonChoice;
  readonly #experiment: Experiment;
  readonly #options: SearchOptions;
  readonly #space: Space;
  readonly #wanted: SearchGoals;
  readonly #seeds: readonly number[];
  readonly #find: Find;
  readonly #trials: SharedTrials;
  readonly #rounds: SearchRound[] = [];
  readonly #runKeys = new Map<string, string | undefined>();
  readonly #store: RunStore;
  readonly #candidates = new Map<string, Candidate>();
  #perPass = 0;
  /** Whether the search itself has asked for all seeds, and has spent what it may. */
  #hasRepeated = false;
  #pace: Pace | undefined;
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
    const { search } = options.plan;
    const fixed = { ...common, data, ...(search === 'forecast' && { limit: limit ?? 1 }) };
    checkChosen(this.#space.axes, fixed, { precision: options.precision });
    this.#wanted = {
      objectives: (options.objectives ?? this.#space.objectives).map((name) => objectives[name]),
      constraints: this.#space.constraints.map(readConstraint),
      draws: options.draws ?? usualDraws,
    };
    this.#seeds = [...new Set(options.seeds ?? [experiment.spec.default.seed])];
    this.#find = find;
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
    const designs = countChoices(this.#space);
    const { perPass, inAll } = await this.#samples();
    this.#perPass = perPass ?? 0;
    const search = startSearch(this.#space, plan, {
      runOf: (choice) => this.#runOf(choice),
      samples: this.#perPass,
      seeds: this.#seeds.length,
    });
    let asked = search.next([]);
    const centre = around === undefined ? undefined : this.#choiceNamed(around);
    const tried = Math.min(designs ?? Infinity, plan.designs ?? Infinity);
    const runs = plan.search === 'grid' ? this.#countRuns() : undefined;
    this.#pace = runs === undefined || inAll === undefined ? undefined : { runs, samples: inAll };
    const ofFew =
      plan.search === 'forecast' && asked.done !== true ? await this.#fewThenAll(asked.value) : {};
    onStart?.({
      ...{ designs, tried: Number.isFinite(tried) ? tried : undefined, runs, samples: inAll },
      ...ofFew,
    });
    const timeUp = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
    const stop = AbortSignal.any([signal, timeUp].flatMap((one) => one ?? []));
    try {
      while (asked.done !== true) asked = search.next(await this.#try(asked.value, stop));
      const around = centre === undefined ? [] : [centre, ...this.#space.neighboursOf(centre)];
      if (around.length > 0) await this.#try({ choices: around, share: 1 }, stop);
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

  /** Names the run of a choice, without keeping its chip. */
  #runOf(choice: Choice): string | undefined {
    const key = choice.join();
    if (!this.#runKeys.has(key)) this.#runKeys.set(key, this.#candidateAt(choice).trial?.key);
    return this.#runKeys.get(key);
  }

  /** How many runs all designs of the space take with one seed; undefined for too many to look at beforehand. */
  #countRuns(): number | undefined {
    const choices = allChoices(this.#space);
    if (choices.length > mostCounted) return undefined;
    return new Set(choices.flatMap((choice) => this.#runOf(choice) ?? [])).size;
  }

  /** The runs of a search by forecast, of which it tries some designs at first. */
  async #fewThenAll({ choices, share }: DesignRequest): Promise<Pick<SearchStart, 'runs' | 'few'>> {
    const runs = new Set(choices.flatMap((choice) => this.#runOf(choice) ?? [])).size;
    if (share === 1) return { runs };
    const { inAll } = await this.#samples(share);
    const { rounds, repeated } = runsLater(runs, share, this.#seeds.length);
    return {
      runs,
      few: { samples: inAll, runsLater: rounds.reduce((sum, more) => sum + more, 0), repeated },
    };
  }

  /**
   * The samples that the first design learns from in a pass, and those of its whole run. Data that cannot be read, or
   * do not fit it, are most likely a fault of the whole search.
   */
  async #samples(share = 1): Promise<{ readonly perPass?: number; readonly inAll?: number }> {
    const first = firstChoice(this.#space);
    const { trial } =
      first === undefined ? {} : candidateOf(this.#space.designAt(first), this.#trialsOf(share));
    if (trial === undefined) return {};
    const cell = attempt(() => trial.compile(this.#seeds[0] ?? 0));
    if (cell instanceof PlasticoreError) return {};
    const wantsAccuracy = this.#wanted.objectives.some(({ figure }) => figure === 'accuracy');
    if (cell.image.regression !== undefined && wantsAccuracy)
      throw new PlasticoreError(
        'usage',
        `accuracy cannot be wanted: program '${cell.image.program}' answers with numbers, which are not right or wrong`,
        { file: option('objectives'), hint: `for example ${option('objectives', 'energy,area')}` },
      );
    if (cell.life !== undefined && this.#options.plan.search === 'forecast')
      throw new PlasticoreError(
        'usage',
        'a life has its samples stage by stage: a forecast would need a part of them',
        {
          file: option('search'),
          hint: `${option('search', 'evolve')} looks at few designs, too`,
        },
      );
    const data = await this.#store.dataFor(trial, cell);
    return { perPass: data.train.count, inAll: sampleCount(cell, data) };
  }

  /** Trials that take a share of the samples. */
  #trialsOf(share: number): SharedTrials {
    if (share === 1) return this.#trials;
    const common = { ...this.common, limit: this.#limitOf(share) };
    return new SharedTrials(new DesignLoader(this.#experiment, common, this.#find));
  }

  #limitOf(share: number): number {
    return Math.max(1, Math.round(share * this.#perPass));
  }

  /** Makes the runs of some designs, and returns their costs. */
  async #try(
    { choices, share, seeds: asked }: DesignRequest,
    stop: AbortSignal,
  ): Promise<(Costs | undefined)[]> {
    const trials = this.#trialsOf(share);
    // Few samples do not say which accuracy a design reaches.
    const constraints = this.#wanted.constraints.filter((one) => share === 1 || !isAboutAccuracy(one));
    const candidates = choices.map((choice) => {
      const design = this.#space.designAt(choice);
      const candidate = (share === 1 && this.#candidates.get(design.name)) || candidateOf(design, trials);
      if (share === 1) this.#candidates.set(design.name, candidate);
      return candidate;
    });
    const before = trials.runs;
    const seeds = asked === 'all' ? this.#seeds : this.#seeds.slice(0, 1);
    await this.#complete(candidates, { trials, seeds, constraints }, stop);
    if (asked === 'all') this.#hasRepeated = true;
    if (this.#options.plan.search === 'forecast')
      this.#rounds.push({
        limit: this.#limitOf(share),
        designs: choices.length,
        runs: trials.runs - before,
        ...(asked === 'all' && { seeds: seeds.length }),
      });
    return candidates.map(({ result, refusal }) =>
      result === undefined || result instanceof PlasticoreError || refusal !== undefined
        ? undefined
        : costsOf(result.figures, this.#wanted.objectives),
    );
  }

  /**
   * Runs further seeds of the designs near the front. What they tell of the spread over seeds may bring others near it,
   * until all designs that may be on the front have run with all seeds.
   */
  async #repeat(stop: AbortSignal): Promise<void> {
    if (this.#seeds.length === 1 || this.#hasRepeated) return;
    const all = [...this.#candidates.values()];
    for (;;) {
      const near = new Set(nearFront(all, this.#wanted).map(({ trial }) => trial));
      const left = all.filter(({ trial, seeds }) => near.has(trial) && seeds < this.#seeds.length);
      const runs = left.filter(({ result }) => !(result instanceof PlasticoreError));
      if (runs.length === 0) return;
      const { constraints } = this.#wanted;
      await this.#complete(runs, { trials: this.#trials, seeds: this.#seeds, constraints }, stop);
    }
  }

  /** Makes the runs of some candidates with some seeds, and prices them. */
  async #complete(
    candidates: readonly Candidate[],
    { trials, seeds, constraints }: Completing,
    stop: AbortSignal,
  ): Promise<void> {
    const { engine, workers, on, checkpointSeconds, onProgress } = this.#options;
    const wanted = new Set(candidates.flatMap(({ trial }) => trial ?? []));
    const setting = { store: this.#store, begin: () => this.#beginOnce(), stop };
    const before = this.#trials.runs;
    try {
      await completeTrials(wanted, seeds, setting, {
        ...{ engine, workers, on, checkpointSeconds },
        onProgress: (progress) =>
          onProgress?.({ designs: this.#priced, runs: ofWhole(progress, before, this.#pace) }),
      });
    } finally {
      // Even if the time is up, designs whose runs are done have figures.
      const goals = { objectives: this.#wanted.objectives, constraints };
      for (const candidate of candidates) priceCandidate(candidate, trials, goals);
    }
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
      search: {
        name: plan.search,
        seed: plan.seed,
        designs: plan.designs ?? null,
        ...(this.#rounds.length > 0 && { rounds: this.#rounds }),
      },
      seeds: this.#seeds,
      runs: this.#trials.runs,
      intervals: intervalsOf(candidates),
      designs,
      front: designs.flatMap(({ name, onFront }) => (onFront ? [name] : [])),
      draws: this.#wanted.draws,
    };
  }
}
