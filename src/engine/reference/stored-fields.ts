import {
  type CoreImage,
  type Field,
  type FieldPass,
  flippedCells,
  forEachCell,
  hasBit,
  loadedField,
  type Memory,
  setBit,
  settleWords,
  stuckBits,
} from '../../image/index.ts';
import { weightView } from '../../isa/index.ts';
import { at } from '../../text/index.ts';
import { checkValues } from '../checks.ts';
import { drawState, drawsIn } from '../state.ts';
import type { Tile } from './generator.ts';

/** The fields of an image as whole arrays: the host reads and writes them, and lists clear, hold and test them. */
export class StoredFields {
  readonly #image: CoreImage;
  readonly #memory: Memory;

  constructor(image: CoreImage, memory: Memory) {
    this.#image = image;
    this.#memory = memory;
  }

  read(index: number): Float64Array {
    const named = at(this.#image.fields, index);
    const field = loadedField(this.#image.fields, index);
    const items = new Float64Array(this.#memory.access(this.#image, field).readAll());
    const slice = sliced(named, field);
    return slice === undefined ? items : items.map((value) => slice(value));
  }

  /** The items of a stored field without what a load flips. */
  readHeld(index: number): Float64Array {
    const field = at(this.#image.fields, index);
    return new Float64Array(this.#memory.held(this.#image, field).readAll());
  }

  write(index: number, values: ArrayLike<number>): void {
    const field = at(this.#image.fields, index);
    checkValues(this.#image, field, values);
    this.#memory.write(this.#image, field, values);
  }

  clear(fields: readonly number[]): void {
    for (const index of fields) {
      const field = at(this.#image.fields, index);
      const access = this.#memory.access(this.#image, field);
      for (let item = 0; item < field.count; item++) access.write(item, 0);
    }
  }

  /** From item `after` on, each item takes the value of the item one period before it. */
  hold(fields: readonly number[], after: number, period: number): void {
    for (const index of fields) {
      const field = at(this.#image.fields, index);
      const access = this.#memory.access(this.#image, field);
      for (let item = after; item < field.count; item++) access.write(item, access.read(item - period));
    }
  }

  /** Tests |x| >= 1, as a gate does. */
  isAnySet(field: number): boolean {
    return this.read(field).some((value) => Math.abs(value) >= 1);
  }
}

/** The value that an unstored view reads from a shadow weight: rounded and saturated, or scaled if it is a float. */
export function sliced(named: Field, loaded: Field): ((value: number) => number) | undefined {
  if (named === loaded || named.view === undefined) return undefined;
  const { droppedBits } = named.view;
  if (loaded.storage === 'float32') return (value) => value * 2 ** -droppedBits;
  return weightView(droppedBits, named.bits);
}

/** One register of all lanes, or a constant in each of them. */
export type RegisterValues = Int32Array | Float32Array;
export type TileStep = (tile: Tile) => void;

/** The values that a line of a kernel takes from its operands. */
export interface OperandValues {
  readonly values: RegisterValues;
  readonly isRegister: boolean;
}

/** When words are read: with their row, with their tile, before they are written in part, or all at once. */
export type ReadTurn = 'row' | 'tile' | 'write' | 'at once';

/**
 * Told of the data that a core on the reference engine computes with and moves. What it is told of has no effect on the
 * core. Pieces of work, banks and fields are named by index.
 */
export interface DataWatch {
  /**
   * Called once for each line of a kernel, and again for the registers of a run within a run.
   *
   * @param given the register that takes the result, if there is one
   * @returns what is called before and after the line is carried out on a tile
   */
  line(
    kernel: number,
    line: number,
    taken: readonly OperandValues[],
    given: RegisterValues | undefined,
  ): { readonly before: TileStep; readonly after: TileStep };
  /** Words are about to be used as they stand: `count` words from `word` on, counted from the first of the bank. */
  read(work: number, bank: number, word: number, count: number, turn: ReadTurn): void;
  /** Consecutive items of a field have been written, those whose lane is active if that is given. */
  wrote(field: number, first: number, count: number, active?: Uint8Array, lane?: number): void;
  /** A pass over words of fields is about to begin, and has ended. */
  passes(pass: FieldPass): void;
  passed(pass: FieldPass): void;
}

/** Makes a watch of a core with this memory. */
export type WatchData = (memory: Memory) => DataWatch;

/** A watch, as one piece of work of it is told. */
export interface WorkWatch {
  line(
    line: number,
    taken: readonly OperandValues[],
    given: RegisterValues | undefined,
  ): ReturnType<DataWatch['line']>;
  read(bank: number, word: number, count: number, turn: ReadTurn): void;
  wrote: DataWatch['wrote'];
}

/** The part of a watch that a kernel tells. */
export function watchOf(watch: DataWatch, kernel: number): WorkWatch {
  return {
    line: (line, taken, given) => watch.line(kernel, line, taken, given),
    read: (bank, word, count, turn) => watch.read(kernel, bank, word, count, turn),
    wrote: watch.wrote.bind(watch),
  };
}

/** The cells of a core's banks that fail: see `src/image/faults.ts`. */
export class FailingBanks {
  readonly #image: CoreImage;
  readonly #memory: Memory;
  readonly #core: number;
  #draws = 0;
  /** Cells of items that have flipped, of all draws since it was set to 0. */
  flips = 0;

  /** Gives the memory its cells that fail, and its contents what the stuck ones leave of them. */
  constructor(image: CoreImage, memory: Memory, core: number) {
    this.#image = image;
    this.#memory = memory;
    this.#core = core;
    const { faults } = image;
    if (faults === undefined) return;
    const stuck = stuckBits(image, core);
    for (const [bank, words] of memory.banks.entries())
      memory.failing[bank] =
        faults.errors === 'stuck'
          ? { stuck: stuck[bank] }
          : { flipped: at(faults.rates, bank) === 0 ? undefined : new Uint32Array(words.length) };
    this.#settle();
  }

  /** The part of the core's state that says which cells flip. */
  get state(): readonly number[] {
    return drawState(this.#image, this.#draws);
  }

  /** Draws the cells that flip from now on. */
  draw(): void {
    if (this.#image.faults?.errors !== 'fresh') return;
    this.#draws = (this.#draws + 1) >>> 0;
    this.flips += this.#flip();
  }

  /** Goes on from the states of generators, with banks that have been restored. */
  restore(generators: Uint32Array): void {
    this.#draws = drawsIn(this.#image, generators);
    this.#settle();
    this.#flip();
  }

  #settle(): void {
    for (const [bank, words] of this.#memory.banks.entries()) {
      const { stuck } = this.#memory.failing[bank] ?? {};
      if (stuck !== undefined) settleWords(words, stuck);
    }
  }

  /** @returns how many cells of items are flipped */
  #flip(): number {
    let flips = 0;
    for (const bank of this.#memory.banks.keys()) {
      const { flipped } = this.#memory.failing[bank] ?? {};
      if (flipped === undefined) continue;
      flipped.fill(0);
      if (this.#draws === 0) continue;
      for (const cell of flippedCells(this.#image, this.#core, bank, this.#draws)) setBit(flipped, cell);
      forEachCell(this.#image, bank, (cell) => {
        if (hasBit(flipped, cell)) flips += 1;
      });
    }
    return flips;
  }
}
