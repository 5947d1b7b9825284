import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { PlasticoreError } from '../text/index.ts';
import { cannotWrite } from './fault.ts';
import { makeFolder } from './write.ts';

/** The file in a folder that tells which process has it. */
export const lockFile = 'plasticore.lock';

/** Who holds a folder: a line of JSON. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Random, of each lock its own: a process may have the number of another, on this host and on others of its name. */
  readonly token: string;
}

/** How often a holder shows that it lives, and after how long without that one that cannot be asked is taken for dead. */
const beatMs = 10_000;
const deadMs = 120_000;
/** After how long what takes no time, or a file without its text, is left from a process that was killed. */
const momentMs = 1000;

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

/**
 * Takes a folder for one writer at a time: a run, a sweep, a fetch. It is made if it is not there. What a killed process
 * has left of a lock does not count.
 *
 * @returns what lets it go again
 * @throws PlasticoreError `usage` where another process has it, `file` where it cannot be written
 */
export function lockFolder(folder: string): () => void {
  makeFolder(folder);
  const path = resolve(join(folder, lockFile));
  const mine: Holder = { pid: process.pid, host: hostname(), token: randomBytes(16).toString('hex') };
  while (!create(path, `${JSON.stringify(mine)}\n`)) takeFromTheDead(path, folder);
  held.add(mine.token);
  const beat = setInterval(() => touch(path), beatMs).unref();
  return () => {
    clearInterval(beat);
    held.delete(mine.token);
    if (holderOf(read(path) ?? '')?.token === mine.token) rmSync(path, { force: true });
  };
}

/** @returns whether it was not there yet */
function create(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cannotWrite(path, error);
  }
}

/**
 * Clears away the lock of a process that has ended.
 *
 * Several may find the same dead holder, and a slow one of them must not remove the lock that a fast one has taken
 * since: who clears it away first makes a file of a name that belongs to that dead lock alone, then looks again.
 */
function takeFromTheDead(path: string, folder: string): void {
  const text = read(path);
  if (text === undefined) return;
  const holder = holderOf(text);
  if (isAlive(path, holder)) throw inUse(path, folder, holder);
  const name = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const claim = `${path}.${name}.tmp`;
  if (!create(claim, '')) {
    if (isOlder(claim, momentMs)) rmSync(claim, { force: true });
    return;
  }
  try {
    if (read(path) === text && !isAlive(path, holder)) rmSync(path, { force: true });
  } finally {
    rmSync(claim, { force: true });
  }
}

function isAlive(path: string, holder: Holder | undefined): boolean {
  // Killed before it had written who it is, or just about to.
  if (holder === undefined) return !isOlder(path, momentMs);
  if (held.has(holder.token)) return true;
  // One of our own number that is not us has ended, or is in another container.
  if (holder.host !== hostname() || holder.pid === process.pid) return !isOlder(path, deadMs);
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isOlder(path: string, ms: number): boolean {
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return written === undefined || Date.now() - written > ms;
}

function inUse(path: string, folder: string, holder: Holder | undefined): PlasticoreError {
  const who = holder === undefined ? '' : ` (process ${holder.pid} on ${holder.host})`;
  return new PlasticoreError('usage', `another plasticore is writing there${who}`, {
    file: folder,
    hint: `wait until it ends, or choose another folder; if it has ended, remove ${path}`,
  });
}

function holderOf(text: string): Holder | undefined {
  try {
    const { pid, host, token } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string' && typeof token === 'string'
      ? { pid, host, token }
      : undefined;
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Removed by hand.
  }
}
