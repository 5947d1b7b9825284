import { describe, expect, test } from 'vitest';
import { crossing, type InferenceCost } from '../scripts/results/crossing.ts';

/** Energy of memory and of logic. */
const at = (activity: number, memory: number, logic = 0): InferenceCost => ({
  activity,
  bySource: { memory, logic },
});

describe('the activity at which a network takes the energy of its twin', () => {
  test('lies between the nearest workings', () => {
    // 100 + (130 - 100) / (200 - 100) of the way from 1 to 2.
    expect(crossing([at(1, 100), at(2, 200), at(4, 900)], at(0.5, 130))?.activity).toBeCloseTo(1.3, 12);
    // (550 - 200) / 700 of the way from 2 to 4; the order of the workings does not matter.
    expect(crossing([at(4, 900), at(1, 100), at(2, 200)], at(0.5, 550))?.activity).toBeCloseTo(3, 12);
  });

  test('is carried on along the last two where it lies beyond all', () => {
    expect(crossing([at(1, 100), at(2, 200)], at(1, 50))?.activity).toBeCloseTo(0.5, 12);
    expect(crossing([at(1, 100), at(2, 200)], at(1, 350))?.activity).toBeCloseTo(3.5, 12);
  });

  test('is nowhere if more activity takes no more energy', () => {
    expect(crossing([at(1, 100), at(2, 100)], at(1, 120))).toBeUndefined();
    expect(crossing([at(1, 100)], at(1, 120))).toBeUndefined();
  });

  test('does not move with figures on which both rest alike', () => {
    const intervals = { memory: { low: 0.5, high: 2 } };
    const found = crossing([at(1, 100), at(2, 200)], at(1, 150), intervals);
    expect(found?.low).toBeCloseTo(1.5, 12);
    expect(found?.high).toBeCloseTo(1.5, 12);
  });

  test('has no bound on the side where shifted figures leave no crossing', () => {
    // Memory falls by 30 for a unit of activity, logic rises by 80: 1 + (120 - 100) / 50 = 1.4. Logic at 0.3: 50 + 15 =
    // 65 and 20 + 39 = 59, so that more activity takes no more energy.
    const network = [at(1, 50, 50), at(2, 20, 130)];
    const intervals = { logic: { low: 0.3, high: 1 } };
    // A twin of 120 of memory takes more than both: no activity is too much.
    expect(crossing(network, at(1, 120), intervals)).toEqual({
      activity: expect.closeTo(1.4, 12),
      low: expect.closeTo(1.4, 12),
      high: Number.POSITIVE_INFINITY,
    });
    // A twin of 120 of logic takes 36 then, less than both: no activity is little enough.
    expect(crossing(network, at(1, 0, 120), intervals)).toEqual({
      activity: expect.closeTo(1.4, 12),
      low: Number.NEGATIVE_INFINITY,
      high: expect.closeTo(1.4, 12),
    });
  });

  test('moves with those that weigh more in one of them, sources independently', () => {
    // The network takes 100 of memory for each unit of activity, the twin 100 of memory and 20 of logic: 1.2.
    // Logic at half: 1.1; at 1.5: 1.3. Memory at half: 70 / 50 = 1.4; at double: 220 / 200 = 1.1.
    const intervals = { memory: { low: 0.5, high: 2 }, logic: { low: 0.5, high: 1.5 } };
    const found = crossing([at(0, 0), at(1, 100), at(2, 200)], at(1, 100, 20), intervals);
    expect(found?.activity).toBeCloseTo(1.2, 12);
    expect(found?.low).toBeCloseTo(1.2 - Math.hypot(0.1, 0.1), 12);
    expect(found?.high).toBeCloseTo(1.2 + Math.hypot(0.1, 0.2), 12);
  });
});
