import { describe, expect, test } from 'vitest';
import { type Dataset, type FeatureSet, shiftDataset } from '../../../src/data/index.ts';
import { expectError } from '../../support/errors.ts';

function features(values: readonly number[], inputs: number): FeatureSet {
  const count = values.length / inputs;
  return {
    kind: 'features',
    name: 'small',
    inputs,
    classes: 1,
    count,
    labels: new Uint8Array(count),
    values: Uint8Array.from(values),
  };
}

function dataOf(train: FeatureSet, test: FeatureSet = train): Dataset {
  return { name: 'small', description: 'by hand', train, test };
}

const valuesOf = ({ train }: Dataset) => (train.kind === 'features' ? [...train.values] : []);
const turned = (values: readonly number[], inputs: number, rotateDegrees: number) =>
  valuesOf(shiftDataset(dataOf(features(values, inputs)), { rotateDegrees, noise: 0 }));

describe('turning', () => {
  const three = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  test('by quarters moves every pixel to one place, in each sample', () => {
    expect(turned(three, 9, 90)).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7]);
    expect(turned(three, 9, -90)).toEqual([7, 4, 1, 8, 5, 2, 9, 6, 3]);
    expect(turned([...three, ...three.toReversed()], 9, 180)).toEqual([...three.toReversed(), ...three]);
    expect(turned([1, 2, 3, 4], 4, 90)).toEqual([2, 4, 1, 3]);
  });

  test('takes a pixel from the four around where it comes from; outside the image all is 0', () => {
    // Turned clockwise by 45 degrees, what is above the centre comes to the upper right, and what is left of it to the
    // upper left. It lies half way between two pixels, sqrt(0.5) from the centre, which is 0.2071 beyond theirs: (20 +
    // 100) / 2 x 0.7929 = 47.6, and (20 + 80) / 2 x 0.7929 = 39.6.
    expect(turned([20, 100, 80, 60], 4, -45).slice(0, 2)).toEqual([40, 48]);
  });

  test('of what is no square is refused', () => {
    expectError(
      () => turned([1, 2, 3, 4, 5, 6], 6, 10),
      'data',
      'samples of 6 features are no square images',
    );
  });
});

describe('noise', () => {
  const inputs = 10_000;
  const plain = features(new Array(2 * inputs).fill(1), inputs);
  const noisy = shiftDataset(dataOf(plain), { rotateDegrees: 0, noise: 0.1 });

  test('replaces its share of the features by values of all sizes', () => {
    const values = valuesOf(noisy);
    const replaced = values.filter((value) => value !== 1);
    // 2000 of 20000, and 1/256 of them drew a 1 again; within four standard deviations of 42.
    expect(Math.abs(replaced.length - 1992)).toBeLessThan(170);
    expect(Math.abs(replaced.reduce((sum, value) => sum + value, 0) / replaced.length - 127.5)).toBeLessThan(
      7,
    );
    expect(values.slice(0, inputs)).not.toEqual(values.slice(inputs));
  });

  test('is the same each time, and another in the other part', () => {
    const again = shiftDataset(dataOf(plain), { rotateDegrees: 0, noise: 0.1 });
    expect(again).toEqual(noisy);
    expect(noisy.test).not.toEqual(noisy.train);
    // What was loaded stays as it was.
    expect(plain.values.every((value) => value === 1)).toBe(true);
  });
});

test('a shift is described; none changes nothing', () => {
  const data = dataOf(features([1, 2, 3, 4], 4));
  expect(shiftDataset(data, { rotateDegrees: 0, noise: 0 })).toBe(data);
  expect(shiftDataset(data, { rotateDegrees: 30, noise: 0.25 }).description).toBe(
    'by hand, turned by 30 degrees, 25 % of the features replaced by noise',
  );
});

test('spikes with their times are refused', () => {
  const events = {
    ...features([], 4),
    count: 0,
    kind: 'events' as const,
    times: new Float32Array(0),
    units: new Uint16Array(0),
    starts: new Uint32Array(0),
    ends: new Uint32Array(0),
    speakers: undefined,
  };
  expectError(
    () =>
      shiftDataset(
        { name: 'x', description: '', train: events, test: events },
        { rotateDegrees: 1, noise: 0 },
      ),
    'data',
    'cannot be shifted',
  );
});
