import { expect, test } from 'vitest';
import { type BoundKernel, type ImageInstruction, type Projection, storesOf } from '../../src/image/index.ts';

const store = (field: number): ImageInstruction => ({
  mnemonic: 'st',
  operands: [
    { is: 'register', register: 0 },
    { is: 'field', role: 'self', field },
  ],
  arithmetic: 'integer',
  low: undefined,
  high: undefined,
});

/** Stores both fields of each neuron of population 0. */
const kernel = {
  name: 'k',
  domain: 'neurons',
  population: 0,
  projection: undefined,
  rowGate: undefined,
  columnGate: undefined,
  code: [store(0), store(1)],
  counts: undefined,
} as unknown as BoundKernel;

const layout = {
  bank: 0,
  firstWord: 0,
  rows: 1,
  rowLength: 6,
  itemBits: 8,
  itemsPerWord: 3,
  wordsPerRow: 2,
};

const nibble = { layout: 0, bits: 4, perWord: false, view: undefined, storedView: undefined };

test.each([
  ['whole items fill their words', [nibble, nibble], false],
  [
    'a field that the word keeps once is left out',
    [nibble, nibble, { ...nibble, bits: 8, perWord: true }],
    true,
  ],
])(
  'a bank without a bit mask reads a word first only where fields are left out: %s',
  (_, fields, readsFirst) => {
    const banks = [{ bitMask: false }];
    expect(storesOf(kernel, { fields, layouts: [layout], banks, projections: [], populations: [] })).toEqual([
      { role: 'self', layout: 0, takes: 'items', readsFirst },
    ]);
  },
);

/** A projection of two rows onto six neurons, cut as given. */
const projection = (firstPost: number[], length: number[], weightRowLength: number) =>
  ({
    source: 0,
    target: 0,
    segments: {
      rowStart: Uint32Array.of(0, 1, 2),
      firstPost: Uint32Array.from(firstPost),
      firstWeight: Uint32Array.of(0, weightRowLength),
      length: Uint32Array.from(length),
    },
    weightRows: 2,
    weightRowLength,
    index: undefined,
  }) as unknown as Projection;

test.each([
  ['all neurons, which fill all words', {}, false],
  ['the first ones alone, which end within a word', { columns: 4 }, true],
  ['rows of all targets', { domain: 'row', over: projection([0, 0], [6, 6], 6) }, false],
  [
    'rows of some targets, which begin and end within words',
    { domain: 'row', over: projection([1, 2], [2, 4], 4) },
    true,
  ],
  [
    'targets by columns, which meet a word once for each of its tiles',
    { domain: 'synapses', order: 'columns', over: projection([0, 0], [6, 6], 6) },
    true,
  ],
] as const)('a bank without a bit mask: a kernel over %s', (_, { ...given }, readsFirst) => {
  const { over, ...walk } = given as { over?: Projection };
  const bound = { ...kernel, ...walk, ...(over && { population: undefined, projection: 0 }) };
  const memory = {
    fields: [nibble, nibble],
    layouts: [layout],
    banks: [{ bitMask: false }],
    projections: over === undefined ? [] : [over],
    populations: [{ size: 6 }],
  };
  expect(storesOf(bound, memory)).toEqual([{ role: 'self', layout: 0, takes: 'items', readsFirst }]);
});
