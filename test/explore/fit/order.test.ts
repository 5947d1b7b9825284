import { expect, test } from 'vitest';
import { byAccuracy, type changed } from '../../../src/explore/index.ts';

const change = (kind: Parameters<typeof changed>[1]['kind'], areaUm2: number, accuracy?: number) => ({
  change: { kind, costs: '', rank: 0 },
  areaUm2,
  accuracy,
  scored: 100,
});

test('what keeps the most comes first; as good as the best are those within two standard errors of it, by cost', () => {
  // At 90 % of 100 answers the standard error is 3 %: 84 % is as good as that, and 83 % is not.
  const changes = [
    change('neurons', 1e6, 0.83),
    change('cores', 3e6, 0.9),
    change('hw', 1e6, undefined),
    change('memory', 2e6, 0.85),
    change('precision', 9e6, 0.5),
    change('sliced', 9e6, 0.841),
  ];
  expect(byAccuracy(changes).map(({ change: { kind } }) => kind)).toEqual([
    'sliced',
    'memory',
    'cores',
    'neurons',
    'precision',
    'hw',
  ]);
});

test('where nothing was answered, costs decide', () => {
  const changes = [
    change('cores', 1, undefined),
    change('memory', 2, undefined),
    change('inference', 3, undefined),
  ];
  expect(byAccuracy(changes).map(({ change: { kind } }) => kind)).toEqual(['inference', 'cores', 'memory']);
});
