import { expect, test } from 'vitest';
import { scratch } from '../support/scratch.ts';
import { turnedDigits } from './turned-digits.ts';

const { folder } = scratch();

test('digits that are turned are learnt: 500 of 8000 win back half of what the turn has cost', async () => {
  const { before, after, changed } = await turnedDigits(folder, '500');
  // The turn has cost 18 points; RESULTS.md learns 8000 samples.
  expect(before).toBeLessThan(85);
  expect(after).toBeGreaterThan(before + 5);
  expect(changed).toMatchObject({ inputToIf1: 0, if1ToIf4: 0 });
  expect(changed.if4ToIf8).toBeGreaterThan(1000);
}, 300_000);
