import { describe, expect, test } from 'vitest';
import { inThorough } from '../support/thorough.ts';
import { checkFaultsOf } from './random-faults.ts';

const batch = 20;
const seeds = inThorough(200, 60);

describe('a random program on several cores with faults does the same on both engines', () => {
  const counts = { stuck: 0, fresh: 0, lost: 0 };

  test.each(Array.from({ length: seeds / batch }, (_, index) => 60_001 + index * batch))(
    'from seed %i',
    (first) => {
      for (let seed = first; seed < first + batch; seed++) {
        const outcome = checkFaultsOf(seed);
        if (outcome.is === 'different') expect.fail(`seed ${seed}: ${outcome.where}`);
        if (outcome.is !== 'equal') continue;
        if (outcome.lost > 0) counts.lost += 1;
        if (outcome.errors === undefined) continue;
        if (outcome.errors === 'stuck' || outcome.flips > 0) counts[outcome.errors] += 1;
      }
    },
  );

  test('and many of them have cells that fail, and lose packets', () => {
    expect(counts.stuck).toBeGreaterThan(inThorough(10, 4));
    expect(counts.fresh).toBeGreaterThan(inThorough(5, 3));
    expect(counts.lost).toBeGreaterThan(inThorough(5, 0));
  });
});
