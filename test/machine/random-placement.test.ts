import { describe, expect, test } from 'vitest';
import { inThorough, thorough } from '../support/thorough.ts';
import { checkPlacementOf, type PlacementOutcome } from './random-placement.ts';

const batch = 25;
const seeds = inThorough(300, 75);

describe('a random program does the same wherever its neurons are, on both engines', () => {
  const counts: Record<PlacementOutcome['is'], number> = { equal: 0, skipped: 0, refused: 0, different: 0 };
  let [cut, empty] = [0, 0];
  const joint = { dense: 0, listed: 0 };

  test.each(Array.from({ length: seeds / batch }, (_, index) => 1 + index * batch))(
    'from seed %i',
    (first) => {
      for (let seed = first; seed < first + batch; seed++) {
        const outcome = checkPlacementOf(seed);
        counts[outcome.is] += 1;
        if (outcome.is === 'equal' && outcome.cut) cut += 1;
        if (outcome.is === 'equal' && outcome.empty) empty += 1;
        if (outcome.is === 'equal' && outcome.joint !== undefined) joint[outcome.joint] += 1;
        if (outcome.is === 'different')
          expect.fail(`seed ${seed}: ${outcome.where}; placement ${JSON.stringify(outcome.placement)}`);
      }
    },
  );

  // The fast engine took the positions of a slice's neurons for those of a whole population.
  test('from seed 105405, which once found a fault', () => {
    expect(checkPlacementOf(105_405).is).toBe('equal');
  });

  // The fast engine read rows of a sparse projection for spikes that run a kernel over all of its rows.
  test('from seed 190142, which once found a fault', () => {
    expect(checkPlacementOf(190_142).is).toBe('equal');
  });

  test('and most of them can be spread', () => {
    expect(counts.equal).toBeGreaterThan(inThorough(90, 25));
    expect(cut).toBeGreaterThan(inThorough(60, 10));
    expect(joint.dense).toBeGreaterThan(inThorough(4, 0));
    expect(joint.listed).toBeGreaterThan(inThorough(6, 1));
    if (thorough) expect(empty).toBeGreaterThan(1);
  });
});
