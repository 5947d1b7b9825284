import { expect, test } from 'vitest';
import { PlasticoreError } from '../../../src/text/index.ts';
import { Dice } from '../../engine/random/dice.ts';
import { changesToTry, type Fate } from '../../golden/corruptions.ts';
import { type N1Trace, plainN1 } from '../../golden/plain/n1.ts';
import { randomN1 } from '../../golden/stimulus.ts';
import { firstDifference } from '../../support/difference.ts';
import { inThorough } from '../../support/thorough.ts';
import { replay } from './load.ts';

/** What describes a recording, and is neither stimulus nor result. */
const about = /^(name|description|rtl\..*|seed|config\.core_bits)$/;
/** One word of the learning programs stands for all. */
const manyWords = /^cores\.\*\.microcode\.(?!2$)/;

function fateOf(corrupted: unknown): Fate {
  try {
    return replay(corrupted).agrees ? 'agrees' : 'diverges';
  } catch (error) {
    if (error instanceof PlasticoreError) return 'refused';
    throw error;
  }
}

/** Whether a recording is still true of the chip, by the model that shares no code with what replays it. */
function isTrue(corrupted: unknown): boolean {
  const { expected, ...stimulus } = corrupted as N1Trace;
  return firstDifference(expected, plainN1(stimulus)) === undefined;
}

test('no change of a recording passes but such as have no effect', () => {
  const trace = randomN1(35);
  expect(fateOf(trace)).toBe('agrees');
  const fates = { refused: 0, diverges: 0, agrees: 0 };
  const unnoticed: string[] = [];
  for (const { pattern, what, corrupted } of changesToTry(trace, new Dice(7), 1)) {
    if (about.test(pattern) || manyWords.test(pattern)) continue;
    const found = fateOf(corrupted);
    fates[found] += 1;
    if (found === 'agrees' && (pattern.startsWith('expected') || !isTrue(corrupted))) unnoticed.push(what);
  }
  expect(unnoticed).toEqual([]);
  expect(fates.refused).toBeGreaterThan(inThorough(40, 13));
  expect(fates.diverges).toBeGreaterThan(inThorough(30, 10));
}, 240_000);
