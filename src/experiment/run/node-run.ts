import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { type Chip, findHost } from '../../chips/index.ts';
import { chipsFor } from '../../chips/node.ts';
import type { Dataset } from '../../data/index.ts';
import { checkEngine, defaultEngine } from '../../engine/index.ts';
import { findFile, lockFolder, makeFolder } from '../../fs/index.ts';
import { startCrew } from '../../machine/node.ts';
import type { Report } from '../../report/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import {
  type Cell,
  type CellChoice,
  type Experiment,
  fileNaming,
  parseSettings,
  resolveCell,
} from '../description/index.ts';
import { openExperiment } from '../description/node-open.ts';
import {
  checkClaim,
  claimFolder,
  removeResults,
  removeStates,
  runFiles,
  stateFiles,
} from '../disk/node-folder.ts';
import { checkData, samplesDone } from '../session/index.ts';
import { checkIdentity, type RunIdentity, runIdentity } from './identity.ts';
import { readCheckpoint, writeCheckpoint, writeKeptState } from './node-checkpoint.ts';
import { type DataLoader, loadFor } from './node-data.ts';
import { readFinished, writeFailure, writeResults } from './node-outcome.ts';
import { reportOf } from './outcome.ts';
import type { Progress } from './pace.ts';
import { planRecording, type RecordingPlan } from './recording.ts';
import { type RunOptions, type RunResult, type RunState, runCell } from './run.ts';

export interface FolderRunOptions {
  /** Path of a data set. Default: the samples of the task, or the embedded digits. */
  readonly data?: string | undefined;
  /** Loads the data set; default: {@link loadFor}. */
  readonly load?: DataLoader | undefined;
  readonly engine?: string | undefined;
  /** Chips that the cell may host; default: the bundled ones, and the one of its own module. */
  readonly chips?: readonly Chip[] | undefined;
  /** Folder for report, weights, history, predictions, recording and checkpoint; created if necessary. */
  readonly out?: string | undefined;
  /** Whether to lock `out` against other processes during the run. Only a caller that holds the lock sets `false`. */
  readonly lock?: boolean | undefined;
  /** Continues from the state in `out`; starts from the beginning if there is none. */
  readonly resume?: boolean | undefined;
  /** Removes existing results in `out` first. */
  readonly overwrite?: boolean | undefined;
  /** Seconds between two checkpoints; default: 60. */
  readonly checkpointSeconds?: number | undefined;
  /**
   * Keeps the state after every so many samples in a folder in `out`, so that `trace` need not run what comes before a
   * window; default: none. Chips with a host of their own keep none.
   */
  readonly keepStates?: number | undefined;
  /**
   * Threads that run the cores of one chip together; default: 1. Results do not depend on it. Only many cores on the
   * fast engine take more than one.
   */
  readonly threads?: number | undefined;
  /** Number of runs at the same time, this one included, for the report's `timing`; default: 1. */
  readonly workers?: number | undefined;
  /** Whether to count updates of potentials for NeuroBench's metrics, which takes a look at each in every step. */
  readonly neurobench?: boolean | undefined;
  /** Whether to write an image of what was learnt to `out`, for a single core; default: `true`. */
  readonly keepImage?: boolean | undefined;
  /** Values to record, such as `v:hidden,spikes:*`; requires `out`. */
  readonly record?: string | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called once, before the first sample. */
  readonly onStart?: ((start: RunStart) => void) | undefined;
  /** On abort, a checkpoint is written; then the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Selects a cell of an experiment, and how to run it. */
export interface ExperimentRunOptions extends FolderRunOptions, Omit<CellChoice, 'settings'> {
  /** `path=value`, in the syntax of the command line's option `set`. */
  readonly set?: readonly string[] | undefined;
}

interface RunStart {
  /** Name, number of training samples, and number of scored samples: of the test set or the validation split. */
  readonly data: {
    readonly name: string;
    readonly train: number;
    readonly test: number;
    /** Faults found in the files, and how they were corrected. */
    readonly corrections: readonly string[];
  };
  /** Where the run resumes; undefined without a checkpoint. */
  readonly resumedAt: Pick<RunState, 'part' | 'epoch' | 'done'> | undefined;
  /** Number of samples of the whole run that are done. */
  readonly runDone: number;
  /** Whether the report already existed. If so, nothing is run. */
  readonly isFinished: boolean;
}

export interface FolderRun {
  readonly report: Report;
  /** Undefined if the run was already finished. */
  readonly result: RunResult | undefined;
}

/**
 * Runs one cell of an experiment: its default cell, changed by the options.
 *
 * @param reference a bundled experiment's name, or the path of a file
 * @throws PlasticoreError for invalid input, a checkpoint of another run, or a run that fails
 */
export async function runExperiment(
  reference: string,
  options: ExperimentRunOptions = {},
): Promise<FolderRun> {
  const settings = parseSettings(options.set ?? []);
  const { hw } = options;
  const experiment = await openExperiment(reference, { settings, hw: hw === undefined ? hw : [hw] });
  const cell = resolveCell(experiment, { ...options, settings }, findFile);
  return runInFolder(cell, { ...options, data: options.data ?? dataOf(experiment) });
}

/** The path of an experiment's own data set; undefined if it uses its task or the embedded digits. */
export function dataOf(experiment: Experiment): string | undefined {
  const { data } = experiment.spec;
  if (data === undefined || isAbsolute(data)) return data;
  return join(dirname(fileNaming(experiment, 'data')), data);
}

/**
 * Runs a cell on a data set from disk, with checkpoints and results in a folder (see node-folder.ts).
 *
 * A folder with results is rejected unless `resume` or `overwrite` is given. `resume` returns the report of a finished
 * run, and throws the error of a failed one again. A folder is locked for one run at a time.
 *
 * @throws PlasticoreError for invalid input, a folder with other results, or a run that fails
 */
export async function runInFolder(cell: Cell, options: FolderRunOptions = {}): Promise<FolderRun> {
  const { out, lock = true } = options;
  checkClaim(options, 'runs/first');
  const start = performance.now();
  const chosen = { ...options, chips: options.chips ?? (await chipsFor(cell.chip)) };
  const prepared = await prepare(cell, chosen);
  if (out === undefined || !lock) return completeRun(cell, chosen, prepared, start);
  const release = lockFolder(out);
  try {
    return await completeRun(cell, chosen, prepared, start);
  } finally {
    release();
  }
}

/** The chips that a run knows. */
interface Hosts {
  readonly chips: readonly Chip[];
}

interface Preparation {
  readonly data: Dataset;
  readonly plan: RecordingPlan | undefined;
}

/** Everything that could reject the run is checked before a folder is touched and earlier results are removed. */
async function prepare(
  cell: Cell,
  {
    record,
    neurobench,
    load = loadFor,
    data: path,
    engine,
    chips,
    threads = 1,
    keepStates,
  }: FolderRunOptions & Hosts,
): Promise<Preparation> {
  checkEngine(engine ?? defaultEngine);
  checkThreads(cell, threads, engine ?? defaultEngine);
  const plan = record === undefined ? undefined : planRecording(record, cell.image);
  if (plan !== undefined && makesCores(cell, chips))
    throw new PlasticoreError(
      'usage',
      `chip '${cell.chip?.chip}' has many cores: nothing is recorded of single ones`,
      {
        file: option('record'),
      },
    );
  if (neurobench === true && cell.chip !== undefined)
    throw new PlasticoreError(
      'usage',
      `${option('neurobench')}: the host of chip '${cell.chip.chip}' runs no time steps in which potentials could be compared`,
      { hint: 'leave it out: the other metrics are in every report' },
    );
  if (keepStates !== undefined && cell.chip !== undefined)
    throw new PlasticoreError(
      'usage',
      `the host of chip '${cell.chip.chip}' decides when what runs: steps cannot be run again from a state`,
      { file: option('keepStates', keepStates) },
    );
  const data = await load(cell, path);
  checkData(cell, data, chips);
  return { data, plan };
}

async function completeRun(
  cell: Cell,
  options: FolderRunOptions,
  { data, plan }: Preparation,
  start: number,
): Promise<FolderRun> {
  const { out, resume = false, overwrite = false } = options;
  // Hashing image and data takes a moment, so it is not done before the first sample unless earlier results must be
  // checked.
  let known: RunIdentity | undefined;
  const identity = (): RunIdentity => {
    known ??= runIdentity(cell, data, plan, options.neurobench);
    return known;
  };
  let from: RunState | undefined;
  if (out !== undefined) {
    claimFolder(out, 'run', { resume, overwrite });
    if (overwrite) removeResults(out);
    const finished = resume
      ? readFinished(out, (found, what, file) => checkIdentity(found, identity(), what, file))
      : undefined;
    if (finished !== undefined) {
      options.onStart?.({ ...startOf(cell, data, undefined), isFinished: true });
      return { report: finished, result: undefined };
    }
    const checkpoint = join(out, runFiles.checkpoint);
    if (resume && existsSync(checkpoint))
      from = readCheckpoint(checkpoint, identity(), { cell, data, record: plan });
    // Those of a run that was killed before its first checkpoint.
    if (from === undefined) removeStates(out);
  }
  options.onStart?.(startOf(cell, data, from));
  const { threads = 1 } = options;
  const crew = threads > 1 ? await startCrew(threads) : undefined;
  try {
    const result = await runCell(cell, data, {
      engine: options.engine,
      chips: options.chips,
      crew,
      record: plan,
      neurobench: options.neurobench,
      from,
      onProgress: options.onProgress,
      signal: options.signal,
      checkpointSeconds: options.checkpointSeconds,
      keepStates: statesIn(options, identity),
      onCheckpoint:
        out === undefined
          ? undefined
          : (state) => writeCheckpoint(join(out, runFiles.checkpoint), identity(), state),
    });
    const report = reportOf(cell, data, identity(), result, {
      wallSeconds: (performance.now() - start) / 1000,
      workers: options.workers ?? 1,
      host: `${process.platform} ${process.arch}, ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`,
    });
    if (out !== undefined)
      writeResults(out, { keepImage: options.keepImage ?? true, cell, data, plan, result, report });
    return { report, result };
  } catch (error) {
    if (out !== undefined && error instanceof PlasticoreError && error.code === 'run') {
      writeFailure(out, identity(), error);
    }
    throw error;
  } finally {
    await crew?.close();
  }
}

/** Keeps states in a folder of the run's. */
function statesIn(
  { out, keepStates: every }: FolderRunOptions,
  identity: () => RunIdentity,
): RunOptions['keepStates'] {
  if (out === undefined || every === undefined) return undefined;
  const folder = join(out, stateFiles.folder);
  makeFolder(folder);
  return { every, keep: (state) => writeKeptState(folder, identity(), state) };
}

/** More would take more memory for packets than the cores of a chip. */
const mostThreads = 64;

/**
 * Checks that threads can share the work of a run.
 *
 * @throws PlasticoreError `usage`
 */
function checkThreads(cell: Cell, threads: number, engine: string): void {
  const fail = (message: string, hint: string): never => {
    throw new PlasticoreError('usage', message, { file: option('threads', threads), hint });
  };
  if (!Number.isInteger(threads) || threads < 1 || threads > mostThreads)
    fail(`expected a whole number of threads, 1 to ${mostThreads}, found ${threads}`, 'leave it out for one');
  if (threads === 1) return;
  if (cell.image.cores.length === 1)
    fail(
      `'${cell.name}' runs on one core, and so on one thread`,
      `threads share the cores of a chip; cells of a sweep run side by side with ${option('workers')}`,
    );
  if (engine !== 'fast') fail(`the ${engine} engine runs on one thread`, `leave ${option('engine')} out`);
}

/** Whether the host of a cell's chip makes the cores itself. */
function makesCores({ chip }: Cell, chips: readonly Chip[]): boolean {
  return chip !== undefined && findHost(chips, chip).makesCores === true;
}

function startOf(cell: Cell, data: Dataset, from: RunState | undefined): RunStart {
  const { name, train, corrections = [] } = data;
  const test = data.validationFrom ?? data.test.count;
  return {
    data: { name, train: train.count, test, corrections },
    resumedAt: from === undefined ? undefined : { part: from.part, epoch: from.epoch, done: from.done },
    runDone: from === undefined ? 0 : samplesDone(cell, data, from),
    isFinished: false,
  };
}
