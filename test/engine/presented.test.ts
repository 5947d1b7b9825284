import { describe, expect, test } from 'vitest';
import type { SpikeTrain } from '../../src/data/index.ts';
import { presented, sampleSteps } from '../../src/engine/index.ts';
import { expectError } from '../support/errors.ts';

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
  // 2 channels of 2 x 3: input 4 is row 1, column 1 of channel 0, number (1 x 3 + 1) x 2; 11 is row 1, column 2 of
  // channel 1.
  const { offsets, indices } = presented({ steps: 8, input: 0, inputChannels: 2, populations }, spikes);
  expect([[...offsets.subarray(0, 3)], [...indices]]).toEqual([
    [0, 3, 5],
    [0, 8, 11, 10, 10],
  ]);
  // 3 channels of 2 x 2: 11 is the last place of channel 2, 4 the first of channel 1, 5 its second.
  const three = presented({ steps: 8, input: 0, inputChannels: 3, populations }, spikes);
  expect([...three.indices]).toEqual([0, 1, 11, 4, 4]);
});

describe('values', () => {
  /** Step 0: inputs 1, 5 and 11 with 200, 7 and 16; step 1: input 0 with 255. */
  const graded = {
    steps: 2,
    offsets: Uint32Array.of(0, 3, 4),
    indices: Uint16Array.of(1, 5, 11, 0),
    values: Uint8Array.of(200, 7, 16, 255),
  };
  const withPayload = (bits: number, signed: boolean) => ({
    steps: 8,
    input: 0,
    populations: [{ name: 'input', size: 12, payload: { bits, signed, shift: 4 } }],
  });
  /** Neuron and value of each spike, step by step. */
  const sent = (bits: number, signed = false, train: SpikeTrain = graded): number[][][] => {
    const { steps, offsets, indices } = presented(withPayload(bits, signed), train);
    return Array.from({ length: steps }, (_, step) =>
      [...indices.subarray(offsets[step], offsets[step + 1])].map((spike) => [spike % 16, spike >> 4]),
    );
  };

  test('an input that spikes several times in a step sends one spike, which carries how often', () => {
    expect(sent(4, false, spikes)).toEqual([
      [
        [0, 1],
        [4, 1],
        [11, 1],
      ],
      [[5, 2]],
    ]);
    // Three times, saturated to one bit; and in the next step again.
    const often = { steps: 2, offsets: Uint32Array.of(0, 3, 4), indices: Uint16Array.of(7, 7, 7, 7) };
    expect(sent(1, false, often)).toEqual([[[7, 1]], [[7, 1]]]);
  });

  test('are in the address, above the neuron', () => {
    expect(sent(8)).toEqual([
      [
        [1, 200],
        [5, 7],
        [11, 16],
      ],
      [[0, 255]],
    ]);
  });

  test('have as many upper bits of the feature as the payload; what has none of them is not sent', () => {
    // 200 / 16 = 12, 7 / 16 = 0, 16 / 16 = 1, 255 / 16 = 15.
    const upper = [
      [
        [1, 12],
        [11, 1],
      ],
      [[0, 15]],
    ];
    expect(sent(4)).toEqual(upper);
    expect(sent(5, true)).toEqual(upper);
    expect(sent(1)).toEqual([[[1, 1]], [[0, 1]]]);
    expect(sent(10)).toEqual(sent(8));
  });

  test('that are counts are sent as they are, saturated to the payload', () => {
    const train = { ...graded, values: Uint8Array.of(1, 7, 16, 255), valuesAre: 'counts' } as const;
    const carried = (bits: number, signed = false) =>
      sent(bits, signed, train).map((step) => step.map(([, value]) => value));
    expect(carried(4)).toEqual([[1, 7, 15], [15]]);
    expect(carried(8)).toEqual([[1, 7, 16], [255]]);
    expect(carried(1)).toEqual([[1, 1, 1], [1]]);
    expect(carried(4, true)).toEqual([[1, 7, 7], [7]]);
    const renumbered = presented({ ...withPayload(4, false), inputChannels: 2 }, train);
    expect([...renumbered.indices]).toEqual([2 + 16 * 1, 10 + 16 * 7, 11 + 16 * 15, 0 + 16 * 15]);
  });

  test('are 1 where the encoder gives none', () => {
    expect(
      sent(8, false, { steps: 1, offsets: Uint32Array.of(0, 2), indices: Uint16Array.of(3, 4) }),
    ).toEqual([
      [
        [3, 1],
        [4, 1],
      ],
    ]);
  });

  test('follow their spikes where inputs are renumbered', () => {
    // 2 channels of 6 places: input 1 becomes 2, 5 becomes 10, 11 becomes 11.
    const { indices } = presented({ ...withPayload(8, false), inputChannels: 2 }, graded);
    expect([...indices]).toEqual([2 + 16 * 200, 10 + 16 * 7, 11 + 16 * 16, 0 + 16 * 255]);
  });

  test('are refused where spikes of the input carry none', () => {
    expectError(
      () => presented({ steps: 8, input: 0, populations }, graded),
      'data',
      "the encoder gives spikes values, and those of 'input' carry none",
      'populations.input a payload',
    );
  });
});
