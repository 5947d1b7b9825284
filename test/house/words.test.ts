import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/root.ts';

/*
 * A person can read all that is written: a page that grows takes its words from others. To raise a budget, say in the
 * commit why, and what was taken down for it.
 */

test('all pages together have at most 100 000 words', () => {
  const listed = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' });
  const words = listed
    .trim()
    .split('\n')
    .map((path) => readFileSync(join(root, path), 'utf8').split(/\s+/).filter(Boolean).length);
  expect(words.length).toBeGreaterThan(50);
  expect(words.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(100_000);
});

test('the glossary has at most 60 terms', () => {
  const rows = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!term )/.test(line));
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.length).toBeLessThanOrEqual(60);
});
