import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { root } from '../support/root.ts';

const folder = mkdtempSync(join(tmpdir(), 'plasticore-counts-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs test files, which use vitest's functions as globals, with only this reporter. */
function runTests(files: Readonly<Record<string, string>>): { status: number | null; lines: string[] } {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.test.js`), text);
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      ...[join(root, 'node_modules/vitest/vitest.mjs'), 'run'],
      ...['--globals', `--root=${folder}`],
      ...[`--reporter=${join(root, 'test/support/count-reporter.ts')}`],
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, lines: stdout.trimEnd().split('\n') };
}

test('counts tests, and what fails outside them', () => {
  const files = {
    some: `
      test('passes', () => {});
      test('passes too', () => {});
      test('fails', () => expect(1).toBe(2));
      test('is skipped', { skip: true, meta: { needs: 'a cat: adopt one' } }, () => {});
      test('is skipped, too', { skip: true, meta: { needs: 'a cat: adopt one' } }, () => {});
    `,
    hook: `
      afterAll(() => { throw new Error('after all'); });
      test('passes', () => {});
    `,
    broken: 'not javascript',
  };
  expect(runTests(files)).toEqual({
    status: 1,
    lines: ['2 skipped, which need a cat: adopt one', '3 passed, 3 failed, 2 skipped'],
  });
});
