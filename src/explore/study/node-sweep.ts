import { join } from 'node:path';
import { compilerVersion } from '../../compiler/index.ts';
import { checkEngine, defaultEngine } from '../../engine/index.ts';
import type { Experiment } from '../../experiment/index.ts';
import {
  checkClaim,
  claimFolder,
  type FolderRunOptions,
  removeResults,
  sweepFiles,
} from '../../experiment/node.ts';
import { findFile, lockFolder } from '../../fs/index.ts';
import type { Sweep } from '../../report/index.ts';
import { type Find, PlasticoreError, tableOf } from '../../text/index.ts';
import type { CellOutcome } from '../runs/node-run-cells.ts';
import type { Runner } from '../runs/runner.ts';
import { checkNoJobs } from '../runs/slurm/node-slurm.ts';
import type { CellsProgress } from '../runs/tally.ts';
import { checkChosen } from '../space/index.ts';
import { type Design, type Designs, type SweepChoice, sweepDesigns } from './design-loader.ts';
import { readPlan, writePlan } from './node-plan.ts';
import { RunStore, type StoredRun, throwCommonFault } from './node-run-store.ts';
import { LiveSummary, sumUp } from './node-summary.ts';
import {
  cellsOf,
  checkDesigns,
  checkHead,
  type DesignPlan,
  type Extent,
  joinExtents,
  planSchema,
  refusalOf,
  type SweepPlan,
} from './sweep-plan.ts';

export interface SweepOptions
  extends SweepChoice,
    Pick<
      FolderRunOptions,
      'data' | 'engine' | 'out' | 'resume' | 'overwrite' | 'record' | 'checkpointSeconds' | 'signal'
    > {
  /** Where cells run; default: on threads of this process. */
  readonly on?: Runner | undefined;
  /** Number of these threads; default: one for each processor. */
  readonly workers?: number | undefined;
  readonly onStart?: ((start: SweepStart) => void) | undefined;
  readonly onProgress?: ((progress: CellsProgress) => void) | undefined;
}

/** The state of a sweep at its start. */
export interface SweepStart {
  /** Requested cells that compile, and how many of them were already finished. */
  readonly cells: number;
  readonly finished: number;
  /**
   * Cells of earlier sweeps in the same folder that are not requested now, and how many of them are
   * unfinished.
   */
  readonly others: number;
  readonly unfinishedOthers: number;
}

/** The work of a sweep: the plan of its folder, the designs in it, and which of their cells to run. */
interface Work {
  readonly plan: SweepPlan;
  readonly designs: readonly Design[];
  /** Names of requested cells that compile. */
  readonly requested: ReadonlySet<string>;
}

/**
 * Runs a sweep: all its cells on worker threads, with their results and the summary in `out` (see
 * node-layout.ts).
 *
 * A design that does not compile, or a run that fails, becomes a row with its reason; the others continue. A
 * folder with results is rejected unless `resume` or `overwrite` is given. `resume` skips finished cells. It
 * may request other precisions, seeds and axis values than before; the folder and the result then contain all
 * of them, with earlier cells that were not finished and not requested again as `unfinished`.
 *
 * @throws PlasticoreError for invalid input, or if every design fails for a reason other than not fitting;
 * `usage` if the folder holds another sweep or one that is running; the signal's reason
 */
export async function runSweep(
  experiment: Experiment,
  options: SweepOptions = {},
  find: Find = findFile,
): Promise<Sweep> {
  const { out, resume = false, overwrite = false } = options;
  checkClaim(options, 'runs/sweep');
  const asked = sweepDesigns(experiment, options, find);
  checkChosen(asked.axes, { data: options.data });
  checkEngine(options.engine ?? defaultEngine);
  const store = new RunStore(out && join(out, sweepFiles.cells), options.data, options.record);
  if (out === undefined)
    return complete(await prepare(experiment, asked, store, options, find), store, options);
  const release = lockFolder(out);
  try {
    claimFolder(out, 'sweep', { resume, overwrite });
    if (options.on === undefined) checkNoJobs(out);
    const work = await prepare(experiment, asked, store, options, find);
    if (overwrite) removeResults(out);
    writePlan(join(out, sweepFiles.plan), work.plan);
    return await complete(work, store, options);
  } finally {
    release();
  }
}

/**
 * Examines all designs that the folder will hold. Designs already in the folder must give the same result as
 * before.
 *
 * @throws PlasticoreError for invalid input; `usage` if the folder holds another sweep
 */
async function prepare(
  experiment: Experiment,
  asked: Designs,
  store: RunStore,
  options: SweepOptions,
  find: Find,
): Promise<Work> {
  const { out, record, overwrite = false, seeds = experiment.spec.seeds } = options;
  const path = out === undefined ? '' : join(out, sweepFiles.plan);
  const before = out === undefined || overwrite ? undefined : readPlan(path);
  const head = {
    plasticore: compilerVersion,
    experiment: experiment.spec.name,
    scoredOn: options.validate === undefined ? ('test' as const) : ('validation' as const),
    record: record ?? null,
  };
  const extentAsked = {
    precisions: [...new Set(asked.designs.map(({ precision }) => precision))],
    seeds: [...new Set(seeds)],
    axes: asked.axes.map(({ path: axis, values }) => ({ path: axis, values })),
  };
  if (before !== undefined) checkHead(before, { ...head, ...extentAsked }, path);
  const extent = before === undefined ? extentAsked : joinExtents(before, extentAsked, extentOf(experiment));
  const askedNames = new Set(asked.designs.map(({ name }) => name));
  const vary = asked.axes.map((axis) => ({
    ...axis,
    values: extent.axes.find((one) => one.path === axis.path)?.values ?? axis.values,
  }));
  const designs = sweepDesigns(
    experiment,
    { ...options, precisions: extent.precisions, vary },
    find,
  ).designs.filter(({ name }) => askedNames.has(name) || before?.designs[name] !== undefined);
  const contents = await examine(designs, store, out !== undefined);
  const plans = tableOf<DesignPlan>();
  for (const [{ name, precision, values }, content] of contents) {
    const own = new Set([
      ...(before?.designs[name]?.seeds ?? []),
      ...(askedNames.has(name) ? extentAsked.seeds : []),
    ]);
    plans[name] = { precision, values, seeds: extent.seeds.filter((seed) => own.has(seed)), content };
  }
  if (before !== undefined) checkDesigns(before.designs, plans, path);
  const requested = Object.entries(plans).flatMap(([name, plan]) =>
    cellsOf(name, plan).filter(({ seed }) => askedNames.has(name) && extentAsked.seeds.includes(seed)),
  );
  return {
    plan: { schema: planSchema, ...head, ...extent, designs: plans },
    designs,
    requested: new Set(requested.map(({ name }) => name)),
  };
}

/** Everything that an experiment lists. */
function extentOf({ spec: { precisions, seeds, sweep } }: Experiment): Extent {
  return { precisions, seeds, axes: Object.entries(sweep).map(([path, values]) => ({ path, values })) };
}

/**
 * Compiles each design, and finds the identity of its run with seed 0, or the reason why it does not run although
 * others do.
 *
 * @param isKept whether identities are needed
 * @throws PlasticoreError for a fault of every design, apart from not fitting
 */
async function examine(
  designs: readonly Design[],
  store: RunStore,
  isKept: boolean,
): Promise<ReadonlyMap<Design, DesignPlan['content']>> {
  const contents = new Map<Design, DesignPlan['content']>();
  const results: unknown[] = [];
  for (const design of designs) {
    const found = await store.identify(design, 0);
    results.push(found);
    if (found instanceof PlasticoreError) contents.set(design, refusalOf(found));
    else contents.set(design, isKept ? found.identity() : {});
  }
  throwCommonFault(results);
  return contents;
}

/** Runs the requested cells that are not finished. */
async function complete(
  { plan, designs, requested }: Work,
  store: RunStore,
  options: SweepOptions,
): Promise<Sweep> {
  const { out } = options;
  const outcomes = new Map<string, CellOutcome>();
  const all = designs.flatMap((design) => {
    const own = plan.designs[design.name];
    if (own === undefined) return [];
    return cellsOf(design.name, own).map(({ name, seed }): StoredRun => {
      const take = (outcome: CellOutcome) => outcomes.set(name, outcome);
      return { trial: design, seed, name, label: name, take };
    });
  });
  const unfinished = all.filter((run) => !store.takeFinished(run));
  const left = unfinished.filter(({ name }) => requested.has(name));
  const finished = requested.size - left.length;
  options.onStart?.({
    cells: requested.size,
    finished,
    others: all.length - requested.size,
    unfinishedOthers: unfinished.length - left.length,
  });
  const failed = [...requested].filter((name) => 'failure' in (outcomes.get(name) ?? {})).length;
  const summary = out === undefined ? undefined : new LiveSummary(out, () => sumUp(plan, outcomes));
  try {
    summary?.write();
    const { on, workers, engine, checkpointSeconds, signal, onProgress } = options;
    await store.run(left, {
      ...{ on, workers, engine, checkpointSeconds, finished, failed, signal, onProgress },
      onEnd: () => summary?.touch(),
    });
  } finally {
    summary?.write();
  }
  return sumUp(plan, outcomes);
}
