import { expect, it } from 'vitest';
import { operationNamed, type ValueRange } from '../../src/isa/index.ts';
import { assuming as assumingThat } from '../../src/isa/range-rules.ts';

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  'cmp.eq': (a, b) => a === b,
  'cmp.ne': (a, b) => a !== b,
  'cmp.lt': (a, b) => a < b,
  'cmp.le': (a, b) => a <= b,
  'cmp.gt': (a, b) => a > b,
  'cmp.ge': (a, b) => a >= b,
};

function assuming(mnemonic: string, holds: boolean, a: ValueRange, b: ValueRange) {
  const { effect } = operationNamed(mnemonic);
  return assumingThat(effect.does === 'compute' ? effect.compares : undefined, holds, a, b);
}

const range = (low: number, high: number) =>
  Array.from({ length: high - low + 1 }, (_, index) => low + index);
const ends = range(-2, 2).flatMap((low) => range(low, 2).map((high) => ({ low, high })));

it.each(Object.keys(comparisons))(
  'keeps every pair of operands for which %s holds, or does not',
  (mnemonic) => {
    const holds = comparisons[mnemonic];
    for (const a of ends) {
      for (const b of ends) {
        const pairs = range(a.low, a.high).flatMap((x) => range(b.low, b.high).map((y) => [x, y] as const));
        for (const outcome of [true, false]) {
          const found = pairs.filter(([x, y]) => holds?.(x, y) === outcome);
          const assumed = assuming(mnemonic, outcome, a, b);
          if (typeof assumed === 'string') {
            expect([assumed, found]).toEqual(['never', []]);
            continue;
          }
          const [forA, forB] = assumed;
          for (const [x, y] of found) {
            expect(x >= forA.low && x <= forA.high && y >= forB.low && y <= forB.high).toBe(true);
          }
        }
      }
    }
  },
);

it('bounds a value that is at least a threshold from below, and one that is not from above', () => {
  const v = { low: -32768, high: 32767 };
  const threshold = { low: 128, high: 128 };
  expect(assuming('cmp.ge', true, v, threshold)).toEqual([{ low: 128, high: 32767 }, threshold]);
  expect(assuming('cmp.ge', false, v, threshold)).toEqual([{ low: -32768, high: 127 }, threshold]);
});

it('says nothing of unsigned comparisons, and never where an outcome is impossible', () => {
  expect(assuming('cmp.ltu', true, { low: 0, high: 3 }, { low: 1, high: 2 })).toBe('nothing');
  expect(assuming('cmp.gt', true, { low: 0, high: 3 }, { low: 3, high: 9 })).toBe('never');
});
