import type { Dataset, LabelledSet } from '../../src/data/index.ts';

/** Samples of four features, the first half of which tell class 0. */
const set = (name: string, values: readonly number[], labels: readonly number[]): LabelledSet => ({
  kind: 'features',
  name,
  inputs: 4,
  classes: 2,
  count: labels.length,
  values: Uint8Array.from(values),
  labels: Uint8Array.from(labels),
});

/** Two samples to learn, of class 0 and 1, and one of class 1 to be tested. */
export const twoClasses: Dataset = {
  name: 'two classes',
  description: '',
  train: set('train', [200, 0, 160, 0, 0, 248, 0, 0], [0, 1]),
  test: set('test', [0, 248, 0, 0], [1]),
};
