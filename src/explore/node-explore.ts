import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import {
  describeSettings,
  type Experiment,
  joinSettings,
  noSettings,
  type ObjectiveName,
} from '../experiment/index.ts';
import {
  checkClaim,
  claimFolder,
  exploreFiles,
  type FolderRunOptions,
  removeDesigns,
  removeResults,
} from '../experiment/node.ts';
import { lockFolder, makeFolder, writeAtomically } from '../fs/index.ts';
import { exact, type Interval } from '../hardware/index.ts';
import {
  type Exploration,
  type ExploredDesign,
  exploreCsv,
  noFigures,
  type Objective,
  spread,
} from '../report/index.ts';
import { type Find, PlasticoreError } from '../text/index.ts';
import { reasonOf } from './compare.ts';
import { experimentOf } from './design-file.ts';
import { Functions, type LoadedDesign } from './node-functions.ts';
import type { Runner } from './runner.ts';
import { type Costs, frontOf, type SearchPlan, startSearch } from './search/index.ts';
import { checkNoJobs } from './slurm/node-slurm.ts';
import { type Choice, Space, type SpaceDesign, type SpaceSource } from './space/index.ts';
import { costsOf, frontShares, missedBy, objectives, type PricedDesign, priceDesign } from './study/index.ts';
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
      return await study.complete(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const release = lockFolder(out);
  try {
    claimFolder(out, 'search', { resume, overwrite });
    if (options.on === undefined) checkNoJobs(out);
    if (overwrite) removeResults(out);
    const { spec } = experiment;
    const head = { schema: 'plasticore/space/1', experiment: spec.name, ...source.spec };
    writeAtomically(join(out, exploreFiles.space), `${JSON.stringify(head, null, 2)}\n`);
    const found = await study.complete(out);
    writeAtomically(join(out, exploreFiles.json), `${JSON.stringify(found, null, 2)}\n`);
    writeAtomically(join(out, exploreFiles.csv), exploreCsv(found));
    study.writeFront(found, join(out, exploreFiles.designs));
    return found;
  } finally {
    release();
  }
}

/** A design that a search has asked for. */
interface Looked {
  readonly design: SpaceDesign;
  readonly loaded: LoadedDesign | PlasticoreError;
  result: PricedDesign | PlasticoreError | undefined;
  missed: string | undefined;
}

class StudyOfSpace {
  readonly #experiment: Experiment;
  readonly #options: ExploreOptions;
  readonly #find: Find;
  readonly #space: Space;
  readonly #wanted: readonly Objective[];
  readonly #looked = new Map<string, Looked>();
  #functions: Functions | undefined;

  constructor(experiment: Experiment, source: SpaceSource, options: ExploreOptions, find: Find) {
    const { settings = noSettings, precision = experiment.spec.default.precision } = options;
    this.#experiment = experiment;
    this.#options = options;
    this.#find = find;
    this.#space = new Space(experiment, source, settings, precision);
    this.#wanted = (options.objectives ?? this.#space.objectives).map((name) => objectives[name]);
  }

  async complete(folder: string): Promise<Exploration> {
    const { plan, seconds, signal, around } = this.#options;
    const { settings = noSettings, seeds = [this.#experiment.spec.default.seed], data } = this.#options;
    const runs = join(folder, exploreFiles.runs);
    const study = { experiment: this.#experiment, choice: this.#choice, settings, seeds, data, folder: runs };
    const functions = new Functions(study, this.#find);
    this.#functions = functions;
    const timeUp = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
    const stop = AbortSignal.any([signal, timeUp].flatMap((one) => one ?? []));
    try {
      const search = startSearch(this.#space, plan);
      for (let asked = search.next([]); asked.done !== true; ) {
        asked = search.next(await this.#look(asked.value, stop));
      }
      if (around !== undefined) await this.#look(this.#neighboursOf(around), stop);
    } catch (error) {
      if (timeUp?.aborted !== true || error !== timeUp.reason) throw error;
    }
    return this.#result(seeds);
  }

  /** Everything that applies to all designs. */
  get #choice() {
    const { hw, epochs, limit, encoder, validate, weights, inference, placement } = this.#options;
    return { hw, epochs, limit, encoder, validate, weights, inference, placement };
  }

  /** Looks at some designs, and says what they cost. */
  async #look(choices: readonly Choice[], stop: AbortSignal): Promise<(Costs | undefined)[]> {
    const functions = this.#functionsInUse;
    const looked = choices.map((choice) => {
      const design = this.#space.designAt(choice);
      const one = this.#looked.get(design.name) ?? {
        design,
        loaded: attempt(() => functions.load(design)),
        result: undefined,
        missed: undefined,
      };
      this.#looked.set(design.name, one);
      return one;
    });
    const shared = looked.flatMap(({ loaded }) => (loaded instanceof PlasticoreError ? [] : [loaded.shared]));
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

  get #functionsInUse(): Functions {
    if (this.#functions === undefined) throw new Error('nothing is explored yet');
    return this.#functions;
  }

  get #priced(): number {
    return [...this.#looked.values()].filter(({ result }) => result !== undefined).length;
  }

  #price(one: Looked): void {
    const { loaded } = one;
    if (one.result !== undefined) return;
    if (loaded instanceof PlasticoreError) {
      one.result = loaded;
      return;
    }
    const { hw, shared } = loaded;
    const { seeds = [this.#experiment.spec.default.seed] } = this.#options;
    if (shared.failure !== undefined) one.result = shared.failure;
    else if (seeds.every((seed) => shared.runs.has(seed))) {
      const runs = seeds.flatMap((seed) => shared.runs.get(seed) ?? []);
      const priced = attempt(() => priceDesign(hw, runs));
      one.result = priced;
      if (!(priced instanceof PlasticoreError))
        one.missed = missedBy(priced.figures, this.#space.constraints);
    }
  }

  /**
   * The choices one step from a design along each axis.
   *
   * @throws PlasticoreError `usage` if it was not looked at
   */
  #neighboursOf(name: string): Choice[] {
    const chosen = this.#looked.get(name);
    if (chosen === undefined)
      throw new PlasticoreError('usage', `no design that the search has looked at is called '${name}'`, {
        file: '--around',
        hint: `names are in ${exploreFiles.csv}`,
      });
    const { choice } = chosen.design;
    return this.#space.axes.flatMap(({ values }, axis) =>
      [-1, 1].flatMap((step) => {
        const position = (choice[axis] ?? 0) + step;
        const moved = choice.map((value, index) => (index === axis ? position : value));
        return position < 0 || position >= values.length || !this.#space.allows(moved) ? [] : [moved];
      }),
    );
  }

  #result(seeds: readonly number[]): Exploration {
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
    const shares = frontShares(rated, this.#wanted, intervals, draws);
    const shareOf = new Map(done.map((index, position) => [index, shares[position] ?? 0]));
    return {
      schema: 'plasticore/explore/1',
      experiment: this.#experiment.spec.name,
      scoredOn: validate === undefined ? 'test' : 'validation',
      axes: this.#space.axes.map(({ name, path, values }) => ({ name, path, values })),
      objectives: this.#wanted,
      constraints: this.#space.constraints.map(({ formula }) => formula),
      search: { name: plan.search, seed: plan.seed, designs: plan.designs ?? null },
      seeds,
      runs: this.#functionsInUse.runs,
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

/** What is wrong with every design is wrong with the space. */
function throwFaultOfAll(looked: readonly Looked[]): void {
  const faults = looked.flatMap(({ result }) =>
    result instanceof PlasticoreError && result.code !== 'fit' ? [result] : [],
  );
  if (faults[0] !== undefined && faults.length === looked.length) throw faults[0];
}

function exploredDesign({ design, loaded, result, missed }: Looked): ExploredDesign {
  const { name, precision, values, settings } = design;
  const common = { name, precision, values, settings: describeSettings(joinSettings(settings)) };
  const notYet = { onFront: false, frontShare: null };
  if (result === undefined || result instanceof PlasticoreError) {
    return {
      ...common,
      status: result?.code === 'fit' ? 'misfit' : 'failed',
      reason: result === undefined ? 'not finished' : reasonOf(result),
      run: null,
      figures: noFigures,
      accuracySpread: spread([]),
      parts: null,
      remarks: [],
      ...notYet,
    };
  }
  const { figures, accuracySpread, parts, remarks } = result;
  return {
    ...common,
    status: missed === undefined ? 'done' : 'outside',
    reason: missed === undefined ? null : `misses ${missed}`,
    run: loaded instanceof PlasticoreError ? null : (loaded.shared.name ?? null),
    figures,
    accuracySpread,
    parts,
    remarks,
    ...notYet,
  };
}

/** Of all sources whose figures any design uses, those that are not exact. */
function intervalsOf(looked: readonly Looked[]): Record<string, Interval> {
  const all = looked.flatMap(({ loaded }) =>
    loaded instanceof PlasticoreError ? [] : Object.entries(loaded.hw.figures.intervals),
  );
  const sorted = [...new Map(all)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.filter(([, { low, high }]) => low !== exact.low || high !== exact.high));
}

function attempt<T>(action: () => T): T | PlasticoreError {
  try {
    return action();
  } catch (error) {
    if (error instanceof PlasticoreError) return error;
    throw error;
  }
}
