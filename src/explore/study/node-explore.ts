import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type Experiment, noSettings, sampleCount } from '../../experiment/index.ts';
import { checkClaim, type FolderRunOptions, removeDesigns, studyFiles } from '../../experiment/node.ts';
import { makeFolder, writeAtomically } from '../../fs/index.ts';
import type { ObjectiveName, StudyReport } from '../../report/index.ts';
import { attempt, type Find, option, PlasticoreError, suggest } from '../../text/index.ts';
import { objectives, readConstraint } from '../pricing/index.ts';
import type { CellsProgress } from '../runs/runner.ts';
import {
  allChoices,
  countChoices,
  type DesignRequest,
  firstChoice,
  runsLater,
  type SearchPlan,
  startSearch,
} from '../search/index.ts';
import { type Choice, checkChosen, experimentOf, Space, type SpaceSource } from '../space/index.ts';
import { candidateOf } from './candidate.ts';
import type { CommonChoice } from './design-loader.ts';
import { RunStore, type StudyRunOptions } from './node-run-store.ts';
import { type GridSize, limitOf, ofWhole, Study, type StudySubject, trialsOf } from './node-study.ts';
import { type FolderChoice, StudyFolder } from './node-study-folder.ts';

export interface ExploreOptions
  extends CommonChoice,
    FolderChoice,
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
  /** The runs that all designs share, with the first seed; undefined if the search does not look at all of them. */
  readonly runs: number | undefined;
  /** Samples of a run, learned and scored, taken from the first design; undefined if that does not compile. */
  readonly samples: number | undefined;
  /**
   * Of a search by forecast: all `runs` take few samples first, and only so many of them take all later, some of these
   * with all seeds.
   */
  readonly few?: {
    readonly samples: number | undefined;
    readonly runsLater: number;
    readonly repeated: number;
  };
}

export interface SearchProgress {
  /** Designs with figures so far. */
  readonly designs: number;
  /** The runs that the search waits for; of a grid, all of them. */
  readonly runs: CellsProgress;
  /** At the speed so far, if each design that the search may still try takes a run; of a grid, `runs` say it. */
  readonly mostSecondsLeft?: number | undefined;
}

/** A grid of more designs is not counted in runs before it starts, which takes some milliseconds for each. */
const mostCounted = 3000;

/** How many draws a search makes by default. */
export const usualDraws = 1000;

/**
 * Searches the space of an experiment for designs. Designs that do the same share one run for each seed;
 * their costs are priced from its counts. With `out`, runs are kept there, so that a search that was stopped
 * continues from them, and another search finds them.
 *
 * A design that does not fit, or fails, is a result with its reason.
 *
 * @throws PlasticoreError for invalid input, a space without designs, or a fault of all designs; `usage` if the folder
 * holds something else; the signal's reason
 */
export async function explore(
  experiment: Experiment,
  source: SpaceSource,
  options: ExploreOptions,
  find: Find,
): Promise<StudyReport> {
  checkClaim(options, 'runs/designs');
  const { out } = options;
  const subject = subjectOf(experiment, source, options, find);
  if (out === undefined) {
    const runs = mkdtempSync(join(tmpdir(), 'plasticore-explore-'));
    try {
      return (await search(subject, options, runs, () => undefined)).report();
    } finally {
      rmSync(runs, { recursive: true, force: true });
    }
  }
  const folder = new StudyFolder(out, options, source, experiment);
  try {
    const study = await search(subject, options, join(out, studyFiles.runs), () => folder.begin());
    const found = study.report();
    folder.begin();
    folder.write(found);
    writeFront(found, subject, study, join(out, studyFiles.designs));
    return found;
  } finally {
    folder.close();
  }
}

/** @throws PlasticoreError for a space that cannot be searched */
function subjectOf(
  experiment: Experiment,
  source: SpaceSource,
  options: ExploreOptions,
  find: Find,
): StudySubject {
  const { hw, epochs, limit, encoder, validate, weights, inference, placement, plan } = options;
  const { settings = noSettings, precision = experiment.spec.default.precision, data } = options;
  const common = { hw, epochs, limit, encoder, validate, weights, inference, placement };
  const space = new Space(source, settings, precision);
  const fixed = { ...common, data, ...(plan.search === 'forecast' && { limit: limit ?? 1 }) };
  checkChosen(space.axes, fixed, { precision: options.precision });
  return {
    ...{ experiment, space, find },
    common: { ...common, settings },
    goals: {
      objectives: (options.objectives ?? space.objectives).map((name) => objectives[name]),
      constraints: space.constraints.map(readConstraint),
      draws: options.draws ?? usualDraws,
    },
    seeds: [...new Set(options.seeds ?? [experiment.spec.default.seed])],
    sharesRuns: true,
    search: { name: plan.search, seed: plan.seed, designs: plan.designs ?? null },
  };
}

/**
 * Searches until the search ends, or the time is up.
 *
 * @param folder of the runs
 * @param begin called before the first run: a space that is refused has none, and leaves nothing
 */
async function search(
  subject: StudySubject,
  options: ExploreOptions,
  folder: string,
  begin: () => void,
): Promise<Study> {
  const { plan, around, seconds, signal, onStart, onProgress } = options;
  const { engine, workers, on, checkpointSeconds } = options;
  const { space, seeds } = subject;
  const store = new RunStore(folder, options.data);
  const designs = countChoices(space);
  const { perPass = 0, inAll } = await samplesOf(subject, store);
  const study = new Study(subject, store, perPass);
  const runOf = namesOfRuns(subject);
  const searching = startSearch(space, plan, { runOf, samples: perPass, seeds: seeds.length });
  const asked = searching.next([]);
  const centre = around === undefined ? undefined : choiceNamed(around, space);
  const tried = Math.min(designs ?? Infinity, plan.designs ?? Infinity);
  const runs =
    plan.search === 'grid' && (designs ?? Infinity) <= mostCounted
      ? new Set(allChoices(space).flatMap((choice) => runOf(choice) ?? [])).size
      : undefined;
  const pace: GridSize | undefined =
    runs === undefined || inAll === undefined ? undefined : { runs, samples: inAll };
  const ofFew =
    plan.search === 'forecast' && asked.done !== true
      ? await fewThenAll(asked.value, subject, { store, runOf, perPass })
      : {};
  onStart?.({
    ...{ designs, tried: Number.isFinite(tried) ? tried : undefined, runs, samples: inAll },
    ...ofFew,
  });
  const timeUp = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
  // Forecasts run designs twice, neighbours come after the search, and a search of so many seconds ends by them.
  const isBounded =
    pace === undefined && plan.search !== 'forecast' && around === undefined && seconds === undefined;
  let before = 0;
  const running: StudyRunOptions = {
    ...{ engine, workers, on, checkpointSeconds },
    stop: AbortSignal.any([signal, timeUp].flatMap((one) => one ?? [])),
    begin: () => {
      before = study.runs;
      begin();
    },
    onProgress(progress) {
      const left = ((tried - study.known) * (inAll ?? Number.NaN)) / progress.samplesPerSecond;
      onProgress?.({
        ...{ designs: study.known, runs: ofWhole(progress, before, pace) },
        ...(isBounded && Number.isFinite(left) && { mostSecondsLeft: left }),
      });
    },
  };
  try {
    const near = centre === undefined ? [] : [centre, ...space.neighboursOf(centre)];
    await study.answer(searching, asked, near, running);
  } catch (error) {
    if (timeUp?.aborted !== true || error !== timeUp.reason) throw error;
  }
  return study;
}

/** Names the run of a choice, without keeping its chip. */
function namesOfRuns(subject: StudySubject): (choice: Choice) => string | undefined {
  const trials = trialsOf(subject);
  const keys = new Map<string, string | undefined>();
  return (choice) => {
    const own = choice.join();
    if (!keys.has(own)) keys.set(own, candidateOf(subject.space.designAt(choice), trials).trial?.key);
    return keys.get(own);
  };
}

/** The runs of a search by forecast, of which it tries some designs at first. */
async function fewThenAll(
  { choices, share }: DesignRequest,
  subject: StudySubject,
  {
    store,
    runOf,
    perPass,
  }: {
    readonly store: RunStore;
    readonly runOf: (choice: Choice) => string | undefined;
    readonly perPass: number;
  },
): Promise<Pick<SearchStart, 'runs' | 'few'>> {
  const runs = new Set(choices.flatMap((choice) => runOf(choice) ?? [])).size;
  if (share === 1) return { runs };
  const limit = limitOf(share, perPass);
  const { inAll } = await samplesOf({ ...subject, common: { ...subject.common, limit } }, store);
  const { rounds, repeated } = runsLater(runs, share, subject.seeds.length);
  return {
    runs,
    few: { samples: inAll, runsLater: rounds.reduce((sum, more) => sum + more, 0), repeated },
  };
}

/**
 * The samples that the first design learns from in a pass, and those of its whole run. Data that cannot be read, or do
 * not fit it, are most likely a fault of the whole search.
 */
async function samplesOf(
  subject: StudySubject,
  store: RunStore,
): Promise<{ readonly perPass?: number; readonly inAll?: number }> {
  const { space, seeds, goals, search: plan } = subject;
  const first = firstChoice(space);
  const { trial } = first === undefined ? {} : candidateOf(space.designAt(first), trialsOf(subject));
  if (trial === undefined) return {};
  const cell = attempt(() => trial.compile(seeds[0] ?? 0));
  if (cell instanceof PlasticoreError) return {};
  const wantsAccuracy = goals.objectives.some(({ figure }) => figure === 'accuracy');
  if (cell.image.regression !== undefined && wantsAccuracy)
    throw new PlasticoreError(
      'usage',
      `accuracy cannot be wanted: program '${cell.image.program}' answers with numbers, which are not right or wrong`,
      { file: option('objectives'), hint: `for example ${option('objectives', 'energy,area')}` },
    );
  if (cell.life !== undefined && plan.name === 'forecast')
    throw new PlasticoreError(
      'usage',
      'a life has its samples stage by stage: a forecast would need a part of them',
      {
        file: option('search'),
        hint: `${option('search', 'evolve')} looks at few designs, too`,
      },
    );
  const data = await store.dataFor(trial, cell);
  return { perPass: data.train.count, inAll: sampleCount(cell, data) };
}

/**
 * The choice of a design by its name.
 *
 * @throws PlasticoreError `usage` if there is no such design
 */
function choiceNamed(name: string, space: Space): Choice {
  const names = new Map(allChoices(space).map((choice) => [space.designAt(choice).name, choice]));
  const choice = names.get(name);
  if (choice !== undefined) return choice;
  throw new PlasticoreError('usage', `the space has no design '${name}'`, {
    file: option('around'),
    hint: suggest(name, [...names.keys()]),
  });
}

/** Writes each design of the front as an experiment, in place of those of an earlier search. */
function writeFront(
  { front }: StudyReport,
  { experiment, common }: StudySubject,
  study: Study,
  folder: string,
): void {
  removeDesigns(folder);
  makeFolder(folder);
  for (const name of front) {
    const text = experimentOf(experiment, common, study.designNamed(name), (reference, from) => {
      const path = isAbsolute(reference) ? reference : join(from === '' ? '.' : dirname(from), reference);
      const moved = isAbsolute(reference) ? path : relative(resolve(folder), resolve(path));
      return moved.startsWith('.') || isAbsolute(moved) ? moved : `./${moved}`;
    });
    writeAtomically(join(folder, `${name}.yaml`), text);
  }
}
