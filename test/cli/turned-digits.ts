import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readNpz } from '../../src/data/index.ts';
import { argv } from '../support/argv.ts';
import { commandLine } from './in-process.ts';

/** Runs a command that has nothing to say but its result. */
async function done(...line: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await commandLine(argv`${line} --quiet`);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

/**
 * Imports a network of sinabs into a folder, so that its last layer learns, and trains it on digits that are turned by
 * 30 degrees.
 *
 * @param limit of samples to learn and to test
 * @returns the share of right answers before and after, in percent, and how many weights of each projection have
 * changed
 */
export async function turnedDigits(
  folder: string,
  limit: string,
): Promise<{
  readonly before: number;
  readonly after: number;
  readonly changed: Readonly<Record<string, number>>;
}> {
  await done(
    ...['import', 'experiments/digits-sinabs.nir', '--from', 'sinabs', '--steps', '24', '-o', folder],
    ...['--calibrate', 'digits', '--encoder', 'phase', '--limit', '50', '--learn', '8'],
  );
  const run = join(folder, 'run');
  const right = async (...options: readonly string[]): Promise<number> => {
    const turned = argv`--set experiment.shift.rotateDegrees=30 --limit ${limit}`;
    const stdout = await done('run', join(folder, 'experiment.yaml'), ...turned, ...options);
    return Number(/^test +([\d.]+) %/m.exec(stdout)?.[1]);
  };
  const before = await right('--epochs', '0');
  const after = await right('--out', run);
  const weightsIn = (from: string) => readNpz(readFileSync(join(from, 'weights.npz')), '');
  const [first, last] = [weightsIn(folder), weightsIn(run)];
  const changesOf = (name: string): number => {
    const learnt = last.get(`${name}.weight`)?.data;
    return [...(first.get(name)?.data ?? [])].filter((weight, at) => weight !== learnt?.[at]).length;
  };
  const names = ['inputToIf1', 'if1ToIf4', 'if4ToIf8'];
  return { before, after, changed: Object.fromEntries(names.map((name) => [name, changesOf(name)])) };
}
