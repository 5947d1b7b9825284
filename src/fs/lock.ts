import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { PlasticoreError } from '../text/index.ts';
import { cannotWrite } from './fault.ts';
import { makeFolder } from './write.ts';

/** The file that tells which process has locked its folder. */
export const lockFile = 'plasticore.lock';

/** The holder of a lock: one line of JSON. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Random and unique to each lock: another process may have the same number, here or on a host of the same name. */
  readonly token: string;
}

/** How often a holder shows that it is alive, and after how long a silent one on another host counts as dead. */
const beatMs = 10_000;
const deadMs = 120_000;
/** The age at which an empty lock file, or the mark of a takeover, must stem from a process that was killed. */
const momentMs = 1000;

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

/**
 * Locks a folder for one writer at a time: a run, a sweep, a fetch. The folder is created if it does not exist. The
 * lock of a killed process is ignored.
 *
 * @returns a function that releases the lock
 * @throws PlasticoreError `usage` if another process holds it, `file` if it cannot be written
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

/** @returns false if the file already existed */
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
 * Removes the lock of a process that has ended.
 *
 * Several processes may find the same dead holder, and a slow one must not remove the lock that a fast one has taken
 * since. So whoever removes it first creates a file whose name belongs to that dead lock alone, then checks again.
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
  // The process was killed before it wrote its identity, or is about to write it.
  if (holder === undefined) return !isOlder(path, momentMs);
  if (held.has(holder.token)) return true;
  // A holder with our process number that is not us has ended, or is in another container.
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
  return new PlasticoreError('usage', `another plasticore process is writing there${who}`, {
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
    // The lock was removed by hand.
  }
}
