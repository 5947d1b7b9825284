import { describe, expect, test } from 'vitest';
import { type Extent, joinExtents } from '../../src/explore/study/sweep-plan.ts';

const axis = (...values: readonly unknown[]) => [{ path: 'hw.lanes', values }];
const of = (precisions: string, seeds: readonly number[], ...lanes: readonly unknown[]): Extent => ({
  precisions: precisions.split(' '),
  seeds,
  axes: axis(...lanes),
});
const experiment = of('mp8-8 mp16-8 fp32', [1, 2, 3, 4], 8, 16);

describe('two sweeps in one folder have', () => {
  test('the order of the later one where it asks for all', () => {
    const later = of('fp32 mp16-8', [3, 1, 2], 16, { value: 1 }, 8);
    expect(joinExtents(of('mp16-8', [1, 3], { value: 1 }), later, experiment)).toEqual(later);
  });

  test('else that of the experiment, whichever came first, and what it does not list last', () => {
    const [a, b] = [of('fp32 mp2-2', [4, 9], 16), of('mp8-8', [2], 8, 4)];
    expect(joinExtents(a, b, experiment)).toEqual(of('mp8-8 fp32 mp2-2', [2, 4, 9], 8, 16, 4));
    expect(joinExtents(b, a, experiment)).toEqual(of('mp8-8 fp32 mp2-2', [2, 4, 9], 8, 16, 4));
  });

  test('what the experiment does not list by value, then by text, in whatever steps it came', () => {
    const [a, b] = [of('mp8-8', [1], 100), of('mp8-8', [1], 32)];
    const both = of('mp8-8', [1], 32, 100);
    expect(joinExtents(a, b, experiment)).toEqual(both);
    expect(joinExtents(b, a, experiment)).toEqual(both);
    const steps = [16, { value: 1 }, 100, 'b', 4, 'a', true].map((value) => of('mp8-8', [1], value));
    // In ASCII: '"' before 't' before '{'.
    const all = of('mp8-8', [1], 16, 4, 100, 'a', 'b', true, { value: 1 });
    for (const order of [steps, steps.toReversed()]) {
      const [first, ...others] = order as [Extent, ...Extent[]];
      expect(others.reduce((before, now) => joinExtents(before, now, experiment), first)).toEqual(all);
    }
    // That all were asked for at once in another order is forgotten with the next step.
    expect(joinExtents(of('mp8-8', [1], 100, 32), b, experiment)).toEqual(both);
  });
});
