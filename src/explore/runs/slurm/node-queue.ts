/** Queries to Slurm, by its own commands. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, option, PlasticoreError, tableOf } from '../../../text/index.ts';

const run = promisify(execFile);

/** The state of an element of a job array. */
export interface ElementState {
  readonly job: number;
  /** Its number in the array. */
  readonly element: number;
  /** In Slurm's words: PENDING, RUNNING, TIMEOUT. */
  readonly state: string;
}

/** States in which an element has ended, and a remedy where Slurm ended it. `man squeue`, job state codes. */
const endStates: Readonly<Record<string, string>> = tableOf({
  COMPLETED: '',
  BOOT_FAIL: '',
  CANCELLED: '',
  DEADLINE: 'a later --deadline',
  FAILED: '',
  NODE_FAIL: '',
  OUT_OF_MEMORY: 'more of --mem',
  PREEMPTED: 'a partition that is not preempted, or --requeue',
  REVOKED: '',
  TIMEOUT: 'a longer --time',
});

export function hasEnded({ state }: ElementState): boolean {
  return endStates[state] !== undefined;
}

/** A remedy for an end in this state; undefined if none is known. */
export function remedyFor(state: string): string | undefined {
  return endStates[state] || undefined;
}

/** An array of jobs to submit. */
export interface JobArray {
  /** The script that each element runs, and its arguments. */
  readonly script: string;
  readonly arguments: readonly string[];
  /** Elements, which count from 0, and the most that run at the same time. */
  readonly size: number;
  readonly atOnce: number | undefined;
  /** Options of `sbatch`. */
  readonly options: readonly string[];
}

/**
 * Submits an array of jobs.
 *
 * @returns the number of the job
 * @throws PlasticoreError `usage` if there is no Slurm, or it refuses
 */
export async function submit({ script, arguments: given, size, atOnce, options }: JobArray): Promise<number> {
  const array = `--array=0-${size - 1}${atOnce === undefined ? '' : `%${atOnce}`}`;
  const args = ['--parsable', ...options, array, script, ...given];
  const answer = await ask('sbatch', args).catch((error: unknown) => {
    throw new PlasticoreError('usage', `Slurm refuses the jobs: ${saidBy(error)}`, {
      file: option('on', 'slurm'),
      hint: `${option('slurmArgs')} passes options to sbatch, such as --partition`,
    });
  });
  // With several clusters, the cluster's name follows.
  const job = Number.parseInt(answer.split(';')[0] ?? '', 10);
  if (Number.isInteger(job)) return job;
  throw new PlasticoreError('system', `sbatch names no job: '${answer.trim()}'`, {
    file: option('on', 'slurm'),
  });
}

/**
 * Makes sure that there is a Slurm to submit to.
 *
 * @throws PlasticoreError `usage` if there is none, or it is not configured
 */
export async function checkSlurm(): Promise<void> {
  await ask('sbatch', ['--version']).catch((error: unknown) => {
    throw new PlasticoreError('usage', `Slurm does not answer: ${saidBy(error)}`, {
      file: option('on', 'slurm'),
      hint: `SLURM_CONF names its configuration; sinfo shows whether it answers; without ${option('on')}, cells run on this computer`,
    });
  });
}

/** The elements of jobs that Slurm still knows; undefined while it does not answer. */
export async function elementsOf(jobs: readonly number[]): Promise<readonly ElementState[] | undefined> {
  if (jobs.length === 0) return [];
  const args = ['--noheader', '--array', '--states=all', '--format=%F %K %T', `--jobs=${jobs.join(',')}`];
  try {
    const answer = await ask('squeue', args);
    return answer.split('\n').flatMap((line) => {
      const [job, element, state] = line.trim().split(' ');
      if (state === undefined) return [];
      return [{ job: Number(job), element: Number(element), state }];
    });
  } catch (error) {
    // It forgets jobs some minutes after their end.
    return saidBy(error).includes('Invalid job id') ? [] : undefined;
  }
}

/** Cancels elements: Slurm asks them to end, and they write a checkpoint. */
export async function cancel(elements: readonly Pick<ElementState, 'job' | 'element'>[]): Promise<void> {
  const jobs = new Map<number, number[]>();
  for (const { job, element } of elements) jobs.set(job, [...(jobs.get(job) ?? []), element]);
  const named = [...jobs].map(([job, own]) => `${job}_[${own.join(',')}]`);
  // One that has just ended cannot be cancelled.
  if (named.length > 0) await ask('scancel', ['--quiet', ...named]).catch(() => undefined);
}

async function ask(command: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(command, [...args], { maxBuffer: 2 ** 28 });
    return stdout;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new PlasticoreError('usage', `there is no Slurm here: no command '${command}'`, {
      file: option('on', 'slurm'),
      hint: `use it where jobs are submitted, on a cluster's login node; without ${option('on')}, cells run on this computer`,
    });
  }
}

/** The message of a failed command, on one line. */
function saidBy(error: unknown): string {
  if (error instanceof PlasticoreError) throw error;
  const { stderr } = error as { readonly stderr?: string };
  const text = stderr?.trim() || messageOf(error);
  return text.replaceAll(/\s*\n\s*/g, '; ').replaceAll('sbatch: error: ', '');
}
