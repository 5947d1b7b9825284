import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../support/build.ts';
import type { Finished } from './in-process.ts';

/** The command as shipped. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

ensureBuilt();

/** Runs the command line as a process of its own, without a terminal. */
export function plasticore(args: readonly string[], options: { cwd?: string } = {}): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    ...options,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Starts it without waiting for its end. */
export function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}
