import type { GateCode } from './gate-code.ts';
import type { GeneratorCode } from './generator-code.ts';
import { whileLess } from './idioms.ts';
import type { ItemCode } from './item-code.ts';
import type { KernelFrame } from './kernel-frame.ts';
import { writeMask } from './mask-code.ts';
import type { ReduceCode } from './reduce-code.ts';
import type { SegmentCounters } from './segment-counters.ts';
import { firstPostOffset, firstWeightOffset, lengthOffset, type SegmentTable } from './segment-map.ts';
import { SegmentTally } from './segment-tally.ts';
import type { Segmentation } from './segments.ts';
import type { Local } from './wasm/index.ts';

/** The parts of a kernel's code that a walk over segments puts together. */
export interface KernelParts {
  readonly frame: KernelFrame;
  readonly gates: GateCode;
  readonly generators: GeneratorCode;
  readonly reduces: ReduceCode;
  readonly items: ItemCode;
}

/**
 * Code of the walk over a row that is cut into segments. Segments that are whole rows of weights in whole vectors are
 * carried out a block of columns at a time; any others item by item.
 */
export class SegmentCode {
  readonly #parts: KernelParts;
  readonly #frame: KernelFrame;
  readonly #segmentation: Segmentation;
  readonly #table: SegmentTable;
  readonly #tally: SegmentTally;
  readonly #isGated: boolean;

  constructor(
    parts: KernelParts,
    segmentation: Segmentation,
    table: SegmentTable,
    counters: SegmentCounters,
  ) {
    this.#parts = parts;
    this.#frame = parts.frame;
    this.#segmentation = segmentation;
    this.#table = table;
    this.#tally = new SegmentTally(parts.frame, parts.gates, table, counters);
    this.#isGated = parts.frame.kernel.columnGate !== undefined;
  }

  /** One run: makes the mask of the column gate, and counts when the body has walked. */
  writeRun(body: () => void): void {
    const { f, kernel, context } = this.#frame;
    this.#tally.startRun();
    if (kernel.columnGate === undefined) body();
    else {
      const { tiles, items } = this.#tally;
      const any = writeMask(this.#parts.frame, this.#parts.gates, kernel.columnGate);
      this.#parts.gates.visited = { tiles, items, words: new Map() };
      if (context.image.machine.columnGate === 'clock') f.i32.const(1);
      else f.get(any);
      f.if(body);
    }
    this.#tally.endRun();
  }

  writeRow(row: Local): void {
    const { f } = this.#frame;
    const next = f.local('i32');
    const first = f.local('i32');
    const end = f.local('i32');
    const at = this.#frame.scaled(row, 4);
    for (const [local, offset] of [
      [next, 0],
      [end, 4],
    ] as const) {
      f.get(at);
      f.i32.load(this.#table.rowStart + offset);
      f.set(local);
    }
    f.get(next);
    f.set(first);
    const putSegments = (): void => {
      f.get(end);
      f.get(first);
      f.i32.sub();
      f.i32.const(this.#table.segmentBytes);
      f.i32.div_u();
    };
    const write = (): void => {
      this.#frame.pre = row;
      this.#tally.startRow();
      this.#reduceLines(({ line }) => this.#parts.reduces.start(line));
      this.#parts.items.writeUniform();
      f.loop((again) => {
        this.#writeSegment(next);
        f.get(next);
        f.i32.const(this.#table.segmentBytes);
        f.i32.add();
        f.tee(next);
        f.get(end);
        f.i32.lt_u();
        f.brIf(again);
      });
      const finish = (): void => {
        this.#reduceLines(({ line }) => this.#parts.reduces.finish(line, row));
        this.#tally.countRow(row, putSegments);
      };
      if (!this.#isGated) finish();
      else {
        this.#tally.putIsVisited();
        f.if(finish);
      }
    };
    if (this.#segmentation.emptyRows === 0) write();
    else {
      f.get(next);
      f.get(end);
      f.i32.ne();
      f.if(write);
    }
  }

  #reduceLines(body: (at: { line: number }) => void): void {
    for (const [line, { mnemonic }] of this.#frame.kernel.code.entries())
      if (mnemonic === 'reduce') body({ line });
  }

  #writeSegment(segment: Local): void {
    const { f } = this.#frame;
    const load = (offset: number): Local => {
      const local = f.local('i32');
      f.get(segment);
      f.i32.load(offset);
      f.set(local);
      return local;
    };
    if (this.#isGated) this.#tally.startSegment();
    const column = load(firstPostOffset);
    const weight = load(firstWeightOffset);
    if (this.#frame.mode.mode === 'scalar') {
      const end = f.local('i32');
      const { columns } = this.#segmentation;
      f.get(column);
      if (columns === undefined) f.get(load(lengthOffset));
      else f.i32.const(columns);
      f.i32.add();
      f.set(end);
      this.#writeTiles(column, weight, end);
      return;
    }
    const { columns = 0 } = this.#segmentation;
    if (columns === this.#frame.block) {
      this.#writeBlock(column, weight);
      return;
    }
    const end = this.#sum(column, columns);
    whileLess(f, column, end, this.#frame.block, () => {
      this.#writeBlock(column, weight);
      this.#add(weight, () => f.i32.const(this.#frame.block));
    });
  }

  // ---- whole vectors ----------------------------------------------------------------------------------------------

  #writeBlock(column: Local, weight: Local): void {
    const { f, block, vector } = this.#frame;
    const { lanes, columnGate } = this.#frame.context.image.machine;
    this.#frame.atSegment(column, weight, () => {
      if (!this.#isGated) {
        this.#writeVectors(0, block / vector);
        return;
      }
      const counts = this.#frame.scaled(column, 4);
      for (let first = 0; first < block; first += lanes) {
        const items = f.local('i32');
        f.get(counts);
        f.i32.load(this.#frame.scratch.tiles + 4 * first);
        f.tee(items);
        if (columnGate === 'clock') {
          f.drop();
          f.i32.const(1);
        }
        f.if(() => {
          this.#countTile(items, column, weight, this.#sum(column, first), this.#sum(column, first + lanes));
          this.#writeVectors(first / vector, (first + lanes) / vector);
        });
      }
    });
  }

  #writeVectors(from: number, to: number): void {
    for (let unroll = from; unroll < to; unroll++) {
      this.#frame.unroll = unroll;
      this.#parts.items.writeBody();
    }
    this.#frame.unroll = 0;
    this.#parts.items.finishBlock();
  }

  // ---- item by item -----------------------------------------------------------------------------------------------

  /** The columns `first` up to `end`, which may share their tiles with columns that are none of the segment's. */
  #writeTiles(first: Local, weight: Local, end: Local): void {
    const { f } = this.#frame;
    const { lanes, columnGate } = this.#frame.context.image.machine;
    const column = f.local('i32');
    const tile = f.local('i32');
    const to = f.local('i32');
    f.get(first);
    f.tee(column);
    f.get(column);
    f.i32.const(lanes);
    f.i32.rem_u();
    f.i32.sub();
    f.set(tile);
    whileLess(f, tile, end, lanes, () => {
      const from = f.local('i32');
      f.get(column);
      f.set(from);
      this.#putMinimum(this.#sum(tile, lanes), end);
      f.set(to);
      const write = (): void => {
        whileLess(f, column, to, 1, () => this.#writeItem(first, weight, column));
        this.#stepOthers(from, to);
      };
      if (!this.#isGated) {
        write();
        return;
      }
      const items = this.#activeItems(from, to);
      if (columnGate === 'clock') f.i32.const(1);
      else f.get(items);
      f.if(() => {
        this.#countTile(items, first, weight, from, to);
        write();
      });
      f.get(to);
      f.set(column);
    });
  }

  #writeItem(first: Local, weight: Local, column: Local): void {
    const { f } = this.#frame;
    const element = f.local('i32');
    f.get(weight);
    f.get(column);
    f.i32.add();
    f.get(first);
    f.i32.sub();
    f.set(element);
    if (this.#table.firstWeight === 'synapse') this.#turnIntoElement(element);
    this.#frame.atSegment(column, element, () => this.#parts.items.writeBody());
  }

  /** Makes the element of a synaptic field of the number of a synapse. */
  #turnIntoElement(synapse: Local): void {
    const { f } = this.#frame;
    const { weightRowLength } = this.#segmentation;
    this.#add(synapse, () => {
      f.get(synapse);
      f.i32.const(weightRowLength);
      f.i32.div_u();
      f.i32.const(this.#table.rowStride - weightRowLength);
      f.i32.mul();
    });
  }

  /** How many of the columns are active. */
  #activeItems(from: Local, to: Local): Local {
    const { f } = this.#frame;
    const items = f.local('i32');
    const column = f.local('i32');
    f.i32.const(0);
    f.set(items);
    f.get(from);
    f.set(column);
    whileLess(f, column, to, 1, () => {
      f.get(items);
      f.get(this.#frame.scaled(column, 4));
      f.i32.load(this.#frame.scratch.mask);
      f.i32.sub();
      f.set(items);
    });
    return items;
  }

  /** The lanes of the tile that hold no item of the segment step their generators too. */
  #stepOthers(from: Local, to: Local): void {
    const { f } = this.#frame;
    const { lanes } = this.#frame.context.image.machine;
    const putLane = (column: Local): void => {
      f.get(column);
      f.i32.const(lanes);
      f.i32.rem_u();
    };
    this.#parts.generators.stepIdle(lanes, ({ lane }) => {
      // Lanes from `from` on, as many as there are columns, have stepped.
      lane();
      putLane(from);
      f.i32.sub();
      f.get(to);
      f.get(from);
      f.i32.sub();
      f.i32.ge_u();
    });
  }

  // ---- counting ---------------------------------------------------------------------------------------------------

  /** Counts a visited tile of a gated segment, of which the columns `from` up to `to` are. */
  #countTile(items: Local, first: Local, weight: Local, from: Local, to: Local): void {
    const { f } = this.#frame;
    this.#add(this.#tally.tiles, () => f.i32.const(1));
    this.#add(this.#tally.items, () => f.get(items));
    this.#tally.countWords({ first, weight, from, to });
  }

  #putMinimum(a: Local, b: Local): void {
    const { f } = this.#frame;
    f.get(a);
    f.get(b);
    f.get(a);
    f.get(b);
    f.i32.lt_s();
    f.select();
  }

  #sum(local: Local, amount: number): Local {
    const sum = this.#frame.f.local('i32');
    this.#frame.f.get(local);
    this.#frame.f.i32.const(amount);
    this.#frame.f.i32.add();
    this.#frame.f.set(sum);
    return sum;
  }

  #add(local: Local, put: () => void): void {
    this.#frame.f.get(local);
    put();
    this.#frame.f.i32.add();
    this.#frame.f.set(local);
  }
}
