/** Messages between the follower of a job array and its elements: files in a folder that both reach. */

import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Packr } from 'msgpackr/pack';
import * as z from 'zod';
import { listFolder, makeFolder, readBytes, readTextIfThere, writeAtomically } from '../../../fs/index.ts';
import { sha256 } from '../../../random/index.ts';
import type { ErrorParts } from '../../../text/index.ts';
import type { CellTask, RunProgress } from '../runner.ts';

/** How an element has ended: its report is in the folder of its cell. */
export type ElementEnd = { readonly is: 'done' } | { readonly is: 'failed'; readonly error: ErrorParts };

/** An array of jobs that has been submitted, perhaps in several parts. */
const submissionSchema = z.strictObject({
  schema: z.literal('plasticore/slurm/1'),
  /** Numbers of the jobs, each with its first cell. */
  jobs: z.array(z.strictObject({ job: z.int(), first: z.int() })),
  /** By cell: the SHA-256 of its task. */
  tasks: z.array(z.string()),
});
export type SubmissionRecord = Readonly<z.infer<typeof submissionSchema>>;

/** Slurm's arrays have fewer elements than MaxArraySize, which is 1001 where nobody has set it. */
export const mostElements = 1000;

const packr = new Packr({ structuredClone: true });

/** A folder with the files of one submission. */
export class Submission {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the folder of the next submission in a folder of them. */
  static next(above: string): Submission {
    makeFolder(above);
    const last = Math.max(0, ...numbered(above));
    const folder = join(above, String(last + 1));
    makeFolder(folder);
    return new Submission(folder);
  }

  /** The submissions in a folder. */
  static all(above: string): Submission[] {
    return numbered(above).map((number) => new Submission(join(above, String(number))));
  }

  get script(): string {
    return join(this.folder, 'job.sh');
  }

  file(cell: number, kind: 'task' | 'progress' | 'end'): string {
    return join(this.folder, `${cell}.${kind}`);
  }

  /** Where the elements of the part with a first cell write, as `sbatch` is told. */
  logs(first: number): string {
    return join(this.folder.replaceAll('%', '%%'), `${first}-%a.log`);
  }

  /** @returns the task's SHA-256 */
  writeTask(cell: number, task: CellTask): string {
    const bytes = packr.pack(task);
    writeAtomically(this.file(cell, 'task'), bytes);
    return sha256([bytes]);
  }

  readTask(cell: number): CellTask {
    return packr.unpack(readBytes(this.file(cell, 'task'))) as CellTask;
  }

  writeSubmitted(submitted: Omit<SubmissionRecord, 'schema'>): void {
    const text = JSON.stringify({ schema: 'plasticore/slurm/1', ...submitted });
    writeAtomically(join(this.folder, 'submitted.json'), `${text}\n`);
  }

  /** Undefined for a submission that was killed before it submitted anything, or is damaged. */
  readSubmitted(): SubmissionRecord | undefined {
    return submissionSchema.safeParse(this.#json('submitted.json')).data;
  }

  writeProgress(cell: number, progress: RunProgress): void {
    writeAtomically(this.file(cell, 'progress'), JSON.stringify(progress));
  }

  readProgress(cell: number): RunProgress | undefined {
    return this.#json(`${cell}.progress`) as RunProgress | undefined;
  }

  writeEnd(cell: number, end: ElementEnd): void {
    writeAtomically(this.file(cell, 'end'), JSON.stringify(end));
  }

  readEnd(cell: number): ElementEnd | undefined {
    return this.#json(`${cell}.end`) as ElementEnd | undefined;
  }

  /** The names of its files. A listing also makes a network's file system look again. */
  names(): ReadonlySet<string> {
    return new Set(existsSync(this.folder) ? readdirSync(this.folder) : []);
  }

  /** The last line that a cell's element has written. */
  lastLine(cell: number): string | undefined {
    const element = cell % mostElements;
    const text = readTextIfThere(join(this.folder, `${cell - element}-${element}.log`));
    return text?.trim().split('\n').at(-1) || undefined;
  }

  /** Removes its files, but for logs that are to be kept. */
  remove(keepLogs = false): void {
    for (const name of this.names()) {
      if (keepLogs && name.endsWith('.log') && statSync(join(this.folder, name)).size > 0) continue;
      if (/^(\d+\.(task|progress|end)|\d+-\d+\.log|submitted\.json|job\.sh)(\.[0-9a-f]{8}\.tmp)?$/.test(name))
        rmSync(join(this.folder, name), { force: true });
    }
    for (const folder of [this.folder, join(this.folder, '..')])
      if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }

  #json(name: string): unknown {
    const text = readTextIfThere(join(this.folder, name));
    try {
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    } catch {
      return undefined;
    }
  }
}

/** The numbers that name folders in a folder. */
function numbered(above: string): number[] {
  if (!existsSync(above)) return [];
  return listFolder(above).flatMap(({ name }) => (/^\d+$/.test(name) ? [Number(name)] : []));
}
