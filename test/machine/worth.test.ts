import { expect, test } from 'vitest';
import { Worth } from '../../src/machine/core-groups.ts';

/** How many of some runs are shared, if a run takes so long alone and together. */
function shared(worth: Worth, runs: number, clock: { now: number }, alone: number, together: number): number {
  let count = 0;
  for (let run = 0; run < runs; run++) {
    const isShared = worth.begin();
    count += Number(isShared);
    clock.now += isShared ? together : alone;
    worth.end();
  }
  return count;
}

test('a job is shared where that is faster, and not where it is slower, but for trials', () => {
  const clock = { now: 0 };
  const worth = new Worth(() => clock.now);
  expect(shared(worth, 8, clock, 10, 6)).toBe(4);
  expect(shared(worth, 10_000, clock, 10, 6)).toBeGreaterThan(9_900);
  const slow = new Worth(() => clock.now);
  shared(slow, 8, clock, 10, 60);
  expect(shared(slow, 10_000, clock, 10, 60)).toBeLessThan(50);
});

test('what becomes faster is found out', () => {
  const clock = { now: 0 };
  const worth = new Worth(() => clock.now);
  shared(worth, 1000, clock, 10, 60);
  expect(shared(worth, 20_000, clock, 10, 5)).toBeGreaterThan(15_000);
});
