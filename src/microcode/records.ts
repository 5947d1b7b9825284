import { at, PlasticoreError } from '../text/index.ts';
import type { Saturation } from './operation.ts';

/** The parts of a record, the first one in its lowest bits: name and number of bits. */
export type RecordParts = readonly (readonly [name: string, bits: number])[];

/** The sizes of a core on which its records depend, whatever program it holds. */
export interface CoreShape {
  readonly lanes: number;
  /** In spikes. */
  readonly fifoDepth: number;
  readonly banks: readonly { readonly name: string; readonly wordBits: number; readonly words: number }[];
}

/** The most banks, whose words a lane can take, and what a tile, a row and an address may be. */
export const mostBanks = 3;
const tileBits = 9;
const rowBits = 13;
export const mostTiles = 2 ** (tileBits - 1);
export const mostRows = 2 ** rowBits - 1;
const addressBits = 16;
/** The most words of a bank. */
export const mostBankWords = 2 ** addressBits;
/** Bits of the number of a neuron in a segment. */
const columnBits = 15;
export const mostColumns = 2 ** columnBits;
const wordsOfRowBits = 12;
const accessBits = 6;
const bankBits = 2;
const sourceBits = 4;
const keptBits = 8;
const saturationParts = (name: string): RecordParts => [
  [`${name}_to`, 2],
  [`${name}_bits`, 6],
];

/** A word of microcode: what computes, then a load of each bank. */
export const wordParts: RecordParts = [
  ['valid', 1],
  ['stage', 4],
  ['operation', 4],
  ['a_kind', 3],
  ['a_index', 6],
  ['b_kind', 3],
  ['b_index', 6],
  ['p_kept', 1],
  ['p_index', 4],
  ['write', 1],
  ['target', 4],
  ['multiply', 1],
  ['amount', 5],
  ['left', 1],
  ['rounding', 3],
  ['unsigned', 1],
  ['random', 1],
  ['invert', 1],
  ...saturationParts('fit'),
  ['store', 1],
  ['store_bank', bankBits],
  ['store_access', accessBits],
  ['emit', 1],
  // Spikes carry the result.
  ['send', 1],
  ['sum', 1],
  ...Array.from(
    { length: mostBanks },
    (_, bank): RecordParts => [
      [`load${bank}`, 1],
      [`load${bank}_stage`, 4],
      [`load${bank}_access`, accessBits],
      [`load${bank}_keep`, 1],
      [`load${bank}_target`, 4],
    ],
  ).flat(),
];

/** A kernel: how its tiles are walked, and where its words are. */
export function kernelParts(): RecordParts {
  return [
    ['walk', 2],
    ['column_gate', 1],
    ['column_access', accessBits],
    ['column_bank', bankBits],
    ['column_scan', tileBits],
    ['row_gate', 1],
    ['row_access', accessBits],
    ['row_bank', bankBits],
    ['row_scan', tileBits],
    ['tiles', tileBits],
    // Lanes of the last tile, less one.
    ['tail', 6],
    ['rows', rowBits],
    ['interval', 7],
    ['base', 10],
    ['gap', 9],
    ['drain', 9],
    ['closed', 9],
    ...Array.from({ length: mostBanks }, (_, bank) => [`row_words${bank}`, wordsOfRowBits] as const),
    ['sum_access', accessBits],
    ['sum_bank', bankBits],
    ...saturationParts('sum'),
    // It is the largest value of the row.
    ['sum_largest', 1],
    ['population', 4],
    // Whether its spikes are kept, or what it stores has been: the number of their source, and its first tile. Spikes
    // that only wait enter no FIFO.
    ['keeps', 1],
    ['waits', 1],
    ['source', sourceBits],
    ['first', keptBits],
    // A test scans the gate of columns, and visits no tile.
    ['test', 1],
    // Cycles from spikes that find no room until another kernel may start.
    ['suspend', 9],
    // Whether its rows are cut into segments, and the record of the first one.
    ['cut', 1],
    ['cut_rows', addressBits],
  ];
}

/** A row that is cut into segments: the record of its first one, and how many there are. */
export const cutRowParts: RecordParts = [
  ['segment', addressBits],
  ['count', rowBits],
];

/** A segment: its first and last column, and its weights: their row, and the place of the first less its column. */
export const segmentParts: RecordParts = [
  ['from', columnBits],
  ['to', columnBits],
  ['weights', rowBits],
  ['shift', columnBits],
];

/** A field through a role: where its items are, and how they lie in a word. */
export const accessParts: RecordParts = [
  ['first', addressBits],
  // Logarithms: of the tiles in a word, of the bits from item to item.
  ['parts', 4],
  ['stride', 3],
  // Bits of an item, less one.
  ['last', 5],
  // Whether a tile is two words, and which one is loaded.
  ['wide', 1],
  ['upper', 1],
  ['signed', 1],
  ['synapse', 1],
  ['of_row', 1],
  // Logarithm: how many times as many words a row of it has as the shortest one of its kernel and bank.
  ['times', 2],
];

/** The entries of all lists that a core holds, and the conditions under which they run. */
export const mostEntries = 256;
export const mostConditions = 16;
/** Bits of the value that a spike carries, of either sign. */
export const valueBits = 9;
/** Bits of the number of a step. */
export const stepBits = 21;

/** An entry of a list. */
export const entryParts: RecordParts = [
  ['kind', 2],
  // The first of its list, and the last of all.
  ['first', 1],
  ['final', 1],
  // Of a kernel, whether it emits; of a delivery, whether it is that of the input.
  ['emits', 1],
  // A kernel, the list for each spike that is delivered, or the list that ends.
  ['index', 6],
  // Of a delivery, whether it is of spikes that are kept, or keeps those of the input: the number of their source, and
  // its first tile; what is added to their neurons.
  ['kept', 1],
  ['receives', 1],
  // It comes behind another delivery: without spikes of its own, it has nothing to do.
  ['behind', 1],
  ['source', sourceBits],
  ['tile', keptBits],
  ['shift', rowBits],
  // Of a kernel, whether a condition counts its row.
  ['counts', 1],
  ['counter', 4],
  // The entry with which the list goes on where a test fails.
  ['skip', 8],
  ['conditions', mostConditions],
];

/** When entries run. */
export const conditionParts: RecordParts = [
  ['never', 1],
  ['learning', 1],
  ['first', 1],
  ['again', 1],
  ['batch', 1],
  ['size', 3],
  ['from', stepBits],
  ['until', stepBits],
  ['every', stepBits],
  // Steps since one that would have been due, in the first step of a sample.
  ['phase', stepBits],
  ['last', stepBits],
];

export const entryKinds = ['run', 'test', 'deliver', 'end'] as const;

/** How a kernel's tiles are walked. */
export const walks = ['neurons', 'neuron', 'row', 'rows'] as const;

/** The sources of an operand. */
export const operandKinds = ['result', 'load', 'bank0', 'bank1', 'bank2', 'scalar', 'index', 'row'] as const;

export const laneOperations = [
  'pass',
  'add',
  'sub',
  'abs',
  'min',
  'max',
  'less',
  'equal',
  'and',
  'or',
  'xor',
  'select',
  'shift',
] as const;

export const roundingModes = ['floor', 'nearest', 'up', 'zero', 'stochastic'] as const;

export const saturations = ['none', 'signed', 'symmetric', 'unsigned'] as const;

export function bitsOf(parts: RecordParts): number {
  return parts.reduce((sum, [, bits]) => sum + bits, 0);
}

/**
 * A record as a number.
 *
 * @throws PlasticoreError `fit` for a part that does not hold its value
 */
export function packRecord(parts: RecordParts, values: Readonly<Record<string, number>>): bigint {
  let [record, shift] = [0n, 0n];
  const names = new Set(parts.map(([name]) => name));
  for (const name of Object.keys(values))
    if (!names.has(name)) throw new Error(`no part ${name} in a record`);
  for (const [name, bits] of parts) {
    const value = values[name] ?? 0;
    if (value < 0 || value >= 2 ** bits)
      throw new PlasticoreError('fit', `${name} is ${value}, which ${bits} bits do not hold`, {
        hint: 'run fewer kernels, or choose sequencer: hardwired',
      });
    record |= BigInt(value) << shift;
    shift += BigInt(bits);
  }
  return record;
}

/** The number of a name in a list. */
export function numberNamed<T extends string>(names: readonly T[], name: T): number {
  const found = names.indexOf(name);
  if (found < 0) throw new Error(`no ${name} in ${at(names, 0)}, ...`);
  return found;
}

/** The parts of a record that say how a value is saturated: `fit_to`, `fit_bits`. */
export function saturationValues(name: string, saturation: Saturation | undefined): Record<string, number> {
  return {
    [`${name}_to`]: numberNamed(saturations, saturation?.to ?? 'none'),
    [`${name}_bits`]: saturation?.bits ?? 0,
  };
}
