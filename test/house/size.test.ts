import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/root.ts';

/*
 * The house stays one that a person can hold. A commit that raises a budget says why, and what it has replaced; one
 * that takes lines out lowers it.
 */

/** Lines that each room of `src` may have, tests aside; `.` holds the entries of the package. */
const budgets: Readonly<Record<string, number>> = {
  '.': 400,
  chips: 7100,
  cli: 6900,
  compiler: 7200,
  control: 2250,
  data: 5620,
  engine: 12550,
  experiment: 6000,
  explore: 5100,
  fs: 850,
  golden: 750,
  hardware: 6800,
  image: 4750,
  import: 7550,
  isa: 2800,
  library: 400,
  machine: 3600,
  microcode: 1850,
  nir: 1850,
  program: 2650,
  random: 300,
  report: 11500,
  rtl: 9450,
  schedule: 800,
  text: 2050,
  trace: 3550,
  wasm: 1650,
};

/** Files that `src` may have, and the lines by which a budget may stay above what is there. */
const mostFiles = 850;
const mostSlack = 100;

const files = readdirSync(join(root, 'src'), { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'src').length + 1));

const lines = new Map<string, number>();
for (const file of files) {
  const room = file.includes('/') ? file.slice(0, file.indexOf('/')) : '.';
  const count = readFileSync(join(root, 'src', file), 'utf8').split('\n').length - 1;
  lines.set(room, (lines.get(room) ?? 0) + count);
}

test('each room has a budget of lines, and no other has one', () => {
  expect([...lines.keys()].sort()).toEqual(Object.keys(budgets).sort());
});

test.each(Object.entries(budgets))('%s has at most %i lines, and about as many', (room, budget) => {
  const count = lines.get(room) ?? 0;
  expect(count, `${room} has ${count} lines`).toBeLessThanOrEqual(budget);
  expect(count, `lower the budget of ${room}`).toBeGreaterThanOrEqual(budget - mostSlack);
});

test('there are no more files than one finds one’s way in', () => {
  expect(files.length).toBeLessThanOrEqual(mostFiles);
});
