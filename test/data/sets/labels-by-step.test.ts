import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  createSetEncoder,
  type Dataset,
  holdOutValidation,
  type NdArray,
  remarksOn,
  stratifiedPrefix,
  writeNpz,
} from '../../../src/data/index.ts';
import { loadExperiment, noSettings, resolveCell } from '../../../src/experiment/index.ts';
import { orderOf, stagesOf } from '../../../src/experiment/session/plan.ts';
import { findFile } from '../../../src/fs/index.ts';
import { scratch } from '../../support/scratch.ts';
import { load } from '../named-arrays.ts';

const { folder } = scratch();

/** Recordings of three steps and two channels; the label of a step says where it is. */
const recordings = 8;
const [steps, channels] = [3, 2];
const spikes = Uint8Array.from({ length: recordings * steps * channels }, (_, item) => item % 3);
const labels = Uint8Array.from({ length: recordings * steps }, (_, step) => step);

function written(arrays: Readonly<Record<string, NdArray>>): string {
  const path = join(folder, 'steps.npz');
  writeFileSync(path, writeNpz(arrays));
  return path;
}

const path = written({
  x: { shape: [recordings, steps, channels], data: spikes },
  y: { shape: [recordings, steps], data: labels },
  sums: { shape: [recordings, 2], data: labels.slice(0, 2 * recordings) },
});
const named = { spikes: 'x', labels: 'y' };
const whole = await load(path, { train: named, test: named });
const labelsIn = ({ train, test: tested }: Dataset) => [[...train.labels], [...tested.labels]];

describe('labels of single steps', () => {
  test('each step is a sample, with the spikes of the step', () => {
    const { test: set } = whole;
    expect(set).toMatchObject({ count: 24, steps: 1, inputs: 2, classes: 24, recordingSteps: 3 });
    const encode = createSetEncoder(set, 'steps');
    for (let sample = 0; sample < set.count; sample++) {
      const { steps: own, offsets, indices } = encode({ seed: 1, epoch: 0, sample }, 1);
      const [first = 0, second = 0] = spikes.subarray(2 * sample);
      expect([own, ...indices.subarray(0, offsets[1])]).toEqual([
        1,
        ...Array<number>(first).fill(0),
        ...Array<number>(second).fill(1),
      ]);
      expect(set.labels[sample]).toBe(sample);
    }
    // That steps are silent, or like others, is no fault.
    expect(remarksOn([whole.train, set])).toEqual([]);
  });

  test('parts have whole recordings, the last or drawn', async () => {
    const all = [...labels];
    // Two of eight recordings are nearest to a third that is whole: 8 of 24 samples, of which 6.
    const last = holdOutValidation(whole, { fraction: 1 / 3, order: 'stored' });
    expect([last.heldOut, ...labelsIn(last)]).toEqual(['last', all.slice(0, 18), all.slice(18)]);
    const drawn = holdOutValidation(whole, 1 / 3);
    const firsts = [...drawn.test.labels].filter((label) => label % 3 === 0);
    expect([drawn.heldOut, firsts.length]).toEqual(['by recording', 2]);
    expect([...drawn.test.labels]).toEqual(firsts.flatMap((first) => [first, first + 1, first + 2]));
    expect(
      labelsIn(drawn)
        .flat()
        .toSorted((a, b) => a - b),
    ).toEqual(all);
    const fifth = await load(path, { train: named });
    expect(fifth.description).toContain('each of the 3 steps of a recording is a sample');
    expect(labelsIn(fifth)).toEqual([all.slice(0, 21), all.slice(21)]);
    expect([...stratifiedPrefix(whole.train, 4, 0).labels]).toEqual([0, 1, 2, 3]);
    const two = { ...whole, train: stratifiedPrefix(whole.train, 5, 0) };
    expect(() => holdOutValidation(two, 0.5)).toThrow('less than two recordings');
  });

  test('a pass draws the order of recordings, and not of their steps', () => {
    const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
    const cell = resolveCell(experiment, { settings: noSettings, epochs: 2 }, findFile);
    const [one = [], other = [], tested] = stagesOf(cell, whole).map((stage) => [
      ...orderOf(stage, whole, 1),
    ]);
    expect(tested).toEqual([...labels]);
    for (const order of [one, other]) {
      const firsts = order.filter((_, place) => place % 3 === 0);
      expect(order).toEqual(firsts.flatMap((first) => [first, first + 1, first + 2]));
      expect(firsts.toSorted((a, b) => a - b)).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
    }
    expect(one).not.toEqual(other);
    expect(one).not.toEqual(tested);
    // A limit may end within a recording.
    const short = { ...whole, train: stratifiedPrefix(whole.train, 7, 0) };
    const [stage] = stagesOf(cell, short);
    expect(stage && [...orderOf(stage, short, 1)].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('of another shape, or encoded, they are refused', async () => {
    await expect(load(path, { train: { spikes: 'x', labels: 'sums' } })).rejects.toThrow(
      "'sums' has the shape 8 x 2, expected 8: a label for each sample",
    );
    await expect(load(path, { train: named, test: { spikes: 'x' } })).rejects.toThrow(
      'the test set has spikes in steps, the training set labels of single steps',
    );
    const values = await load(path, { test: { values: 'x', labels: 'y' }, range: [0, 2] });
    expect(() => createSetEncoder(values.test, { delta: { threshold: 1, refractory: 0 } })).toThrow(
      'each step of the data has a label',
    );
  });
});
