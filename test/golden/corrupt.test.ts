import { expect, test } from 'vitest';
import { Dice } from '../engine/random/dice.ts';
import { corruptions } from './corruptions.ts';
import { judge } from './corrupt.ts';
import { reckonTrace } from './plain/reckon-trace.ts';
import { randomRanc, randomReckon } from './stimulus.ts';

// For the golden traces of ODIN, ReckOn and RANC: npx tsx test/golden/corrupt.ts. Every change of
// `settings` requires a new compilation.
test('no change of a trace passes but such as have no effect', () => {
  const { unnoticed, refused, diverging } = judge(
    reckonTrace(randomReckon(14)),
    new Dice(5),
    1,
    /^settings|^(?:memories|expected\.states).*\.(?:synapses|readout)\./,
  );
  expect(unnoticed).toEqual([]);
  expect(refused).toBeGreaterThan(50);
  expect(diverging).toBeGreaterThan(30);
});

test('no change of a trace of RANC passes but such as have no effect', () => {
  const { unnoticed, refused, diverging } = judge(randomRanc(1), new Dice(5), 1, /^config/);
  expect(unnoticed).toEqual([]);
  expect(refused).toBeGreaterThan(50);
  expect(diverging).toBeGreaterThan(50);
});

test('numbers, digits, entries and keys are changed', () => {
  const root = { list: [1, 2, 3], digits: 'ab' };
  const changed = [...corruptions(root, new Dice(3), 1)].map(({ corrupted }) => JSON.stringify(corrupted));
  // An object in two ways, a number in three, a string in one; a list in two, or three where two neighbours differ.
  expect(changed.length).toBeGreaterThanOrEqual(2 + 3 + 1 + 2);
  expect(changed).toContain(JSON.stringify({ ...root, another: 0 }));
  expect(changed).not.toContain(JSON.stringify(root));
  expect(new Set(changed).size).toBe(changed.length);
});
