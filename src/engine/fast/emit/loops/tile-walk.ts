import { type Local, whileLess } from '../../builder/index.ts';
import type { KernelFrame, KernelParts } from '../body/index.ts';

/** Code of the walk of a kernel that runs by columns: each tile, and all rows of it. */
export class TileWalk {
  readonly #parts: KernelParts;
  readonly #frame: KernelFrame;

  constructor(parts: KernelParts) {
    this.#parts = parts;
    this.#frame = parts.frame;
  }

  write(): void {
    const { f, kernel, columns, counters, context } = this.#frame;
    const { lanes } = context.image.core;
    const { rows } = counters;
    const column = f.local('i32');
    const row = f.local('i32');
    this.#parts.items.writeConstants();
    f.i32.const(0);
    f.set(column);
    whileLess(f, column, columns, lanes, () => {
      const words = this.#wordsOfTile(column);
      this.#parts.items.writeColumns((write) => this.#forTile(column, write));
      f.i32.const(0);
      f.set(row);
      whileLess(f, row, rows, 1, () => {
        this.#frame.pre = row;
        this.#frame.startRows(row);
        this.#parts.items.writeRow();
        this.#forTile(column, () => this.#parts.items.writeItems());
        this.#parts.gates.countTile(words);
      });
    });
    if (kernel.code.length === 0) f.nop();
  }

  /** Each vector, or item, of a tile. */
  #forTile(column: Local, write: () => void): void {
    const { f, context, vector, columns } = this.#frame;
    const { lanes } = context.image.core;
    if (this.#frame.mode.mode !== 'scalar') {
      this.#frame.at(column, undefined, () => {
        for (let unroll = 0; unroll < lanes / vector; unroll++) {
          this.#frame.unroll = unroll;
          write();
        }
        this.#frame.unroll = 0;
      });
      return;
    }
    const item = f.local('i32');
    const end = f.local('i32');
    f.get(column);
    f.set(item);
    f.get(column);
    f.i32.const(lanes);
    f.i32.add();
    f.tee(end);
    f.i32.const(columns);
    f.get(end);
    f.i32.const(columns);
    f.i32.lt_s();
    f.select();
    f.set(end);
    whileLess(f, item, end, 1, () => this.#frame.at(item, undefined, write));
  }

  /** The words of a tile, by items to a word: a number where they are the same for all. */
  #wordsOfTile(column: Local): (itemsPerWord: number) => number | Local {
    const { f, columns, counters, context } = this.#frame;
    const { lanes } = context.image.core;
    const words = new Map<number, number | Local>();
    for (const { itemsPerWord, predicated } of counters.accesses) {
      if (predicated === undefined || words.has(itemsPerWord)) continue;
      if (lanes % itemsPerWord === 0 && columns % lanes === 0) {
        words.set(itemsPerWord, lanes / itemsPerWord);
        continue;
      }
      // last / items - first / items + 1
      const count = f.local('i32');
      const last = f.local('i32');
      f.get(column);
      f.i32.const(lanes - 1);
      f.i32.add();
      f.tee(last);
      f.i32.const(columns - 1);
      f.get(last);
      f.i32.const(columns - 1);
      f.i32.lt_s();
      f.select();
      f.i32.const(itemsPerWord);
      f.i32.div_u();
      f.get(column);
      f.i32.const(itemsPerWord);
      f.i32.div_u();
      f.i32.sub();
      f.i32.const(1);
      f.i32.add();
      f.set(count);
      words.set(itemsPerWord, count);
    }
    return (itemsPerWord) => words.get(itemsPerWord) ?? 1;
  }
}
