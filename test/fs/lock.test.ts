import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from '../../src/fs/index.ts';

let folder = '';
let lock = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plasticore-lock-'));
  lock = join(folder, 'plasticore.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The largest number that a process of Linux may have is 2^22. */
const nobody = 2 ** 22 + 1;
const foreign = (pid: number, host = hostname()) => `${JSON.stringify({ pid, host, token: 'foreign' })}\n`;

/** Writes a lock as it was so many seconds ago. */
function leave(text: string, secondsAgo: number, file = lock): void {
  writeFileSync(file, text);
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(file, at, at);
}

describe('the lock of a folder', () => {
  test('is held once, and let go', () => {
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(
      `another plasticore process is writing there (process ${process.pid}`,
    );
    release();
    expect(readdirSync(folder)).toEqual([]);
    lockFolder(folder)();
  });

  test('that another has taken after its removal by hand is not let go by the first', () => {
    const release = lockFolder(folder);
    const text = foreign(process.pid);
    writeFileSync(lock, text);
    release();
    expect(readFileSync(lock, 'utf8')).toBe(text);
  });

  test.each([
    ['a process that has ended', foreign(nobody), 0],
    ['one on another host that no longer shows that it lives', foreign(1, 'other.invalid'), 180],
    ['an earlier process of our own number', foreign(process.pid), 180],
    ['one that was killed before it had written who it is', '', 5],
  ])('of %s does not count', (_, text, secondsAgo) => {
    leave(text, secondsAgo);
    const release = lockFolder(folder);
    expect(readFileSync(lock, 'utf8')).toContain(`"pid":${process.pid}`);
    expect(readdirSync(folder)).toEqual(['plasticore.lock']);
    release();
    expect(existsSync(lock)).toBe(false);
  });

  test.each([
    ['a process that lives', foreign(process.ppid), 1000],
    ['one on another host that showed lately that it lives', foreign(1, 'other.invalid'), 60],
    ['one of our own number that did, in another container', foreign(process.pid), 60],
    ['one that is about to write who it is', '', 0],
  ])('of %s counts', (_, text, secondsAgo) => {
    leave(text, secondsAgo);
    expect(() => lockFolder(folder)).toThrow('another plasticore process is writing there');
    expect(readFileSync(lock, 'utf8')).toBe(text);
  });

  test('of a dead process is cleared away even if another was killed while it did that', () => {
    const text = foreign(nobody);
    leave(text, 0);
    const digest = createHash('sha256').update(text).digest('hex');
    leave('', 5, `${lock}.${digest.slice(0, 8)}.tmp`);
    const release = lockFolder(folder);
    release();
    expect(readdirSync(folder)).toEqual([]);
  });
});
