import { expect, test } from 'vitest';
import { type BoundKernel, type ImageInstruction, storesOf } from '../../src/image/index.ts';

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
    expect(storesOf(kernel, { fields, layouts: [layout], banks, projections: [] })).toEqual([
      { role: 'self', layout: 0, readsFirst },
    ]);
  },
);
