import { join } from 'node:path';
import type { Experiment } from '../../experiment/index.ts';
import { claimFolder, damagedResults, removeResults, studyFiles } from '../../experiment/node.ts';
import { lockFolder, readTextIfThere, writeAtomically } from '../../fs/index.ts';
import { cellsCsv, designsCsv, type StudyReport } from '../../report/index.ts';
import type { Runner } from '../runs/runner.ts';
import { checkNoJobs } from '../runs/slurm/node-slurm.ts';
import type { SpaceSource } from '../space/index.ts';

/** How to treat the folder of a study. */
export interface FolderChoice {
  /** Folder for what is studied, all runs, and the results. */
  readonly out?: string | undefined;
  /** Continues with the runs in `out`. */
  readonly resume?: boolean | undefined;
  /** Removes existing results in `out` first. */
  readonly overwrite?: boolean | undefined;
  readonly on?: Runner | undefined;
}

/** Minimum time between two results, in milliseconds, when runs end in quick succession. */
const restMs = 1000;

const schemaName = 'plasticore/studied/1';

/** The folder of a study, locked. */
export class StudyFolder {
  readonly #out: string;
  readonly #release: () => void;
  #begin: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #fault: unknown;

  /**
   * @throws PlasticoreError `usage` if the folder holds something else, or a study is running there; `file` if it is of
   * another version
   */
  constructor(out: string, choice: FolderChoice, { spec }: SpaceSource, experiment: Experiment) {
    const { resume = false, overwrite = false } = choice;
    const file = join(out, studyFiles.space);
    this.#out = out;
    this.#release = lockFolder(out);
    try {
      claimFolder(out, 'study', { resume, overwrite });
      if (choice.on === undefined) checkNoJobs(out);
      if (resume) checkVersion(file);
    } catch (error) {
      this.#release();
      throw error;
    }
    this.#begin = () => {
      if (overwrite) removeResults(out);
      const studied = { schema: schemaName, experiment: experiment.spec.name, ...spec };
      writeAtomically(file, `${JSON.stringify(studied, null, 2)}\n`);
    };
  }

  /** Writes what is studied, once: a study that is refused before its first run leaves nothing. */
  begin(): void {
    this.#begin?.();
    this.#begin = undefined;
  }

  /**
   * Writes a result within a second.
   *
   * @throws PlasticoreError `file` if the previous one could not be written
   */
  writeSoon(result: () => StudyReport): void {
    if (this.#fault !== undefined) throw this.#fault;
    this.#timer ??= setTimeout(() => {
      try {
        this.write(result());
      } catch (error) {
        this.#fault = error;
      }
    }, restMs);
  }

  /** Writes a result and its tables. */
  write(study: StudyReport): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { json, designsCsv: designs, cellsCsv: cells } = studyFiles;
    writeAtomically(join(this.#out, designs), designsCsv(study));
    if (study.cells !== undefined) writeAtomically(join(this.#out, cells), cellsCsv(study));
    writeAtomically(join(this.#out, json), `${JSON.stringify(study, null, 2)}\n`);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#release();
  }
}

/** Runs of another version may have other names, or another meaning. */
function checkVersion(file: string): void {
  const text = readTextIfThere(file);
  const found = text === undefined ? schemaName : /"schema": "([^"]*)"/.exec(text)?.[1];
  if (found !== schemaName) throw damagedResults(file, `schema ${found} found, ${schemaName} expected`);
}
