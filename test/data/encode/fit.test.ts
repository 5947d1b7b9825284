import { describe, expect, test } from 'vitest';
import {
  checkClasses,
  checkInputs,
  defaultEventEncoding,
  type EventSet,
  type LabelledSet,
  remarksOn,
  usualEncoding,
} from '../../../src/data/index.ts';
import { expectError } from '../../support/errors.ts';

const labels = { classes: 2, labels: Uint8Array.of(0, 1) };

function pictures(...values: number[]): LabelledSet {
  return {
    kind: 'features',
    name: 'pictures',
    inputs: 2,
    count: 2,
    values: Uint8Array.from(values),
    ...labels,
  };
}

const spikes = (steps: number | undefined): EventSet => ({
  kind: 'events',
  name: 'spikes',
  inputs: 12,
  count: 2,
  times: Float32Array.of(0, 1),
  units: Uint16Array.of(3, 11),
  starts: Uint32Array.of(0, 1),
  ends: Uint32Array.of(1, 2),
  steps,
  speakers: undefined,
  ...labels,
});

test('the encoding if none is named', () => {
  expect(usualEncoding(pictures(1, 2, 3, 4))).toBe('bernoulli');
  expect(usualEncoding(spikes(undefined))).toMatchObject({ bins: { ms: 10 } });
  expect(usualEncoding(spikes(5))).toBe('steps');
});

describe('a network that takes what samples have', () => {
  const bins = { ...defaultEventEncoding, groupChannels: 5 };

  test('fits', () => {
    checkInputs(pictures(1, 2, 3, 4), 'phase', { name: 'it', takes: 2 });
    // 12 channels in groups of 5 are 3 inputs.
    checkInputs(spikes(undefined), bins, { name: 'it', takes: 3 });
    checkClasses(spikes(5), { name: 'it', takes: 2 });
  });

  test('and one that does not', () => {
    expectError(
      () => checkInputs(pictures(1, 2, 3, 4), 'phase', { name: "population 'in'", takes: 3 }),
      'data',
      "data set 'pictures' has 2 inputs; population 'in' takes 3",
      'must be equal',
    );
    expectError(
      () => checkInputs(spikes(undefined), bins, { name: 'it', takes: 12, hint: 'fewer' }),
      'data',
      'has 3 inputs encoded from 12 channels; it takes 12',
      'fewer',
    );
    expectError(() => checkClasses(spikes(5), { name: 'it', takes: 1 }), 'data', 'has 2 classes; it has 1');
  });
});

test('features that may be spikes are remarked', () => {
  expect(remarksOn([pictures(0, 1, 1, 0)])).toEqual([
    'pictures: every feature is 0 or 1; an experiment names spikes in time steps as such: arrays: {train: {spikes: x, labels: y}}',
  ]);
  expect(remarksOn([pictures(0, 3, 1, 15)])).toEqual([
    'pictures: no feature is above 15, where 255 is the most; an experiment names spikes in time steps as such: arrays: {train: {spikes: x, labels: y}}',
  ]);
  expect(remarksOn([pictures(0, 3, 1, 16)])).toEqual([]);
  expect(remarksOn([pictures(0, 255, 255, 3)])).toEqual([]);
});
