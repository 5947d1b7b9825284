import { cpus } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { writeNpz } from '../dataset/index.ts';
import { loadData } from '../dataset/node.ts';
import { formatReport, historyCsv, predictionsCsv, type Report } from '../report/index.ts';
import { PlasticoreError } from '../source/index.ts';
import { type Cell, type CellChoice, fileNaming, resolveCell } from './cell.ts';
import { type RunIdentity, runIdentity } from './identity.ts';
import { type Experiment, loadExperiment } from './load.ts';
import { readCheckpoint, writeCheckpoint } from './node-checkpoint.ts';
import { findFile } from './node-files.ts';
import { makeFolder, writeAtomically } from './node-write.ts';
import { reportOf } from './outcome.ts';
import type { Progress } from './pace.ts';
import { planRecording, recordingArrays } from './recording.ts';
import { limitData, type RunResult, runCell } from './run.ts';
import { parseSettings } from './settings.ts';
import { weightArrays } from './weights.ts';

export interface FolderRunOptions {
  /** Path of a data set; the embedded digits if absent. */
  readonly data?: string | undefined;
  readonly engine?: string | undefined;
  /** Folder for the report, weights, history, predictions, recording and checkpoint; made if it is not there. */
  readonly out?: string | undefined;
  /** Goes on from the checkpoint in `out`; from the beginning where there is none. */
  readonly resume?: boolean | undefined;
  /** What to record, such as `v:hidden,spikes:*`; needs `out`. */
  readonly record?: string | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told once, before the first sample, what the run starts with. */
  readonly onStart?: ((start: RunStart) => void) | undefined;
  /** On abort a checkpoint is written, then the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Which cell of an experiment runs, and how. */
export interface ExperimentRunOptions extends FolderRunOptions, Omit<CellChoice, 'settings'> {
  /** `path=value`, as for `--set`. */
  readonly set?: readonly string[] | undefined;
}

export interface RunStart {
  /** Name, samples for training and testing. */
  readonly data: {
    readonly name: string;
    readonly train: number;
    readonly test: number;
    /** What was wrong in the files and how it was put right. */
    readonly corrections: readonly string[];
  };
  /** Whether a checkpoint was found, and where it goes on: epochs done, samples done of the next. */
  readonly resumedAt: { readonly epoch: number; readonly done: number } | undefined;
}

/**
 * Runs one cell of an experiment: its default one, changed by what is given.
 *
 * @param reference a bundled experiment's name, or the path of a file
 * @throws PlasticoreError for bad input, a checkpoint of another run, or a run that fails
 */
export async function runExperiment(
  reference: string,
  options: ExperimentRunOptions = {},
): Promise<{ report: Report; result: RunResult }> {
  const settings = parseSettings(options.set ?? []);
  const experiment = loadExperiment(findFile('experiment', reference, ''), settings.experiment);
  const cell = resolveCell(experiment, { ...options, settings }, findFile);
  return runInFolder(cell, { ...options, data: options.data ?? dataOf(experiment) });
}

/** The path of an experiment's own data set; undefined for the embedded digits. */
export function dataOf(experiment: Experiment): string | undefined {
  const { data } = experiment.spec;
  if (data === undefined || isAbsolute(data)) return data;
  return join(dirname(fileNaming(experiment, 'data')), data);
}

/** Names of the files in a run's folder. */
export const runFiles = {
  report: 'report.json',
  weights: 'weights.npz',
  history: 'history.csv',
  predictions: 'predictions.csv',
  recording: 'record.npz',
  checkpoint: 'checkpoint.msgpack',
} as const;

/**
 * Runs a cell on a data set from disk, with checkpoints and results in a folder.
 *
 * @throws PlasticoreError for bad input, a checkpoint of another run, or a run that fails
 */
export async function runInFolder(
  cell: Cell,
  options: FolderRunOptions = {},
): Promise<{ report: Report; result: RunResult }> {
  const { out, resume = false, record } = options;
  for (const [option, isGiven] of Object.entries({ '--resume': resume, '--record': record !== undefined })) {
    if (!isGiven || out !== undefined) continue;
    throw new PlasticoreError('usage', `${option} needs --out`, {
      hint: `for example ${option} --out runs/first`,
    });
  }
  const start = performance.now();
  const plan = record === undefined ? undefined : planRecording(record, cell.image);
  const data = limitData(await loadData(options.data, { split: cell.split }), cell.limit);
  // Hashing image and data takes a moment: not before the first sample, unless a checkpoint must be checked.
  let known: RunIdentity | undefined;
  const identity = (): RunIdentity => {
    known ??= runIdentity(cell, data, plan);
    return known;
  };
  if (out !== undefined) makeFolder(out);
  const checkpoint = out === undefined ? undefined : join(out, runFiles.checkpoint);
  const from = resume && checkpoint !== undefined ? readCheckpoint(checkpoint, identity()) : undefined;
  options.onStart?.({
    data: {
      name: data.name,
      train: data.train.count,
      test: data.test.count,
      corrections: data.corrections ?? [],
    },
    resumedAt: from === undefined ? undefined : { epoch: from.epoch, done: from.done },
  });
  const result = await runCell(cell, data, {
    engine: options.engine,
    record: plan,
    from,
    onProgress: options.onProgress,
    signal: options.signal,
    onCheckpoint:
      checkpoint === undefined ? undefined : (state) => writeCheckpoint(checkpoint, identity(), state),
  });
  const report = reportOf(cell, data, identity(), result, {
    wallSeconds: (performance.now() - start) / 1000,
    workers: 1,
    host: `${process.platform} ${process.arch}, ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`,
  });
  if (out !== undefined) {
    const { history, test, recording, engine } = result;
    const { labels } = data.test;
    if (plan !== undefined) {
      const arrays = recordingArrays(cell.image, plan, recording, labels, test.predictions);
      writeAtomically(join(out, runFiles.recording), writeNpz(arrays));
    }
    writeAtomically(join(out, runFiles.weights), writeNpz(weightArrays(engine)));
    if (history.length > 0) writeAtomically(join(out, runFiles.history), historyCsv(report.train.history));
    writeAtomically(join(out, runFiles.predictions), predictionsCsv(labels, test.predictions));
    writeAtomically(join(out, runFiles.report), formatReport(report));
  }
  return { report, result };
}
