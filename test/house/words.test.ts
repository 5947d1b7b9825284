import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/root.ts';

/*
 * A person can read all that is written: a page that grows takes its words from others. To raise a budget, say in the
 * commit why, and what was taken down for it.
 */

/** Folders of what is installed, built or run. */
const made = ['node_modules', 'dist', '_site', 'runs'];

function pagesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return made.includes(entry.name) ? [] : pagesBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

test('all pages together have at most 100 000 words', () => {
  const words = pagesBelow(root).map(
    (path) => readFileSync(path, 'utf8').split(/\s+/).filter(Boolean).length,
  );
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
