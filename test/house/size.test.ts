import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/root.ts';

/*
 * The house stays one that a person can hold. A commit that raises a budget says why, and what it has replaced; one
 * that takes lines out lowers it. Each budget is a file of its own, so that work in two rooms does not meet here.
 */

/** Has a file for each room of `src`: how many lines it may have, tests aside; `entries` for those of the package. */
const folder = join(import.meta.dirname, 'budgets');
const budgets = readdirSync(folder).map(
  (room) => [room, Number(readFileSync(join(folder, room), 'utf8'))] as const,
);

/** Files that `src` may have, and the lines by which a budget may stay above what is there. */
const mostFiles = 850;
const mostSlack = 100;

const files = readdirSync(join(root, 'src'), { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'src').length + 1));

const lines = new Map<string, number>();
for (const file of files) {
  const room = file.includes('/') ? file.slice(0, file.indexOf('/')) : 'entries';
  const count = readFileSync(join(root, 'src', file), 'utf8').split('\n').length - 1;
  lines.set(room, (lines.get(room) ?? 0) + count);
}

test('each room has a budget of lines, and no other has one', () => {
  expect([...lines.keys()].sort()).toEqual(budgets.map(([room]) => room).sort());
});

test.each(budgets)('%s has at most %i lines, and about as many', (room, budget) => {
  const count = lines.get(room) ?? 0;
  expect(count, `${room} has ${count} lines`).toBeLessThanOrEqual(budget);
  expect(count, `lower the budget of ${room}`).toBeGreaterThanOrEqual(budget - mostSlack);
});

test('there are no more files than one finds one’s way in', () => {
  expect(files.length).toBeLessThanOrEqual(mostFiles);
});
