import { describe, expect, test } from 'vitest';
import { recordTrace } from '../../../src/trace/index.ts';
import { handCore, handEngine } from '../../engine/both/hand-network.ts';

// The 3-2-2 network of two steps that test/engine/both/hand-network.test.ts computes by hand.
const sample = {
  epoch: 0,
  learn: true,
  host: { label: 1 },
  inputs: [
    [0, 2],
    [1, 2],
  ],
};

const record = (fields: readonly string[], everyStep: boolean) =>
  recordTrace(handEngine(handCore()), [sample], { fields, everyStep });

describe('a recording of the hand-sized network', () => {
  test('states spikes, cycles and the answer by step', () => {
    const [found] = record([], false).samples;
    expect(found).toEqual({
      spikes: { hidden: [[0], [1]], output: [[], []] },
      // Step 0: the lists of the sample 5 + 4; leak 6, decays 6 + 6, two marks 10, two rows 16, surrogate 6, fire 6,
      // a mark 5, a row 8, error 7, test 2, feedback 1 + 6 + 1 + 2, signal 7, learn 1 + 6 + 3 + 2 and
      // 1 + 2 x (6 + 3) + 2, three events. Step 1: no lists; feedback and learn with a row more each.
      cycles: [140, 156],
      fields: {},
      answer: 0,
    });
  });

  test('states fields at first, after each step and after the sample, where they have changed', () => {
    const { initial, samples } = record(['hidden.v', 'out.shadow', 'output.v', 'hidden.feedback'], true);
    expect(initial).toEqual({
      'hidden.v': [99, 99],
      'hidden.feedback': [500, 1000],
      'output.v': [99, 99],
      'out.shadow': [8000, -7000, 30000, 32700],
    });
    expect(samples[0]?.steps).toEqual([
      {
        'hidden.v': [6, 8],
        'hidden.feedback': [-3894, 1000],
        'output.v': [31, -27],
        'out.shadow': [7970, -6746, 30000, 32700],
      },
      {
        'hidden.v': [58, 21],
        'hidden.feedback': [-4094, 1208],
        'output.v': [141, 107],
        'out.shadow': [7865, -6635, 29860, 32767],
      },
    ]);
    expect(samples[0]?.fields).toEqual({});
    expect(record(['hidden.v'], false).samples[0]).toMatchObject({ fields: { 'hidden.v': [58, 21] } });
  });

  test('states fields after chosen samples only, with all that has changed by then', () => {
    const fields = ['hidden.v', 'out.shadow', 'output.v'];
    const of = (states?: (sample: number, samples: number) => boolean) =>
      recordTrace(handEngine(handCore()), [sample, sample, sample], { fields, states }).samples;
    const found = of((index, samples) => index === samples - 1);
    const all = of();
    expect(found.map((each) => Object.keys(each.fields).length)).toEqual([0, 0, 3]);
    expect(found[2]?.fields).toEqual({ ...all[0]?.fields, ...all[1]?.fields, ...all[2]?.fields });
    expect(found.map(({ spikes, cycles }) => [spikes, cycles])).toEqual(
      all.map(({ spikes, cycles }) => [spikes, cycles]),
    );
  });

  test('ends where a sample of fewer steps ends', () => {
    const short = { ...sample, inputs: [[0, 2]] };
    const [found] = recordTrace(handEngine(handCore()), [short], { fields: [], everyStep: false }).samples;
    expect(found).toMatchObject({ spikes: { hidden: [[0]], output: [[]] }, cycles: [140] });
  });

  test('counts cycles, spikes, events and words', () => {
    expect(record([], false).counters).toEqual({
      cycles: 296,
      spikes: { input: 4, hidden: 2, output: 0 },
      router: { pushes: 6, pops: 6, drops: 0, stalls: 0 },
      banks: [
        { name: 'weight', wordsRead: 17, wordsWritten: 8 },
        { name: 'shadow', wordsRead: 16, wordsWritten: 16 },
        { name: 'state', wordsRead: 81, wordsWritten: 48 },
      ],
    });
  });

  test('continues from the engine’s state: a second sample starts from the first', () => {
    const { samples } = recordTrace(handEngine(handCore()), [sample, { ...sample, learn: false }], {
      fields: ['out.shadow'],
      everyStep: false,
    });
    expect(samples.map(({ fields }) => fields)).toEqual([{ 'out.shadow': [7865, -6635, 29860, 32767] }, {}]);
  });
});
