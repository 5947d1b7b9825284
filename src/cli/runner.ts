import { onSlurm, type Runner } from '../explore/node.ts';
import { option, PlasticoreError } from '../text/index.ts';
import type { OptionRow } from './command.ts';
import { choiceOption, textOption, workersOption } from './options.ts';

/** Options of commands that run many cells: where they run. */
export const runnerOptions = {
  workers: workersOption,
  on: {
    ...choiceOption(
      ['local', 'slurm'],
      'Run cells on threads of this computer, or as an array of jobs on a cluster; results are the same',
    ),
    default: 'local',
  },
  'slurm-args': textOption(
    'Options for sbatch, such as "partition=long time=2:00:00 mem=2G"; with --on slurm',
  ),
} as const satisfies Readonly<Record<string, OptionRow>>;

/** The values of {@link runnerOptions}, and the folder of the results. */
export interface RunnerLine {
  readonly on: string;
  readonly slurmArgs?: string | undefined;
  readonly workers?: number | undefined;
  readonly out?: string | undefined;
}

/**
 * Where the cells of a command run; undefined for threads of this computer.
 *
 * @throws PlasticoreError `usage` for options that do not belong together
 */
export function runnerOf({ on, slurmArgs, workers, out }: RunnerLine): Runner | undefined {
  if (on !== 'slurm') {
    if (slurmArgs === undefined) return undefined;
    throw new PlasticoreError('usage', `${option('slurmArgs')} needs ${option('on', 'slurm')}`);
  }
  if (out === undefined)
    throw new PlasticoreError('usage', `${option('on', 'slurm')} needs ${option('out')}`, {
      hint: 'a folder that the nodes of the cluster reach under the same name',
    });
  return onSlurm({ folder: out, args: optionsIn(slurmArgs ?? ''), workers });
}

/** What a signal leaves of the cells of a command, in words. */
export function leftIn(what: string, { on, out }: RunnerLine): string[] {
  if (out === undefined) return [];
  const jobs = on === 'slurm' ? ['its jobs are cancelled'] : [];
  return [...jobs, `${what} in ${out}: repeat the command with --resume to continue`];
}

/** The options in a line, which may leave out their dashes; quotes hold one with spaces together. */
function optionsIn(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words
    .map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'))
    .map((word) => (word.startsWith('-') ? word : `--${word}`));
}
