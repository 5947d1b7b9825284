import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { chipsFor } from '../../chips/node.ts';
import { costBasis } from '../../compiler/index.ts';
import type { Dataset } from '../../data/index.ts';
import { type Cell, checkData, planRecording, runIdentity, runKey } from '../../experiment/index.ts';
import {
  dataOf,
  keepingLoader,
  readCounts,
  readFinished,
  removeResults,
  runFiles,
} from '../../experiment/node.ts';
import { figuresOfReport, isAboutPrice, type Report, scoredPhase } from '../../report/index.ts';
import { knownControlBits } from '../../rtl/index.ts';
import { attempt, PlasticoreError, refusal } from '../../text/index.ts';
import { priceRun, sharedRun } from '../pricing/index.ts';
import { type CellOutcome, type CellsOptions, cellLabel, runCells } from '../runs/node-run-cells.ts';
import { cellName } from '../space/index.ts';
import type { Trial, TrialNames } from './trials.ts';

/** Runs that are asked for, and how many of them are finished. */
export interface AskedRuns {
  readonly cells: number;
  readonly finished: number;
}

/** The options of a study that concern its runs. */
export interface StudyRunOptions
  extends Pick<CellsOptions, 'engine' | 'workers' | 'on' | 'checkpointSeconds' | 'onProgress'> {
  readonly stop: AbortSignal;
  /** Called before anything is read from the store, if there are runs. */
  readonly begin: () => void;
  /** Called before the first run that is not finished. */
  readonly onStart?: ((runs: AskedRuns) => void) | undefined;
  /** Called as soon as a run has ended. */
  readonly onEnd?: (() => void) | undefined;
}

/** A run of a trial with a seed. */
interface StoredRun extends TrialNames {
  readonly trial: Trial;
  readonly seed: number;
}

/**
 * The runs of a study, each in a folder of its own, which is named by what decides it. Finished runs are not repeated.
 */
export class RunStore {
  readonly #folder: string | undefined;
  readonly #data: string | undefined;
  readonly #record: string | undefined;
  readonly #load = keepingLoader();

  /**
   * @param folder without one, nothing is kept
   * @param data path of the data set of all runs; default: each experiment's own
   * @param record values to record in each run
   */
  constructor(folder: string | undefined, data: string | undefined, record?: string) {
    this.#folder = folder;
    this.#data = data;
    this.#record = record;
  }

  /**
   * The data of a trial.
   *
   * @throws PlasticoreError for data that cannot be read, or do not fit its network
   */
  async dataFor(trial: Trial, cell: Cell): Promise<Dataset> {
    const data = await this.#load(cell, this.#dataOf(trial));
    checkData(cell, data, await chipsFor(cell.chip));
    return data;
  }

  /**
   * Finds out what the runs of trials are called. A trial that does not compile, or whose data cannot be read or do not
   * fit, has a failure.
   *
   * @throws PlasticoreError for values to record that a program does not have; the signal's reason
   */
  async identify(trials: Iterable<Trial>, stop: AbortSignal): Promise<void> {
    for (const trial of trials) {
      if (trial.failure !== undefined || trial.called !== undefined) continue;
      // Let signals and timers run.
      await setImmediate();
      stop.throwIfAborted();
      const called = await this.#namesOf(trial);
      if (called instanceof PlasticoreError) trial.failure = called;
      else trial.called = called;
    }
  }

  /** One seed stands for all. */
  async #namesOf(trial: Trial): Promise<TrialNames | PlasticoreError> {
    const cell = attempt(() => trial.compile(0));
    if (cell instanceof PlasticoreError) return cell;
    const plan = this.#record === undefined ? undefined : planRecording(this.#record, cell.image);
    const data = await this.dataFor(trial, cell).catch(refusal);
    if (data instanceof PlasticoreError) return data;
    return {
      name: this.#folder === undefined ? trial.key : runKey(runIdentity(cell, data, plan)),
      labelOf: (seed) => (trial.isShared ? cellLabel(cell, seed) : cellName(trial.key, seed)),
      unpriced: trial.isShared ? unpriced(cell) : undefined,
    };
  }

  /**
   * Completes trials with some seeds, from the store or by running them.
   *
   * @throws PlasticoreError for invalid input found by any run, once all have stopped; the signal's reason
   */
  async complete(
    trials: Iterable<Trial>,
    seeds: readonly number[],
    { stop, begin, onStart, onEnd, ...options }: StudyRunOptions,
  ): Promise<void> {
    await this.identify(trials, stop);
    const runs = [...trials].flatMap((trial) => {
      const { called } = trial;
      if (called === undefined) return [];
      return seeds.flatMap((seed) => (trial.runs.has(seed) ? [] : [{ trial, seed, ...called }]));
    });
    if (runs.length === 0) return;
    begin();
    const left = runs.filter((run) => !this.#takeFinished(run));
    const finished = runs.length - left.length;
    const failed = runs.filter(({ trial, seed }) => trial.runs.get(seed) instanceof PlasticoreError).length;
    onStart?.({ cells: runs.length, finished });
    const cells = left.map(({ trial, seed, name }) => ({
      cell: () => trial.compile(seed),
      data: this.#dataOf(trial),
      out: this.#folderOf(name, seed),
    }));
    await runCells(cells, {
      ...options,
      ...{ finished, failed, signal: stop },
      record: this.#record,
      resume: this.#folder !== undefined,
      onEnd: (index, outcome) => {
        const run = left[index];
        if (run !== undefined) this.#take(run, outcome);
        onEnd?.();
      },
    });
  }

  /** Gives a trial its run if it is finished. Damaged results are removed, and the run is repeated. */
  #takeFinished(run: StoredRun): boolean {
    const folder = this.#folderOf(run.name, run.seed);
    if (folder === undefined) return false;
    try {
      const outcome = finishedOutcome(folder, run.labelOf(run.seed));
      if (outcome !== undefined) this.#take(run, outcome);
      return outcome !== undefined;
    } catch (error) {
      if (refusal(error).code !== 'file') throw error;
      removeResults(folder);
      return false;
    }
  }

  #take({ trial, seed, name, unpriced: shared }: StoredRun, outcome: CellOutcome): void {
    if ('failure' in outcome) {
      trial.runs.set(seed, outcome.failure);
      return;
    }
    const { report } = outcome;
    if (shared === undefined) {
      const figures = figuresOfReport(report);
      trial.runs.set(seed, () => figures);
      return;
    }
    const counts = join(this.#folderOf(name, seed) ?? '', runFiles.counts);
    const run = sharedRun({
      ...shared,
      counts: readCounts(counts, shared.image),
      ...sharedFigures(report),
    });
    trial.runs.set(seed, (hw) => priceRun(hw(), run));
  }

  #dataOf({ experiment }: Trial): string | undefined {
    return this.#data ?? dataOf(experiment);
  }

  #folderOf(name: string, seed: number): string | undefined {
    return this.#folder === undefined ? undefined : join(this.#folder, cellName(name, seed));
  }
}

/** Thousands of images with the contents of their banks would fill the memory. */
function unpriced({ image, hw }: Cell): NonNullable<TrialNames['unpriced']> {
  const cores = image.cores.map((core) => ({ ...core, image: { ...core.image, contents: [] } }));
  const controlBits = hw && knownControlBits(image, hw);
  return { image: { ...image, cores }, basis: costBasis(image), controlBits };
}

/** What the report of a run says of all designs that share it. */
function sharedFigures(report: Report) {
  const { phase } = scoredPhase(report);
  const { totalBits, inferenceBits } = report.memory;
  return {
    scored: { samples: phase.samples, accuracy: phase.accuracy },
    memory: { totalBits, inferenceBits },
    remarks: report.remarks.filter((remark) => !isAboutPrice(remark)),
  };
}

/** The outcome of a run that is finished, or has failed. */
function finishedOutcome(folder: string, label: string): CellOutcome | undefined {
  try {
    const report = readFinished(folder);
    return report && { report };
  } catch (error) {
    const failure = refusal(error);
    if (failure.code !== 'run') throw error;
    const { file = label, line, column } = failure;
    return { failure: failure.at({ file, line, column }) };
  }
}

/**
 * Throws the first fault if all designs have one: they most likely share the cause. A program that does not fit is a
 * result, not a fault.
 */
export function throwCommonFault(faults: readonly (PlasticoreError | undefined)[]): void {
  const found = faults.flatMap((fault) => (fault === undefined || fault.code === 'fit' ? [] : [fault]));
  if (found[0] !== undefined && found.length === faults.length) throw found[0];
}
