import { expect, test } from 'vitest';
import { presented, sampleSteps } from '../../src/engine/index.ts';

const populations = [{ name: 'input', size: 12 }];

/** Two steps: inputs 0, 4 and 11, then 5 twice; what stands behind these is of no sample. */
const spikes = {
  steps: 2,
  offsets: Uint32Array.of(0, 3, 5, 99),
  indices: Uint16Array.of(0, 4, 11, 5, 5, 7, 7),
};

test('a sample is presented as it is where a program asks for nothing else', () => {
  expect(presented({ steps: 8, input: 0, populations }, spikes)).toBe(spikes);
});

test('steps to settle follow its own, without input', () => {
  const image = { steps: 8, settle: 3, input: 0, populations };
  expect(sampleSteps(image)).toBe(5);
  const { steps, offsets, indices } = presented(image, spikes);
  expect([steps, [...offsets], [...indices.subarray(0, 5)]]).toEqual([
    5,
    [0, 3, 5, 5, 5, 5],
    [0, 4, 11, 5, 5],
  ]);
});

test('inputs numbered channel by channel are renumbered by place, then channel', () => {
  // 2 channels of 2 x 3: input 4 is row 1, column 1 of channel 0, number (1 x 3 + 1) x 2; 11 is row 1, column 2 of channel 1.
  const { offsets, indices } = presented({ steps: 8, input: 0, inputChannels: 2, populations }, spikes);
  expect([[...offsets.subarray(0, 3)], [...indices]]).toEqual([
    [0, 3, 5],
    [0, 8, 11, 10, 10],
  ]);
  // 3 channels of 2 x 2: 11 is the last place of channel 2, 4 the first of channel 1, 5 its second.
  const three = presented({ steps: 8, input: 0, inputChannels: 3, populations }, spikes);
  expect([...three.indices]).toEqual([0, 1, 11, 4, 4]);
});
