import { basename, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readFinished, removeResults } from '../../../experiment/node.ts';
import { writeAtomically } from '../../../fs/index.ts';
import { option, PlasticoreError } from '../../../text/index.ts';
import type { CellBatch, Runner } from '../runner.ts';
import {
  cancel,
  checkSlurm,
  type ElementState,
  elementsOf,
  hasEnded,
  remedyFor,
  submit,
} from './node-queue.ts';
import { mostElements, Submission } from './node-submission.ts';

export interface SlurmOptions {
  /** A folder that the nodes of the cluster reach under the same name: that of the results. */
  readonly folder: string;
  /** Options of `sbatch`, such as `--partition=long`. */
  readonly args?: readonly string[] | undefined;
  /** The most cells that run at the same time; by default as many as Slurm has room for. */
  readonly workers?: number | undefined;
}

/** Milliseconds between two looks at files and at the queue; frequent queries would burden Slurm. */
const filesMs = 250;
const queueMs = 2000;
/**
 * How long a file may take to appear after its job has ended: network file systems refresh after half a minute or so.
 * If Slurm has killed the job, most likely there is no file.
 */
const graceMs = { completed: 90_000, ended: 4000 };
/**
 * The longest wait for cancelled jobs. Slurm kills them after KillWait, 30 seconds where nobody has set it.
 */
const cancelMs = 120_000;

/** The folder below that of the results in which jobs and their follower meet. */
const meetingFolder = 'slurm';

/** Options of `sbatch` that Plasticore sets itself. */
const own = '--array -a --parsable --output -o --error -e --wrap --wait -W --chdir -D'.split(' ');

/**
 * Runs cells as elements of a job array of Slurm, each on one processor, and follows them. It also follows jobs of an
 * earlier process, which go on if that was killed. On abort, jobs are cancelled, and write checkpoints.
 *
 * @throws PlasticoreError `usage` for options of `sbatch` that are set here
 */
export function onSlurm({ folder, args = [], workers }: SlurmOptions): Runner {
  const taken = args.find((arg) => own.some((name) => arg === name || arg.startsWith(`${name}=`)));
  if (taken !== undefined)
    throw new PlasticoreError('usage', `'${taken}' is set already`, {
      file: option('slurmArgs'),
      hint: `${option('workers')} limits how many cells run at the same time; outputs of jobs are in ${join(folder, meetingFolder)}`,
    });
  return {
    async run(batch) {
      await checkSlurm();
      await new Follower(resolve(folder, meetingFolder), args, workers, batch).follow();
    },
  };
}

/** An element of an array that an earlier follower has submitted, or this one. */
interface Element {
  readonly job: number;
  readonly element: number;
  readonly submission: Submission;
  /** Its number in the submission. */
  readonly cell: number;
}

/** A cell of the batch, and the element that runs it. */
interface FollowedElement extends Element {
  readonly index: number;
  readonly out: string;
  begun: boolean;
  /** When it was first seen to have ended without writing its end. */
  silentSince: number | undefined;
}

/** A cell that Slurm has ended. */
interface Lost {
  readonly name: string;
  readonly state: string;
  /** Its last line of output. */
  readonly line: string | undefined;
}

class Follower {
  readonly #above: string;
  readonly #args: readonly string[];
  readonly #workers: number | undefined;
  readonly #batch: CellBatch;
  /** Submissions whose files are removed at the end. */
  readonly #submissions = new Set<Submission>();
  readonly #left = new Set<FollowedElement>();
  readonly #lost: Lost[] = [];

  constructor(above: string, args: readonly string[], workers: number | undefined, batch: CellBatch) {
    this.#above = above;
    this.#args = args;
    this.#workers = workers;
    this.#batch = batch;
  }

  async follow(): Promise<void> {
    const { stop } = this.#batch;
    try {
      await this.#start();
      let asked = Number.NEGATIVE_INFINITY;
      while (this.#left.size > 0 && !stop.aborted) {
        this.#readFiles();
        const now = performance.now();
        if (now - asked >= queueMs) {
          asked = now;
          await this.#askQueue();
        }
        if (this.#left.size > 0) await pause(filesMs, stop);
      }
    } finally {
      await cancelled([...this.#left]);
      for (const submission of this.#submissions) submission.remove(this.#lost.length > 0);
    }
    if (!stop.aborted) this.#refuseLost();
  }

  /** Writes the tasks, finds those that jobs of an earlier follower run, and submits the others. */
  async #start(): Promise<void> {
    const { stop, cells } = this.#batch;
    const running = await this.#runningElements();
    const submission = Submission.next(this.#above);
    this.#submissions.add(submission);
    const digests: string[] = [];
    const fresh: { readonly index: number; readonly out: string }[] = [];
    for (let index = 0; index < cells && !stop.aborted; index++) {
      const { out, ...task } = this.#batch.task(index, 1);
      if (out === undefined)
        throw new PlasticoreError('usage', 'cells on a cluster need a folder for their results', {
          file: option('on', 'slurm'),
          hint: `for example ${option('out', 'runs/all')}`,
        });
      const digest = submission.writeTask(fresh.length, { ...task, out: resolve(out), resume: true });
      const known = running.get(resolve(out));
      if (known?.digest === digest) {
        running.delete(resolve(out));
        this.#left.add({ ...known.element, index, out, begun: false, silentSince: undefined });
        continue;
      }
      if (known !== undefined) await displace(known.element, out);
      digests.push(digest);
      fresh.push({ index, out });
    }
    // Cells that were not requested now go on.
    for (const { element } of running.values()) this.#submissions.delete(element.submission);
    if (stop.aborted || fresh.length === 0) return;
    writeAtomically(submission.script, scriptFor(submission.folder));
    const jobs: { readonly job: number; readonly first: number }[] = [];
    for (let first = 0; first < fresh.length; first += mostElements) {
      const part = fresh.slice(first, first + mostElements);
      const job = await submit({
        script: submission.script,
        arguments: [String(first)],
        size: part.length,
        atOnce: this.#workers,
        options: [...defaults, `--output=${submission.logs(first)}`, ...this.#args],
      });
      jobs.push({ job, first });
      submission.writeSubmitted({ jobs, tasks: digests });
      for (const [element, { index, out }] of part.entries())
        this.#left.add({
          ...{ job, element, submission, cell: first + element },
          ...{ index, out, begun: false, silentSince: undefined },
        });
    }
  }

  /**
   * By folder of results: elements of an earlier follower that wait or run. The remains of others are
   * removed.
   */
  async #runningElements(): Promise<Map<string, { readonly digest: string; readonly element: Element }>> {
    const running = new Map<string, { readonly digest: string; readonly element: Element }>();
    for (const submission of Submission.all(this.#above)) {
      const { jobs = [], tasks = [] } = submission.readSubmitted() ?? {};
      const states = await elementsOf(jobs.map(({ job }) => job));
      if (states === undefined)
        throw new PlasticoreError('system', 'Slurm does not answer, and jobs of before may still run', {
          file: option('on', 'slurm'),
        });
      const active = states.filter((state) => !hasEnded(state));
      this.#submissions.add(submission);
      for (const { job, element } of active) {
        const cell = (jobs.find((part) => part.job === job)?.first ?? 0) + element;
        const { out } = submission.readTask(cell);
        if (out !== undefined)
          running.set(out, { digest: tasks[cell] ?? '', element: { job, element, submission, cell } });
      }
    }
    return running;
  }

  /** Reads the elements' output. */
  #readFiles(): void {
    const submissions = new Set([...this.#left].map(({ submission }) => submission));
    const names = new Map([...submissions].map((submission) => [submission, submission.names()]));
    for (const followed of [...this.#left]) {
      const { index, submission, cell } = followed;
      const has = (kind: string) => names.get(submission)?.has(`${cell}.${kind}`) === true;
      if (has('progress')) {
        const progress = submission.readProgress(cell);
        this.#begin(followed);
        if (progress !== undefined) this.#batch.advance(index, progress);
      }
      if (!has('end')) continue;
      try {
        this.#end(followed);
      } catch (error) {
        this.#batch.fail(error);
        return;
      }
    }
  }

  #begin(followed: FollowedElement): void {
    if (!followed.begun) this.#batch.begin(followed.index);
    followed.begun = true;
  }

  #end(followed: FollowedElement): void {
    const { index, out, submission, cell } = followed;
    const end = submission.readEnd(cell);
    if (end === undefined) return;
    const report = end.is === 'done' ? readFinished(out) : undefined;
    // The report has not come here yet.
    if (end.is === 'done' && report === undefined) return;
    this.#left.delete(followed);
    if (end.is === 'failed') this.#batch.end(index, end);
    else if (report !== undefined) this.#batch.end(index, { is: 'done', report });
  }

  /** Finds which elements run, and which have ended silently. */
  async #askQueue(): Promise<void> {
    const states = await elementsOf([...new Set([...this.#left].map(({ job }) => job))]);
    // It may be busy, or restarting.
    if (states === undefined) return;
    const stateOf = new Map(states.map((state) => [`${state.job}_${state.element}`, state]));
    this.#readFiles();
    for (const followed of [...this.#left]) {
      const { job, element, submission, cell, out } = followed;
      const found = stateOf.get(`${job}_${element}`);
      if (found !== undefined && !hasEnded(found)) {
        followed.silentSince = undefined;
        if (found.state === 'RUNNING') this.#begin(followed);
        continue;
      }
      followed.silentSince ??= performance.now();
      // An element that is cancelled before its array has begun leaves the queue without a trace.
      const isKilled = found === undefined ? !followed.begun : found.state !== 'COMPLETED';
      const grace = isKilled ? graceMs.ended : graceMs.completed;
      if (performance.now() - followed.silentSince < grace) continue;
      this.#left.delete(followed);
      const state = found?.state ?? 'no longer in the queue';
      this.#lost.push({ name: basename(out), state, line: submission.lastLine(cell) });
    }
  }

  #refuseLost(): void {
    const [first] = this.#lost;
    if (first === undefined) return;
    const named = this.#lost.slice(0, mostNamed).map(({ name, state, line }) => {
      const said = state === 'FAILED' && line !== undefined ? `: ${line}` : '';
      return `${name} (${state}${said})`;
    });
    const more = this.#lost.length > mostNamed ? `, and ${this.#lost.length - mostNamed} more` : '';
    const remedies = new Set(this.#lost.flatMap(({ state }) => remedyFor(state) ?? []));
    throw new PlasticoreError(
      'system',
      `Slurm has ended ${this.#lost.length} of ${this.#batch.cells} cells before they were done: ${named.join(', ')}${more}`,
      {
        hint: [
          `what is done is kept: ${option('resume')} goes on from the checkpoints`,
          ...[...remedies].map((remedy) => `${remedy} in ${option('slurmArgs')} may help`),
        ].join('; '),
      },
    );
  }
}

/**
 * Refuses to run cells elsewhere while jobs that an earlier follower has left behind may run them.
 *
 * @param folder of the results
 * @throws PlasticoreError `usage`
 */
export function checkNoJobs(folder: string): void {
  const above = join(folder, meetingFolder);
  const isSubmitted = Submission.all(above).some((submission) => submission.readSubmitted() !== undefined);
  if (!isSubmitted) return;
  throw new PlasticoreError('usage', 'jobs of Slurm may still work on these cells', {
    file: folder,
    hint: `${option('on', 'slurm')} with ${option('resume')} follows them; or cancel them, and remove ${above}`,
  });
}

/** A cell takes one processor. The user's options come later, and win. */
const defaults = ['--job-name=plasticore', '--ntasks=1', '--cpus-per-task=1'];
const mostNamed = 3;

/** The program that runs an element, as this one runs: built JavaScript, or TypeScript through tsx. */
function scriptFor(folder: string): string {
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(isSource ? './node-slurm-job.ts' : './node-slurm-job.js', import.meta.url);
  const loader = isSource ? ['--import', import.meta.resolve('tsx')] : [];
  const words = [process.execPath, ...loader, fileURLToPath(program), folder];
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return `#!/bin/sh\nexec ${quoted.join(' ')} "$1"\n`;
}

/** Cancels an element of an earlier follower that runs another task in a cell's folder, and removes its results. */
async function displace(element: Element, out: string): Promise<void> {
  await cancelled([element]);
  removeResults(out);
}

/** Cancels elements, and waits until they have ended. */
async function cancelled(elements: readonly Element[]): Promise<void> {
  if (elements.length === 0) return;
  await cancel(elements);
  const names = new Set(elements.map(({ job, element }) => `${job}_${element}`));
  const jobs = [...new Set(elements.map(({ job }) => job))];
  const start = performance.now();
  while (performance.now() - start < cancelMs) {
    const states = await elementsOf(jobs);
    const isActive = (state: ElementState) => !hasEnded(state) && names.has(`${state.job}_${state.element}`);
    if (states !== undefined && !states.some(isActive)) return;
    await pause(filesMs);
  }
}

async function pause(ms: number, stop?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { ...(stop !== undefined && { signal: stop }) }).catch(() => undefined);
}
