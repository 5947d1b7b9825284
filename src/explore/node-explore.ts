import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type Experiment, noSettings, type ObjectiveName } from '../experiment/index.ts';
import {
  checkClaim,
  claimFolder,
  exploreFiles,
  type FolderRunOptions,
  removeDesigns,
  removeResults,
} from '../experiment/node.ts';
import { lockFolder, makeFolder, writeAtomically } from '../fs/index.ts';
import { type Exploration, exploreCsv, type Objective } from '../report/index.ts';
import { type Find, PlasticoreError, suggest } from '../text/index.ts';
import { checkChosen } from './axes.ts';
import { experimentOf } from './design-file.ts';
import { Functions } from './node-functions.ts';
import {
  attempt,
  exploredDesign,
  intervalsOf,
  type Looked,
  lookedAt,
  throwFaultOfAll,
} from './node-looked.ts';
import type { Runner } from './runner.ts';
import {
  allChoices,
  type Costs,
  frontOf,
  type Search,
  type SearchPlan,
  startSearch,
} from './search/index.ts';
import { checkNoJobs } from './slurm/node-slurm.ts';
import { type Choice, Space, type SpaceSource } from './space/index.ts';
import { checkConstraint, costsOf, frontShares, missedBy, objectives, priceDesign } from './study/index.ts';
import type { SweepChoice } from './sweep.ts';
import type { CellsProgress } from './tally.ts';

export interface ExploreOptions
  extends Omit<SweepChoice, 'precisions' | 'vary'>,
    Pick<
      FolderRunOptions,
      'data' | 'engine' | 'out' | 'resume' | 'overwrite' | 'checkpointSeconds' | 'signal'
    > {
  readonly plan: SearchPlan;
  /** The search starts no run after so many seconds; what has run by then counts. */
  readonly seconds?: number | undefined;
  /** Replaces the objectives of the space. */
  readonly objectives?: readonly ObjectiveName[] | undefined;
  /** Precision of all designs, where none is an axis; default: the experiment's own. */
  readonly precision?: string | undefined;
  /** Looks at all designs one step from this one, too. */
  readonly around?: string | undefined;
  /** How often figures are drawn within their intervals, to see how sure the front is. */
  readonly draws?: number | undefined;
  /** Where runs run; default: on threads of this process. */
  readonly on?: Runner | undefined;
  readonly workers?: number | undefined;
  readonly onProgress?: ((progress: ExploreProgress) => void) | undefined;
}

export interface ExploreProgress {
  /** Designs with figures so far. */
  readonly designs: number;
  /** The runs that the search waits for now. */
  readonly runs: CellsProgress;
}

/** What `explore` draws, unless it is told otherwise. */
export const usualDraws = 1000;

/**
 * Searches the space of an experiment for designs. What designs do is run once for each function and seed; what they cost
 * is priced from the counts of these runs. With `out`, runs are kept there, so that a search that was stopped goes on from
 * them, and another search finds them.
 *
 * A design that does not fit, or fails, is a result with its reason.
 *
 * @throws PlasticoreError for invalid input; `usage` if the folder holds something else; the signal's reason
 */
export async function explore(
  experiment: Experiment,
  source: SpaceSource,
  options: ExploreOptions,
  find: Find,
): Promise<Exploration> {
  const { out, resume = false, overwrite = false } = options;
  checkClaim(options, 'runs/designs');
  const study = new StudyOfSpace(experiment, source, options, find);
  if (out === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'plasticore-explore-'));
    try {
      await study.prepare(folder);
      return await study.complete();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const release = lockFolder(out);
  try {
    claimFolder(out, 'search', { resume, overwrite });
    if (options.on === undefined) checkNoJobs(out);
    await study.prepare(out);
    if (overwrite) removeResults(out);
    const { spec } = experiment;
    const head = { schema: 'plasticore/space/1', experiment: spec.name, ...source.spec };
    writeAtomically(join(out, exploreFiles.space), `${JSON.stringify(head, null, 2)}\n`);
    const found = await study.complete();
    writeAtomically(join(out, exploreFiles.json), `${JSON.stringify(found, null, 2)}\n`);
    writeAtomically(join(out, exploreFiles.csv), exploreCsv(found));
    study.writeFront(found, join(out, exploreFiles.designs));
    return found;
  } finally {
    release();
  }
}

/** A search that has asked for its first designs. */
interface Started {
  readonly functions: Functions;
  readonly search: Search;
  readonly asked: ReturnType<Search['next']>;
  /** The design whose neighbours are looked at, too. */
  readonly around: Choice | undefined;
}

class StudyOfSpace {
  readonly #experiment: Experiment;
  readonly #options: ExploreOptions;
  readonly #find: Find;
  readonly #space: Space;
  readonly #wanted: readonly Objective[];
  readonly #seeds: readonly number[];
  readonly #looked = new Map<string, Looked>();
  #started: Started | undefined;

  constructor(experiment: Experiment, source: SpaceSource, options: ExploreOptions, find: Find) {
    const { settings = noSettings, precision = experiment.spec.default.precision } = options;
    this.#experiment = experiment;
    this.#options = options;
    this.#find = find;
    this.#space = new Space(experiment, source, settings, precision);
    const { data } = options;
    checkChosen(this.#space.axes, { ...this.#choice, data }, { precision: options.precision });
    this.#wanted = (options.objectives ?? this.#space.objectives).map((name) => objectives[name]);
    this.#seeds = [...new Set(options.seeds ?? [experiment.spec.default.seed])];
    for (const { formula, place } of this.#space.constraints) checkConstraint(formula, place);
  }

  /**
   * Finds what is wrong with the whole search before anything is run or removed.
   *
   * @param folder of results
   * @throws PlasticoreError for a space without designs, a fault of all of its first designs, data that do not fit
   */
  async prepare(folder: string): Promise<void> {
    const { plan, around } = this.#options;
    const { settings = noSettings, data } = this.#options;
    const study = {
      experiment: this.#experiment,
      choice: this.#choice,
      settings,
      seeds: this.#seeds,
      data,
      folder: join(folder, exploreFiles.runs),
    };
    const functions = new Functions(study, this.#find);
    const search = startSearch(this.#space, plan, (choice) => {
      const loaded = attempt(() => functions.load(this.#space.designAt(choice)));
      return loaded instanceof PlasticoreError ? undefined : loaded.shared.key;
    });
    const asked = search.next([]);
    this.#started = {
      functions,
      search,
      asked,
      around: around === undefined ? undefined : this.#choiceNamed(around),
    };
    const [first] = asked.done === true ? [] : asked.value;
    if (first === undefined) return;
    const loaded = attempt(() => functions.load(this.#space.designAt(first)));
    if (!(loaded instanceof PlasticoreError)) await functions.check(loaded.shared);
  }

  async complete(): Promise<Exploration> {
    const { seconds, signal } = this.#options;
    const { search, asked: first, around } = this.#startedSearch;
    const timeUp = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
    const stop = AbortSignal.any([signal, timeUp].flatMap((one) => one ?? []));
    try {
      for (let asked = first; asked.done !== true; ) {
        asked = search.next(await this.#look(asked.value, stop));
      }
      if (around !== undefined) await this.#look([around, ...this.#neighboursOf(around)], stop);
    } catch (error) {
      if (timeUp?.aborted !== true || error !== timeUp.reason) throw error;
    }
    return this.#result();
  }

  /** Everything that applies to all designs. */
  get #choice() {
    const { hw, epochs, limit, encoder, validate, weights, inference, placement } = this.#options;
    return { hw, epochs, limit, encoder, validate, weights, inference, placement };
  }

  /** Looks at some designs, and says what they cost. */
  async #look(choices: readonly Choice[], stop: AbortSignal): Promise<(Costs | undefined)[]> {
    const { functions } = this.#startedSearch;
    const looked = choices.map((choice) => {
      const design = this.#space.designAt(choice);
      const one = this.#looked.get(design.name) ?? lookedAt(design, functions);
      this.#looked.set(design.name, one);
      return one;
    });
    const shared = looked.flatMap((one) => one.shared ?? []);
    const { engine, workers, on, checkpointSeconds, onProgress } = this.#options;
    try {
      await functions.run(shared, {
        engine,
        workers,
        on,
        checkpointSeconds,
        signal: stop,
        onProgress: (runs) => onProgress?.({ designs: this.#priced, runs }),
      });
    } finally {
      // Also if the time is up: what has run has figures.
      for (const one of looked) this.#price(one);
    }
    return looked.map(({ result, missed }) =>
      result === undefined || result instanceof PlasticoreError || missed !== undefined
        ? undefined
        : costsOf(result.figures, this.#wanted),
    );
  }

  get #startedSearch(): Started {
    if (this.#started === undefined) throw new Error('the search is not prepared');
    return this.#started;
  }

  get #priced(): number {
    return [...this.#looked.values()].filter(({ result }) => result !== undefined).length;
  }

  #price(one: Looked): void {
    const { hw, shared } = one;
    if (hw === undefined || shared === undefined) return;
    if (shared.failure !== undefined) one.result = shared.failure;
    else if (this.#seeds.every((seed) => shared.runs.has(seed))) {
      const runs = this.#seeds.flatMap((seed) => shared.runs.get(seed) ?? []);
      const priced = attempt(() => priceDesign(hw, runs));
      one.result = priced;
      if (!(priced instanceof PlasticoreError))
        one.missed = missedBy(priced.figures, this.#space.constraints);
    }
    if (one.result !== undefined) one.hw = undefined;
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
      file: '--around',
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
    const { plan, validate, draws = usualDraws } = this.#options;
    const looked = [...this.#looked.values()].filter(({ result }) => result !== undefined);
    throwFaultOfAll(looked);
    const designs = looked.map(exploredDesign);
    const done = designs.flatMap((design, index) => (design.status === 'done' ? [index] : []));
    const rated = done.flatMap((index) => designs[index] ?? []);
    const front = new Set(
      frontOf(rated.map(({ figures }) => costsOf(figures, this.#wanted))).flatMap((at) => done[at] ?? []),
    );
    const intervals = intervalsOf(looked);
    const shares = frontShares(
      done.flatMap((index) => {
        const [design, one] = [designs[index], looked[index]];
        return design === undefined || one === undefined ? [] : [{ ...design, intervals: one.intervals }];
      }),
      this.#wanted,
      draws,
    );
    const shareOf = new Map(done.map((index, position) => [index, shares[position] ?? 0]));
    return {
      schema: 'plasticore/explore/1',
      experiment: this.#experiment.spec.name,
      scoredOn: validate === undefined ? 'test' : 'validation',
      axes: this.#space.axes.map(({ name, path, values }) => ({ name, path, values })),
      objectives: this.#wanted,
      constraints: this.#space.constraints.map(({ formula }) => formula),
      search: { name: plan.search, seed: plan.seed, designs: plan.designs ?? null },
      seeds: this.#seeds,
      runs: this.#startedSearch.functions.runs,
      intervals,
      designs: designs.map((design, index) => ({
        ...design,
        onFront: front.has(index),
        frontShare: shareOf.get(index) ?? null,
      })),
      front: designs.flatMap(({ name }, index) => (front.has(index) ? [name] : [])),
      draws,
    };
  }

  /** Writes each design of the front as an experiment, in place of those that a search has left. */
  writeFront({ front }: Exploration, folder: string): void {
    removeDesigns(folder);
    makeFolder(folder);
    const choice = { ...this.#choice, settings: this.#options.settings };
    for (const name of front) {
      const design = this.#looked.get(name)?.design;
      if (design === undefined) continue;
      const text = experimentOf(this.#experiment, choice, design, (reference, from) => {
        const path = isAbsolute(reference) ? reference : join(from === '' ? '.' : dirname(from), reference);
        const moved = isAbsolute(reference) ? path : relative(resolve(folder), resolve(path));
        return moved.startsWith('.') || isAbsolute(moved) ? moved : `./${moved}`;
      });
      writeAtomically(join(folder, `${name}.yaml`), text);
    }
  }
}
