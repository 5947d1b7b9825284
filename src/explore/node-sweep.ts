import { join } from 'node:path';
import { compilerVersion } from '../compiler/index.ts';
import { checkEngine, defaultEngine } from '../engine/index.ts';
import type { Experiment } from '../experiment/index.ts';
import {
  checkClaim,
  claimFolder,
  dataOf,
  type FolderRunOptions,
  readFinished,
  removeResults,
  sweepFiles,
} from '../experiment/node.ts';
import { findFile, lockFolder } from '../fs/index.ts';
import type { Report, Sweep } from '../report/index.ts';
import type { Find } from '../text/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { checkChosen } from './axes.ts';
import { examineDesigns } from './node-examine.ts';
import { readPlan, writePlan } from './node-plan.ts';
import { LiveSummary, sumUp } from './node-summary.ts';
import { type CellOutcome, type CellRun, runCells } from './node-workers.ts';
import type { Runner } from './runner.ts';
import { checkNoJobs } from './slurm/node-slurm.ts';
import { type Design, type Designs, type SweepChoice, sweepDesigns } from './sweep.ts';
import {
  cellsOf,
  checkDesigns,
  checkHead,
  type DesignPlan,
  type Extent,
  joinExtents,
  planSchema,
  type SweepPlan,
} from './sweep-plan.ts';
import type { CellsProgress } from './tally.ts';

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
  /** Cells of earlier sweeps in the same folder that are not requested now, and how many of them are unfinished. */
  readonly others: number;
  readonly unfinishedOthers: number;
}

/** The work of a sweep: the plan of its folder, and the cells to run. */
interface Work {
  readonly plan: SweepPlan;
  readonly asked: readonly AskedCell[];
}

/** A requested cell that compiles. */
interface AskedCell {
  readonly name: string;
  readonly design: Design;
  readonly seed: number;
}

/**
 * Runs a sweep: all its cells on worker threads, with their results and the summary in `out` (see node-layout.ts).
 *
 * A design that does not compile, or a run that fails, becomes a row with its reason; the others continue. A folder
 * with results is rejected unless `resume` or `overwrite` is given. `resume` skips finished cells. It may request other
 * precisions, seeds and axis values than before; the folder and the result then contain all of them, with earlier cells
 * that were not finished and not requested again as `unfinished`.
 *
 * @throws PlasticoreError for invalid input, or if every design fails for a reason other than not fitting; `usage` if
 * the folder holds another sweep or one that is running; the signal's reason
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
  if (out === undefined) return complete(await prepare(experiment, asked, options, find), options);
  const release = lockFolder(out);
  try {
    claimFolder(out, 'sweep', { resume, overwrite });
    if (options.on === undefined) checkNoJobs(out);
    const work = await prepare(experiment, asked, options, find);
    if (overwrite) removeResults(out);
    writePlan(join(out, sweepFiles.plan), work.plan);
    return await complete(work, options);
  } finally {
    release();
  }
}

/**
 * Examines all designs that the folder will hold. Designs already in the folder must give the same result as before.
 *
 * @throws PlasticoreError for invalid input; `usage` if the folder holds another sweep
 */
async function prepare(
  experiment: Experiment,
  asked: Designs,
  options: SweepOptions,
  find: Find,
): Promise<Work> {
  const { data, out, record, overwrite = false } = options;
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
    seeds: [...new Set(asked.designs[0]?.seeds)],
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
  const contents = await examineDesigns(designs, { data, record, isHashed: out !== undefined });
  const plans: Record<string, DesignPlan> = {};
  for (const [design, content] of contents) {
    const { name, precision, values } = design;
    const own = new Set([
      ...(before?.designs[name]?.seeds ?? []),
      ...(askedNames.has(name) ? extentAsked.seeds : []),
    ]);
    plans[name] = { precision, values, seeds: extent.seeds.filter((seed) => own.has(seed)), content };
  }
  if (before !== undefined) checkDesigns(before.designs, plans, path);
  return {
    plan: { schema: planSchema, ...head, ...extent, designs: plans },
    asked: designs.flatMap((design) => {
      const plan = plans[design.name];
      if (plan === undefined || !askedNames.has(design.name)) return [];
      return cellsOf(design.name, plan).flatMap(({ name, seed }) =>
        extentAsked.seeds.includes(seed) ? [{ name, design, seed }] : [],
      );
    }),
  };
}

/** Everything that an experiment lists. */
function extentOf({ spec: { precisions, seeds, sweep } }: Experiment): Extent {
  return { precisions, seeds, axes: Object.entries(sweep).map(([path, values]) => ({ path, values })) };
}

/** Runs the requested cells that are not finished. */
async function complete({ plan, asked }: Work, options: SweepOptions): Promise<Sweep> {
  const { out, resume = false } = options;
  const folderOf = (name: string) => (out === undefined ? undefined : join(out, sweepFiles.cells, name));
  const outcomes = new Map<string, CellOutcome>();
  const all = Object.entries(plan.designs).flatMap(([name, design]) => cellsOf(name, design));
  for (const { name } of all) {
    const folder = folderOf(name);
    const outcome = folder === undefined || !resume ? undefined : finishedOutcome(folder, name);
    if (outcome !== undefined) outcomes.set(name, outcome);
  }
  const left = asked.filter(({ name }) => !outcomes.has(name));
  const finished = asked.length - left.length;
  options.onStart?.({
    cells: asked.length,
    finished,
    others: all.length - asked.length,
    unfinishedOthers: all.length - outcomes.size - left.length,
  });
  const summary = out === undefined ? undefined : new LiveSummary(out, () => sumUp(plan, outcomes));
  try {
    summary?.write();
    await runCells(
      left.map(
        ({ name, design, seed }): CellRun => ({
          cell: () => design.compile(seed),
          data: options.data ?? dataOf(design.experiment),
          out: folderOf(name),
        }),
      ),
      {
        on: options.on,
        workers: options.workers,
        engine: options.engine,
        resume: out !== undefined,
        record: options.record,
        checkpointSeconds: options.checkpointSeconds,
        finished,
        failed: asked.filter(({ name }) => isFailure(outcomes.get(name))).length,
        signal: options.signal,
        onProgress: options.onProgress,
        onEnd: (index, outcome) => {
          const name = left[index]?.name;
          if (name !== undefined) outcomes.set(name, outcome);
          summary?.touch();
        },
      },
    );
  } finally {
    summary?.write();
  }
  return sumUp(plan, outcomes);
}

function isFailure(outcome: CellOutcome | undefined): boolean {
  return outcome !== undefined && 'failure' in outcome;
}

/** The outcome of a cell that was already finished. */
function finishedOutcome(folder: string, name: string): CellOutcome | undefined {
  let report: Report | undefined;
  try {
    report = readFinished(folder);
  } catch (error) {
    if (!(error instanceof PlasticoreError) || error.code !== 'run') throw error;
    const { file = name, line, column } = error;
    return { failure: error.at({ file, line, column }) };
  }
  return report === undefined ? undefined : { report };
}
