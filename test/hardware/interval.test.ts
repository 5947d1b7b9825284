import { expect, test } from 'vitest';
import { totalInterval } from '../../src/hardware/index.ts';
import { edit, failure, load, tiny } from './tiny.ts';

test('one source errs all at once: its bounds are those of its factors', () => {
  expect(totalInterval({ paper: 20 }, { paper: { low: 0.5, high: 2 } })).toEqual({ low: 10, high: 40 });
});

test('different sources err independently: their deviations add up as the root of the squares', () => {
  // Below: 10 x 0.3 = 3 and 8 x 0.5 = 4, together 5. Above: 10 x 0.5 = 5 and 8 x 1.5 = 12, together 13.
  const intervals = { one: { low: 0.7, high: 1.5 }, other: { low: 0.5, high: 2.5 } };
  expect(totalInterval({ one: 10, other: 8 }, intervals)).toEqual({ low: 13, high: 31 });
});

test('what is exact adds nothing, and so does what has no interval', () => {
  const intervals = { exact: { low: 1, high: 1 }, rough: { low: 0.5, high: 2 } };
  expect(totalInterval({ exact: 100, stated: 7, rough: 2 }, intervals)).toEqual({ low: 108, high: 111 });
});

test('a source states its factors; without, it is exact', () => {
  const sourced = (interval: string) =>
    load(edit(tiny, 'checked: primary}', `checked: primary${interval}}`)).figures.intervals.paper;
  expect(sourced('')).toEqual({ low: 1, high: 1 });
  expect(sourced(', interval: [0.5, 3]')).toEqual({ low: 0.5, high: 3 });
  expect(failure(() => sourced(', interval: [1.5, 3]')).message).toContain(
    'expected two factors around 1, such as [0.8, 1.25]',
  );
});
