import type { CoreTrace } from '../../../src/trace/index.ts';

/** A trace of a made-up core: two inputs, three neurons, two steps, two samples. */
export function smallTrace(): CoreTrace {
  return {
    format: 'plasticore-trace/1',
    name: 'small',
    description: '',
    program: './net.yaml',
    hwModel: './core.yaml',
    precision: 'mp16-8',
    seed: 1,
    settings: [],
    core: {
      lanes: 4,
      datapathBits: 32,
      arithmetic: 'integer',
      clockMhz: 100,
      fifoDepth: 64,
      whenFull: 'stall',
    },
    steps: 2,
    input: 'in',
    populations: [
      { name: 'in', size: 2 },
      { name: 'out', size: 3 },
    ],
    fields: [
      { name: 'out.v', items: 3, bits: 8, signed: true, storage: 'integer' },
      { name: 'out.trace', items: 3, bits: 4, signed: false, storage: 'integer' },
    ],
    samples: [
      { epoch: 0, learn: true, host: { label: 2 }, inputs: [[0, 1], []] },
      { epoch: 0, learn: false, host: { label: 0 }, inputs: [[], [1]] },
    ],
    expected: {
      initial: { 'out.v': [0, 0, 0], 'out.trace': [1, 2, 3] },
      samples: [
        {
          spikes: { out: [[2, 0], [1]] },
          cycles: [10, 20],
          steps: [{ 'out.v': [1, 2, 3] }, {}],
          fields: { 'out.trace': [4, 5, 15] },
          answer: 2,
        },
        {
          spikes: { out: [[], [0, 1, 2]] },
          cycles: [11, 21],
          fields: { 'out.v': [-128, 127, 0] },
          answer: 1,
        },
      ],
      counters: {
        cycles: 62,
        spikes: { in: 3, out: 6 },
        router: { pushes: 9, pops: 9, drops: 0, stalls: 1 },
        banks: [{ name: 'state', wordsRead: 30, wordsWritten: 20 }],
      },
    },
  };
}
