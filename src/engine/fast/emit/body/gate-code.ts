import { emittingPopulation } from '../../../../image/index.ts';
import { domainNamed, operationNamed } from '../../../../isa/index.ts';
import { type Local, whileLess } from '../../builder/index.ts';
import type { CountedAccess } from '../../plan/counters/index.ts';
import { elementBytes } from '../../plan/memory/index.ts';
import type { KernelFrame } from './kernel-frame.ts';
import { PortsCode } from './ports-code.ts';

/** What the mask of a column gate lets through, in variables. */
export interface Visited {
  readonly tiles: Local;
  readonly items: Local;
  /** Words touched in a pass, by items to a word. */
  readonly words: ReadonlyMap<number, Local>;
}

/** An access that is counted where predicates hold. */
export interface PredicatedAccess extends CountedAccess {
  readonly predicated: number;
  /** Puts whether one of its predicates holds in the row or tile under way. */
  readonly putAny: () => void;
}

/** Code of gates: masks of columns, lists of visited tiles, and what their visits count. */
export class GateCode {
  readonly #frame: KernelFrame;
  /** Set while the code of a kernel with a column gate is written. */
  visited: Visited | undefined;
  /** For predicated loads and stores, by line: whether the predicate of the row, or of the tile, holds. */
  readonly predicates = new Map<number, Local>();
  #active: Local | undefined;

  constructor(frame: KernelFrame) {
    this.#frame = frame;
  }

  /** The active mask of the next vector is another one. */
  nextVector(): void {
    this.#active = undefined;
  }

  /** Makes the column gate's mask and the list of tiles; skips the body where no tile is visited. */
  whereTilesAreVisited(body: () => void): void {
    const gate = this.#frame.kernel.columnGate;
    if (gate === undefined) {
      body();
      return;
    }
    const visited = this.#makeMask(gate);
    this.visited = visited;
    this.#frame.f.get(visited.tiles);
    this.#frame.f.if(body);
  }

  #makeMask(gate: number) {
    const { f } = this.#frame;
    const { lanes, columnGate } = this.#frame.context.image.core;
    const { mask, tiles: list } = this.#frame.scratch;
    const bytes = this.#frame.maskBytes;
    const tiles = f.local('i32');
    const items = f.local('i32');
    const any = f.local('i32');
    const tile = f.local('i32');
    const column = f.local('i32');
    const end = f.local('i32');
    const isActive = f.local('i32');
    const words = new Map(
      [...(this.#frame.counters.gated?.words.keys() ?? [])].map((itemsPerWord) => [
        itemsPerWord,
        f.local('i32'),
      ]),
    );
    const highest = new Map([...words.keys()].map((itemsPerWord) => [itemsPerWord, f.local('i32')]));
    for (const local of [tiles, items, tile, column, ...words.values()]) {
      f.i32.const(0);
      f.set(local);
    }
    for (const local of highest.values()) {
      f.i32.const(-1);
      f.set(local);
    }
    const tileCount = Math.ceil(this.#frame.columns / lanes);
    whileLess(f, tile, tileCount, 1, () => {
      f.i32.const(0);
      f.set(any);
      this.#putMinimum(() => {
        f.get(column);
        f.i32.const(lanes);
        f.i32.add();
      }, this.#frame.columns);
      f.set(end);
      whileLess(f, column, end, 1, () => {
        this.putGate(gate, column);
        f.i32.const(0);
        f.i32.ne();
        f.tee(isActive);
        f.get(any);
        f.i32.or();
        f.set(any);
        f.get(items);
        f.get(isActive);
        f.i32.add();
        f.set(items);
        f.get(this.#frame.scaled(column, bytes));
        f.i32.const(0);
        f.get(isActive);
        f.i32.sub();
        if (bytes === 2) f.i32.store16(mask);
        else f.i32.store(mask);
      });
      if (columnGate === 'clock') f.i32.const(1);
      else f.get(any);
      f.if(() => {
        f.get(this.#frame.scaled(tiles, 4));
        f.get(tile);
        f.i32.store(list);
        f.get(tiles);
        f.i32.const(1);
        f.i32.add();
        f.set(tiles);
        for (const [itemsPerWord, count] of words)
          this.#touch(itemsPerWord, tile, end, count, highest.get(itemsPerWord) ?? count);
      });
    });
    return { tiles, items, words };
  }

  /** Adds the words of a visited tile that no earlier one has touched. */
  #touch(itemsPerWord: number, tile: Local, end: Local, count: Local, highest: Local): void {
    const { f } = this.#frame;
    const first = f.local('i32');
    const last = f.local('i32');
    f.get(tile);
    f.i32.const(this.#frame.context.image.core.lanes);
    f.i32.mul();
    f.i32.const(itemsPerWord);
    f.i32.div_u();
    f.i32.const(1);
    f.i32.sub();
    f.set(first);
    f.get(end);
    f.i32.const(1);
    f.i32.sub();
    f.i32.const(itemsPerWord);
    f.i32.div_u();
    f.set(last);
    // count += last - max(first - 1, highest)
    f.get(count);
    f.get(last);
    f.i32.add();
    f.get(first);
    f.get(highest);
    f.get(first);
    f.get(highest);
    f.i32.gt_s();
    f.select();
    f.i32.sub();
    f.set(count);
    f.get(last);
    f.set(highest);
  }

  #putMinimum(put: () => void, bound: number): void {
    const { f } = this.#frame;
    const value = f.local('i32');
    put();
    f.set(value);
    f.get(value);
    f.i32.const(bound);
    f.get(value);
    f.i32.const(bound);
    f.i32.lt_s();
    f.select();
  }

  /** Puts whether the item of a gate's field is at least one in magnitude. */
  putGate(gate: number, item: Local): void {
    const { f } = this.#frame;
    const { element, address } = this.#frame.ports.area(gate);
    const base = this.#frame.scaled(item, elementBytes[element]);
    const scalar = new PortsCode(
      f,
      this.#frame.constants,
      this.#frame.context.image,
      this.#frame.context.map,
      'scalar',
    );
    scalar.load(gate, { base, offset: address });
    if (element !== 'f32') return;
    f.f32.abs();
    f.f32.const(1);
    f.f32.ge();
  }

  /** Tests the gate of all rows before the first is visited; leaves `row` at 0. */
  keepRows(gate: number, row: Local, count: number): void {
    const { f } = this.#frame;
    whileLess(f, row, count, 1, () => {
      f.get(this.#frame.scaled(row, 4));
      this.putGate(gate, row);
      f.i32.store(this.#frame.scratch.rows);
    });
    f.i32.const(0);
    f.set(row);
  }

  putKeptRow(row: Local): void {
    this.#frame.f.get(this.#frame.scaled(row, 4));
    this.#frame.f.i32.load(this.#frame.scratch.rows);
  }

  /**
   * The mask of the active items of the vector at hand: of the column gate, or of the columns that exist where the
   * last vectors have fewer. Undefined where all are.
   */
  activeMask(): Local | undefined {
    if (domainNamed(this.#frame.kernel.domain).single) return undefined;
    const isGated = this.visited !== undefined;
    if (!isGated && this.#frame.pastColumns === this.#frame.columns) return undefined;
    if (this.#active !== undefined) return this.#active;
    const { f } = this.#frame;
    const bytes = this.#frame.maskBytes;
    const existing = this.#existingColumns(bytes);
    const base = this.#frame.here().scaled[bytes];
    if (base === undefined || existing === undefined) throw new Error('no mask');
    const offset =
      (isGated ? this.#frame.scratch.mask : existing) + this.#frame.unroll * this.#frame.vector * bytes;
    const isScalar = this.#frame.mode.mode === 'scalar';
    const local = f.local(isScalar ? 'i32' : 'v128');
    f.get(base);
    if (isScalar) f.i32.load(offset);
    else f.v128.load(offset, bytes);
    f.set(local);
    this.#active = local;
    return local;
  }

  /** Address of the mask of the columns that exist. */
  #existingColumns(bytes: 2 | 4): number | undefined {
    const { map, image } = this.#frame.context;
    const { kernel } = this.#frame;
    if (kernel.domain === 'weights') {
      const { projection = -1 } = kernel;
      return bytes === 2 ? map.weights16[projection] : map.weights32[projection];
    }
    const population = emittingPopulation(image, kernel);
    return bytes === 2 ? map.columns16[population] : map.columns32[population];
  }

  /** Counts one pass over the visited tiles. */
  countPass(): void {
    const { passes, gated, rowsOfPass, columns } = this.#frame.counters;
    if (passes !== undefined) this.#frame.count(passes, 1);
    if (gated !== undefined && this.visited !== undefined) {
      this.#frame.count(gated.tiles, this.visited.tiles);
      this.#frame.count(gated.items, this.visited.items);
      for (const [itemsPerWord, slot] of gated.words) {
        const words = this.visited.words.get(itemsPerWord);
        if (words !== undefined) this.#frame.count(slot, words);
      }
    }
    for (const { predicated, ofPre, itemsPerWord, putAny } of this.predicatedAccesses()) {
      putAny();
      this.#frame.f.if(() => {
        const gatedWords = this.visited?.words.get(itemsPerWord);
        const ungated = ofPre ? 1 : rowsOfPass * Math.ceil(columns / itemsPerWord);
        this.#frame.count(predicated, ofPre || gatedWords === undefined ? ungated : gatedWords);
      });
    }
  }

  /** Counts the predicated accesses of a tile, whose words are given by items to a word. */
  countTile(words: (itemsPerWord: number) => number | Local): void {
    for (const { predicated, itemsPerWord, putAny } of this.predicatedAccesses()) {
      putAny();
      this.#frame.f.if(() => this.#frame.count(predicated, words(itemsPerWord)));
    }
  }

  /** What is read or written only where predicates hold, once for each counter. */
  predicatedAccesses(): PredicatedAccess[] {
    const bySlot = new Map<number, PredicatedAccess>();
    for (const access of this.#frame.counters.accesses) {
      const { predicated } = access;
      if (predicated === undefined || bySlot.has(predicated)) continue;
      bySlot.set(predicated, { ...access, predicated, putAny: () => this.#putAnyPredicate(access) });
    }
    return [...bySlot.values()];
  }

  /** Puts whether a predicate of the loads, or stores, of a layout holds in this row. */
  #putAnyPredicate({ layout, ofPre, isWrite }: CountedAccess): void {
    const { f } = this.#frame;
    f.i32.const(0);
    for (const [line, { mnemonic, operands }] of this.#frame.kernel.code.entries()) {
      if ((operationNamed(mnemonic).effect.does === 'store') !== isWrite) continue;
      const predicate = this.predicates.get(line);
      const operand = operands[1];
      if (predicate === undefined || operand?.is !== 'field' || (operand.role === 'pre') !== ofPre) continue;
      // What is stored is stored into its view too.
      const { storedView } = this.#frame.ports.field(operand.field);
      const touched = isWrite && storedView !== undefined ? [operand.field, storedView] : [operand.field];
      if (!touched.some((field) => this.#frame.layoutIndex(field) === layout)) continue;
      f.get(predicate);
      f.i32.or();
    }
  }
}
