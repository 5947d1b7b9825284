import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

/** What a build writes last. */
const result = join(root, 'dist', 'site', 'main.js');
/** What the build reads: the bundled files are in `bundled.js`. */
const sources = ['src', 'site', 'scripts', 'experiments', 'hw-models', 'programs'];
const lock = join(root, '.test-build.lock');

/**
 * Builds `dist/` if a source is newer. Tests that spawn the command run the shipped code, which starts in a third of
 * the time that the sources need. The first worker that needs it builds; the others wait.
 */
export function ensureBuilt(): void {
  while (!isBuilt()) {
    if (takeLock()) {
      try {
        if (!isBuilt()) build();
      } finally {
        rmdirSync(lock);
      }
    } else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

/**
 * A module of the library as it is shipped, built before if need be.
 *
 * @param path in `dist/`
 */
export async function builtModule<Module>(path: string): Promise<Module> {
  ensureBuilt();
  return import(join(root, 'dist', path)) as Promise<Module>;
}

function isBuilt(): boolean {
  return sources.every((folder) => newest(join(root, folder)) < timeOf(result));
}

function build(): void {
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A lock that a killed process has left is no lock. */
function takeLock(): boolean {
  const staleMs = 120_000;
  if (Date.now() - timeOf(lock) > staleMs && existsSync(lock)) rmdirSync(lock);
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

/** When the last of the files below a folder was changed, or the folder itself. */
function newest(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(timeOf(folder), ...entries.map((entry) => timeOf(join(folder, entry))));
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
