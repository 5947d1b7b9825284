import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { chipsFor } from '../../chips/node.ts';
import type { Dataset } from '../../data/index.ts';
import {
  type Cell,
  checkData,
  identityOfReport,
  planRecording,
  type RunIdentity,
  runIdentity,
  runKey,
} from '../../experiment/index.ts';
import {
  dataOf,
  keepingLoader,
  readFinished,
  readReport,
  removeResults,
  runFiles,
} from '../../experiment/node.ts';
import { attempt, PlasticoreError, refusal } from '../../text/index.ts';
import { type CellOutcome, type CellsOptions, runCells } from '../runs/node-run-cells.ts';
import { cellName } from '../space/index.ts';
import type { Trial } from './design-loader.ts';

/** A run of a trial with a seed, finished or to come. */
export interface StoredRun {
  readonly trial: Trial;
  readonly seed: number;
  /** Names its folder in the store. */
  readonly name: string;
  /** Used as the place of errors that have none. */
  readonly label: string;
  /**
   * Receives its outcome.
   *
   * @param folder undefined if nothing is kept
   * @throws PlasticoreError `file` for damaged results: then it runs again
   */
  take(outcome: CellOutcome, folder: string | undefined): void;
}

/** A trial compiled with a seed. */
export interface IdentifiedRun {
  readonly cell: Cell;
  /** Everything that its result depends on. Images and data are hashed on request. */
  identity(): RunIdentity;
}

/** The runs of a study, each in a folder of its own. Finished runs are not repeated. */
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
   * Compiles a trial, and loads its data.
   *
   * @returns the reason if it does not compile, or its data cannot be read or do not fit
   * @throws PlasticoreError for values to record that its program does not have
   */
  async identify(trial: Trial, seed: number): Promise<IdentifiedRun | PlasticoreError> {
    const cell = attempt(() => trial.compile(seed));
    if (cell instanceof PlasticoreError) return cell;
    const plan = this.#record === undefined ? undefined : planRecording(this.#record, cell.image);
    const data = await this.dataFor(trial, cell).catch(refusal);
    return data instanceof PlasticoreError ? data : { cell, identity: () => runIdentity(cell, data, plan) };
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

  /** Gives a run its outcome if it is finished. Damaged results are removed, and the run is repeated. */
  takeFinished(run: StoredRun): boolean {
    const folder = this.#folderOf(run);
    if (folder === undefined) return false;
    try {
      const outcome = finishedOutcome(folder, run.label);
      if (outcome !== undefined) run.take(outcome, folder);
      return outcome !== undefined;
    } catch (error) {
      if (refusal(error).code !== 'file') throw error;
      removeResults(folder);
      return false;
    }
  }

  /**
   * Runs cells, and gives each run its outcome as soon as it ends.
   *
   * @throws PlasticoreError for invalid input found by any run, once all have stopped; the signal's reason
   */
  async run(runs: readonly StoredRun[], options: CellsOptions): Promise<void> {
    const cells = runs.map((run) => ({
      cell: () => run.trial.compile(run.seed),
      data: this.#dataOf(run.trial),
      out: this.#folderOf(run),
    }));
    await runCells(cells, {
      ...options,
      record: this.#record,
      resume: this.#folder !== undefined,
      onEnd: (index, outcome) => {
        const run = runs[index];
        run?.take(outcome, this.#folderOf(run));
        options.onEnd?.(index, outcome);
      },
    });
  }

  /** Renames runs of earlier releases by their identities. */
  rename(): void {
    if (this.#folder === undefined || !existsSync(this.#folder)) return;
    for (const name of readdirSync(this.#folder)) {
      const report = attempt(() => readReport(join(this.#folder ?? '', name, runFiles.report)));
      if (report === undefined || report instanceof PlasticoreError) continue;
      const identity = identityOfReport(report);
      const key = cellName(runKey(identity), identity.seed);
      if (!existsSync(join(this.#folder, key))) renameSync(join(this.#folder, name), join(this.#folder, key));
    }
  }

  #dataOf({ experiment }: Trial): string | undefined {
    return this.#data ?? dataOf(experiment);
  }

  #folderOf({ name }: StoredRun): string | undefined {
    return this.#folder === undefined ? undefined : join(this.#folder, name);
  }
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
 * Throws the first fault if every trial has one: they most likely share the cause. A program that does not fit is a
 * result, not a fault.
 */
export function throwCommonFault(results: readonly unknown[]): void {
  const faults = results.filter((one) => one instanceof PlasticoreError).filter(({ code }) => code !== 'fit');
  if (faults[0] !== undefined && faults.length === results.length) throw faults[0];
}
