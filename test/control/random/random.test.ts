import { expect, test } from 'vitest';
import { checkController, nothingSeen } from './check.ts';

test('random controllers are the same on both engines, and in plain loops', () => {
  const seen = nothingSeen();
  // Of these, few end with an error: an empty queue that is served, or more spikes than items.
  for (let seed = 20_001; seed <= 20_020; seed++) checkController(seed, seen);
  expect(seen.programs).toBe(20);
  expect(seen.cores).toBeGreaterThan(25);
  expect(seen.inputs).toBeGreaterThan(100);
  expect(seen.stopped).toBeLessThan(8);
  expect(Math.min(seen.spikes, seen.drops, seen.cycles)).toBeGreaterThan(20);
});
