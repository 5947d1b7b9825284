import type { Dataset, FeatureSet } from './dataset.ts';

/** Runs of a network that nothing is presented to. */
export interface SpontaneousActivity {
  readonly samples: number;
}

/** Samples without inputs, labels or answers: whatever a network does in them, it does by itself. */
export function spontaneousActivity({ samples }: SpontaneousActivity): Dataset<FeatureSet> {
  return {
    name: 'spontaneous-activity',
    description: `nothing is presented and nothing is asked: ${samples} samples`,
    train: nothing('train', 0),
    test: nothing('test', samples),
  };
}

function nothing(name: string, count: number): FeatureSet {
  return {
    kind: 'features',
    name,
    inputs: 0,
    classes: 0,
    count,
    values: new Uint8Array(),
    labels: new Uint8Array(count),
  };
}
