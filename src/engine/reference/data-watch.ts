import type { FieldPass, Memory } from '../../image/index.ts';
import type { Tile } from './tile.ts';

/** One register of all lanes, or a constant in each of them. */
export type Values = Int32Array | Float32Array;
export type Step = (tile: Tile) => void;

/** The values that a line of a kernel takes from its operands. */
export interface OperandValues {
  readonly values: Values;
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
    given: Values | undefined,
  ): { readonly before: Step; readonly after: Step };
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
    given: Values | undefined,
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
