import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { cannotWrite, makeFolder } from '../../files/node.ts';
import { PlasticoreError } from '../../source/index.ts';
import { lockFile } from './node-layout.ts';

/** Who holds a folder: a line of JSON. */
interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** How often a holder shows that it lives, and after how long without that one on another host is taken for dead. */
const beatMs = 10_000;
const deadMs = 120_000;

/** Locks that this process holds. */
const held = new Set<string>();

/**
 * Takes a folder for one sweep at a time; it is made if it is not there. What a killed process has left of a lock does
 * not count.
 *
 * @returns what lets it go again
 * @throws PlasticoreError `usage` where another sweep has it, `file` where it cannot be written
 */
export function lockFolder(folder: string): () => void {
  makeFolder(folder);
  const path = resolve(join(folder, lockFile));
  const mine: Holder = { pid: process.pid, host: hostname() };
  while (!create(path, `${JSON.stringify(mine)}\n`)) takeFromTheDead(path, folder);
  held.add(path);
  const beat = setInterval(() => touch(path), beatMs).unref();
  return () => {
    clearInterval(beat);
    held.delete(path);
    if (holderOf(read(path) ?? '')?.pid === process.pid) rmSync(path, { force: true });
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

/** Clears away the lock of a process that has ended. */
function takeFromTheDead(path: string, folder: string): void {
  const text = read(path);
  if (text === undefined) return;
  const holder = holderOf(text);
  if (isAlive(path, holder)) throw inUse(path, folder, holder);
  // Two may have found the same dead holder: only one of them gets its file, and the other must not take the first's.
  const aside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cannotWrite(path, error);
  }
  const isTheSame = read(aside) === text;
  if (isTheSame) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function isAlive(path: string, holder: Holder | undefined): boolean {
  if (held.has(path)) return true;
  // Killed before it had written who it is, or just about to.
  if (holder === undefined) return !isOlder(path, 1000);
  if (holder.host !== hostname()) return !isOlder(path, deadMs);
  // It would be in `held`: an earlier process had our number.
  if (holder.pid === process.pid) return false;
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
  return new PlasticoreError('usage', `another sweep is running there${who}`, {
    file: folder,
    hint: `wait for its end, or choose another --out; if it has ended, remove ${path}`,
  });
}

function holderOf(text: string): Holder | undefined {
  try {
    const { pid, host } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined;
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
