import { describe, expect, test } from 'vitest';
import { Dice } from '../../src/explore/index.ts';
import { crowding, ranksOf } from '../../src/explore/search/index.ts';
import { type Costs, dominates, frontOf } from '../../src/report/index.ts';
import { hypervolume } from './hypervolume.ts';

/** Costs on a coarse lattice, so that there are ties. */
function randomCosts(count: number, objectives: number, seed: number, values = 6): Costs[] {
  const dice = new Dice(seed);
  return Array.from({ length: count }, () => Array.from({ length: objectives }, () => dice.below(values)));
}

test('a design dominates another if it is no worse in anything and better in something', () => {
  expect(dominates([1, 2], [1, 3])).toBe(true);
  expect(dominates([1, 2], [1, 2])).toBe(false);
  expect(dominates([0, 3], [1, 2])).toBe(false);
});

describe.each([1, 2, 3, 4])('with %i objectives', (objectives) => {
  test('the front has exactly the designs that no other dominates', () => {
    for (let seed = 0; seed < 30; seed++) {
      const designs = randomCosts(40, objectives, seed);
      const expected = designs.flatMap((costs, index) =>
        designs.some((other) => dominates(other, costs)) ? [] : [index],
      );
      expect(frontOf(designs)).toEqual(expected);
    }
  });

  test('the hypervolume counts the cells of a lattice that some design dominates', () => {
    const reference = new Array<number>(objectives).fill(7);
    for (let seed = 0; seed < 15; seed++) {
      const designs = randomCosts(12, objectives, seed, 9);
      let cells = 0;
      for (let cell = 0; cell < 7 ** objectives; cell++) {
        const corner = reference.map((_, axis) => Math.floor(cell / 7 ** axis) % 7);
        // A cell counts if a design that lies within the reference is at most its lower corner.
        const isBelow = (costs: Costs) => costs.every((cost, axis) => cost <= (corner[axis] ?? 0));
        const isInside = (costs: Costs) => costs.every((cost) => cost < 7);
        if (designs.some((costs) => isInside(costs) && isBelow(costs))) cells++;
      }
      expect(hypervolume(designs, reference)).toBeCloseTo(cells, 9);
    }
  });
});

test('designs without costs are on no front, and come last', () => {
  const designs = [undefined, [1, 1], [2, 2], undefined, [0, 3]];
  expect(frontOf(designs)).toEqual([1, 4]);
  const last = Number.POSITIVE_INFINITY;
  expect(ranksOf(designs.map((costs) => ({ costs })))).toEqual([last, 0, 1, last, 0]);
});

test('designs that miss constraints come after those that meet them, the nearest first', () => {
  const answers = [
    { violation: 2 },
    { costs: [1, 1] },
    {},
    { violation: 0.5 },
    { costs: [2, 2] },
    { violation: 2 },
  ];
  expect(ranksOf(answers)).toEqual([3, 0, Number.POSITIVE_INFINITY, 2, 1, 3]);
});

// By hand: of costs 0, 1, 4 in one objective and 4, 3, 0 in the other, the middle one has (4-0)/4 + (4-0)/4.
test('the ends of a rank are infinitely far from their neighbours', () => {
  expect(
    crowding([
      [0, 4],
      [1, 3],
      [4, 0],
    ]),
  ).toEqual([Number.POSITIVE_INFINITY, 2, Number.POSITIVE_INFINITY]);
});
