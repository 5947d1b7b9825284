import type { HwModel } from '../../src/hardware/index.ts';
import { type Field, layoutOf, type ProgramView } from '../../src/image/index.ts';
import { mix } from '../../src/random/index.ts';
import { at } from '../../src/text/index.ts';

/* The specification in src/image/faults.ts, in plain numbers: hashes part by part. */

export function plainHash(seed: number, ...parts: number[]): number {
  return [seed, ...parts].reduce((h, x) => mix((h ^ Math.imul(x + 1, 0x9e3779b9)) >>> 0), 0);
}

/** The bits of an item, and its cells, by the layout of its field: row by row, each row from a new word on. */
export function cellsOf(image: ProgramView, field: Field, item: number) {
  const { bank, firstWord, rowLength, itemsPerWord, wordsPerRow, itemBits } = layoutOf(image, field);
  const [row, column] = [Math.floor(item / rowLength), item % rowLength];
  const word = firstWord + row * wordsPerRow + Math.floor(column / itemsPerWord);
  const start = word * at(image.banks, bank).wordBits + (column % itemsPerWord) * itemBits + field.bitOffset;
  return { bank, cells: Array.from({ length: field.bits }, (_, bit) => start + bit) };
}

/** A chip: its seed, and the share of its cells that are stuck. */
export interface PlainChip {
  readonly seed: number;
  readonly rate: number;
}

/** What a stuck cell of a core holds; undefined of one that holds what is written. */
export function stuckAt(
  { seed, rate }: PlainChip,
  core: number,
  bank: number,
  cell: number,
): number | undefined {
  if (plainHash(seed, 17, core, bank, 0, cell) >= rate * 2 ** 32) return undefined;
  return plainHash(seed, 17, core, bank, 1, cell) >>> 31;
}

/** A number as the stuck cells of a core leave it. */
export function heldOn(
  chip: PlainChip,
  core: number,
  image: ProgramView,
  field: Field,
  item: number,
  value: number,
): number {
  const { bank, cells } = cellsOf(image, field, item);
  const bits = cells.map((cell, bit) => stuckAt(chip, core, bank, cell) ?? (value >> bit) & 1);
  return numberOf(bits, field.signed);
}

/** The number that bits are, the lowest first. */
function numberOf(bits: readonly number[], signed: boolean): number {
  const raw = bits.reduce((sum, bit, place) => sum + bit * 2 ** place, 0);
  return signed && raw >= 2 ** (bits.length - 1) ? raw - 2 ** bits.length : raw;
}

/** The cells of a bank that flip after so many draws. A gap is the least k with u < 1 - (1 - rate)^(k + 1). */
export function flippedAfter(
  { seed, rate }: PlainChip,
  core: number,
  bank: number,
  cells: number,
  draws: number,
): number[] {
  const drawn = plainHash(seed, 17, core, bank, 2, draws);
  const found: number[] = [];
  for (let cell = 0, number = 0; ; number++) {
    const u = mix((drawn ^ Math.imul(number + 1, 0x9e3779b9)) >>> 0) / 2 ** 32;
    let k = 0;
    while (u >= 1 - (1 - rate) ** (k + 1)) k++;
    cell += k;
    if (cell >= cells) return found;
    found.push(cell);
    cell += 1;
  }
}

/** A signed number of so many bits with the bits of some cells flipped. */
export function flippedNumber(value: number, cells: readonly number[], flipped: ReadonlySet<number>): number {
  const bits = cells.map((cell, bit) => ((value >> bit) & 1) ^ Number(flipped.has(cell)));
  return numberOf(bits, true);
}

export type Faults = Partial<NonNullable<HwModel['faults']>>;

/** A model with cells that fail: stuck ones in two banks, but for what is stated. */
export const failing = (hw: HwModel, faults: Faults): HwModel => ({
  ...hw,
  faults: { seed: 7, errors: 'stuck', prefers: 'either', rate: 0.1, banks: ['shadow', 'state'], ...faults },
});

/** Adds the weights of spikes to potentials, and these to shadow weights. */
export const addingRule = `kernel add over row
  ld r0, post.v
  ld r1, syn.weight
  add.s r2, r0, r1
  st r2, post.v
end
kernel learn over synapses
  ld r0, syn.shadow
  ld r1, post.v
  add.s r2, r0, r1
  st r2, syn.shadow
end
`;
