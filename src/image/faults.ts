import { combine, firstAbove, hash32, streams } from '../random/index.ts';
import { at } from '../text/index.ts';
import type { BankMap, ProgramView } from './image.ts';
import { firstBit, layoutOf } from './memory.ts';
import type { Image } from './placed.ts';

/*
 * Cells of banks that fail. What they do, for both engines:
 *
 * A cell is a bit of a bank, by its number: word x width of the word + bit. Which cells fail follows from the seed of
 * the chip, the number of the core on it (0 for a core alone), that of the bank and that of the cell, by hashes
 * (`src/random/hash.ts`):
 *
 *     fails(cell)   = combine(hash32(seed, streams.cell, core, bank, 0), cell) < rate x 2^32
 *     prefers(cell) = combine(hash32(seed, streams.cell, core, bank, 1), cell) >> 31, or as `prefers` says
 *
 * So a cell that fails at a rate fails at every higher one, and the map is that of one chip for every supply: this is
 * the law of a Gaussian failure voltage for each cell, drawn by its hash.
 *
 * `stuck`: whatever is written, the cell holds what it prefers: a store, a clear, the host's writes, initial contents
 * and a restored state all lose these bits. Loads give what the banks hold.
 *
 * `fresh`: the banks hold what was written, and loads give it with bits flipped. Before a sample begins, and before
 * each of its steps, the cells that flip are drawn anew; whatever loads a cell until the next draw sees it flipped. The
 * number of draws is a part of the core's state, and replaces the chip's part of the hash:
 *
 *     drawn = combine(hash32(seed, streams.cell, core, bank, 2), draws)
 *
 * From the first cell of the bank on, the n-th number u = combine(drawn, n) / 2^32, n = 0, 1, ..., says how many cells
 * k stay as they are before the next one flips: the least k with u < 1 - (1 - rate)^(k + 1). If there is none below
 * 1024, 1024 cells stay as they are. 1 - rate is multiplied by itself as often as that, in float64.
 *
 * Only cells that hold an item of a field can fail. An item may hold any number of its bits: see `heldRange`.
 */

/** Of a bank, 32 bits to an element, as its words lie: which bits a store keeps, and which are always one. */
export interface StuckBits {
  readonly kept: Uint32Array;
  readonly ones: Uint32Array;
}

/** The cells of a bank that fields lie in. */
export function forEachCell(
  image: Pick<ProgramView, 'fields' | 'layouts' | 'banks'>,
  bank: number,
  visit: (cell: number) => void,
): void {
  const { wordBits } = at(image.banks, bank);
  for (const field of image.fields) {
    if (field.faulty !== true) continue;
    const layout = layoutOf(image, field);
    if (layout.bank !== bank) continue;
    const first = firstBit(field, layout, wordBits);
    // Of a field that is kept once per word, the first item of each word stands for all.
    const step = field.perWord ? layout.itemsPerWord : 1;
    for (let row = 0; row < layout.rows; row++)
      for (let column = 0; column < layout.rowLength; column += step) {
        const start = first(row * layout.rowLength + column);
        for (let bit = 0; bit < field.bits; bit++) visit(start + bit);
      }
  }
}

/** The numbers of the hashes of a bank: which cells fail, and what they prefer. */
const [fails, prefers, flips] = [0, 1, 2];

/** For each bank, its stuck bits; undefined where no cell is stuck. */
export function stuckBits(image: ProgramView, core: number): readonly (StuckBits | undefined)[] {
  const { faults, banks } = image;
  return banks.map((bank, index) => {
    const rate = faults?.errors === 'stuck' ? at(faults.rates, index) : 0;
    if (faults === undefined || rate === 0) return undefined;
    const [kept, ones] = [bankWords(bank).fill(0xffffffff), bankWords(bank)];
    const isStuck = hash32(faults.seed, streams.cell, core, index, fails);
    const prefersOne = hash32(faults.seed, streams.cell, core, index, prefers);
    const below = rate * 2 ** 32;
    forEachCell(image, index, (cell) => {
      if (combine(isStuck, cell) >= below) return;
      const isOne = faults.prefers === 'either' ? combine(prefersOne, cell) >>> 31 : faults.prefers;
      clearBit(kept, cell);
      if (isOne === 1) setBit(ones, cell);
    });
    return { kept, ones };
  });
}

/** Cells of which one number says that none flips. */
const longestGap = 1024;

/** The cells of a bank that flip after so many draws, ascending: also those that hold no item. */
export function flippedCells(image: ProgramView, core: number, bank: number, draws: number): number[] {
  const { faults, banks } = image;
  const rate = faults?.errors === 'fresh' ? at(faults.rates, bank) : 0;
  if (faults === undefined || rate === 0) return [];
  const { usedWords, wordBits } = at(banks, bank);
  const drawn = combine(hash32(faults.seed, streams.cell, core, bank, flips), draws);
  const ends = gapEnds(rate);
  const cells = usedWords * wordBits;
  const flipped: number[] = [];
  let number = 0;
  for (let cell = 0; cell < cells; number++) {
    const gap = firstAbove(ends, combine(drawn, number) / 2 ** 32);
    cell += gap;
    if (gap === longestGap) continue;
    if (cell < cells) flipped.push(cell);
    cell += 1;
  }
  return flipped;
}

/** The probabilities that a cell flips no later than after so many that do not. */
function gapEnds(rate: number): Float64Array {
  let stays = 1;
  return Float64Array.from({ length: longestGap }, () => {
    stays *= 1 - rate;
    return 1 - stays;
  });
}

/** Told of an item that a cell holds a bit of. */
export type FoundItem = (field: number, item: number, bit: number) => void;

/**
 * Finds the items that a cell of a bank holds a bit of: one, or all of a word that share it; none where it is not used.
 */
export function itemFinder(
  image: Pick<ProgramView, 'fields' | 'layouts' | 'banks'>,
  bank: number,
): (cell: number, found: FoundItem) => void {
  const { wordBits } = at(image.banks, bank);
  const fields = image.fields.flatMap(({ faulty, bits, bitOffset, perWord, layout: index }, field) => {
    const layout = image.layouts[index ?? -1];
    return faulty === true && layout?.bank === bank ? [{ field, bits, bitOffset, perWord, layout }] : [];
  });
  return (cell, found) => {
    const word = Math.floor(cell / wordBits);
    const inWord = cell - word * wordBits;
    for (const { field, bits, bitOffset, perWord, layout } of fields) {
      const { firstWord, rows, rowLength, itemBits, itemsPerWord, wordsPerRow } = layout;
      const row = Math.floor((word - firstWord) / wordsPerRow);
      if (row < 0 || row >= rows) continue;
      const slot = perWord ? 0 : Math.floor(inWord / itemBits);
      const bit = inWord - slot * itemBits - bitOffset;
      if (bit < 0 || bit >= bits || slot >= itemsPerWord) continue;
      const first = (word - firstWord - row * wordsPerRow) * itemsPerWord + slot;
      const end = Math.min(rowLength, perWord ? first + itemsPerWord : first + 1);
      for (let column = first; column < end; column++) found(field, row * rowLength + column, bit);
    }
  };
}

/** Of a bank whose cells fail: how many hold an item of a field, and how many of these are stuck. */
export interface FailingCount {
  readonly bank: string;
  readonly rate: number;
  readonly cells: number;
  readonly stuck: number;
}

/** Counts the cells of the banks whose cells fail: those of all cores, copies of a field on each of them. */
export function countFailing(image: ProgramView & Partial<Pick<Image, 'cores'>>): FailingCount[] {
  const { cores = [{ image, number: 0 }] } = image;
  const found = cores.map(({ image: own, number }) => failingOn(own, number));
  const sum = (of: 'cells' | 'stuck', bank: string): number =>
    found.flat().reduce((all, one) => (one.bank === bank ? all + one[of] : all), 0);
  // All cores have the same banks.
  return at(found, 0).map(({ bank, rate }) => ({
    bank,
    rate,
    cells: sum('cells', bank),
    stuck: sum('stuck', bank),
  }));
}

function failingOn(image: ProgramView, core: number): FailingCount[] {
  const failing = stuckBits(image, core);
  return image.banks.flatMap(({ name }, bank): FailingCount[] => {
    const rate = image.faults?.rates[bank] ?? 0;
    if (rate === 0) return [];
    let [cells, stuck] = [0, 0];
    const kept = failing[bank]?.kept;
    forEachCell(image, bank, (cell) => {
      cells += 1;
      if (kept !== undefined && !hasBit(kept, cell)) stuck += 1;
    });
    return [{ bank: name, rate, cells, stuck }];
  });
}

/** Makes the words of a bank such as its stuck cells leave them. */
export function settleWords(words: Uint32Array, { kept, ones }: StuckBits): void {
  for (const [index, word] of words.entries()) words[index] = (word & at(kept, index)) | at(ones, index);
}

/** As many elements as the words of a bank take. */
export function bankWords({ wordBits, usedWords }: BankMap): Uint32Array {
  return new Uint32Array(Math.ceil((wordBits * usedWords) / 32));
}

export function setBit(words: Uint32Array, bit: number): void {
  words[bit >>> 5] = at(words, bit >>> 5) | (1 << (bit & 31));
}

function clearBit(words: Uint32Array, bit: number): void {
  words[bit >>> 5] = at(words, bit >>> 5) & ~(1 << (bit & 31));
}

export function hasBit(words: Uint32Array, bit: number): boolean {
  return ((at(words, bit >>> 5) >>> (bit & 31)) & 1) === 1;
}
