import { does } from '../../../../isa/index.ts';
import { addTo, type Local, sumOf, whileLess } from '../../builder/index.ts';
import type { Segmentation } from '../../plan/analysis/index.ts';
import type { SegmentCounters } from '../../plan/counters/index.ts';
import {
  firstPostOffset,
  firstWeightOffset,
  lengthOffset,
  type SegmentTable,
} from '../../plan/memory/index.ts';
import type { KernelFrame, KernelParts } from '../body/index.ts';
import { writeMask } from './mask-code.ts';
import { ItemWalk } from './segment-items.ts';
import { SegmentTally } from './segment-tally.ts';

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
  readonly #walk: ItemWalk;
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
    this.#walk = new ItemWalk(parts, table, this.#tally);
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
      if (context.image.core.columnGate === 'clock') f.i32.const(1);
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
      this.#forEachReduce((line) => this.#parts.reduces.start(line));
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
        this.#forEachReduce((line) => this.#parts.reduces.finish(line, row));
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

  #forEachReduce(write: (line: number) => void): void {
    for (const [line, instruction] of this.#frame.kernel.code.entries())
      if (does(instruction, 'reduce')) write(line);
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
      this.#walk.write(column, weight, end);
      return;
    }
    const { columns = 0 } = this.#segmentation;
    if (columns === this.#frame.block) {
      this.#writeBlock(column, weight);
      return;
    }
    const end = sumOf(f, column, columns);
    whileLess(f, column, end, this.#frame.block, () => {
      this.#writeBlock(column, weight);
      addTo(f, weight, () => f.i32.const(this.#frame.block));
    });
  }

  // ---- whole vectors ----------------------------------------------------------------------------------------------

  #writeBlock(column: Local, weight: Local): void {
    const { f, block, vector } = this.#frame;
    const { lanes, columnGate } = this.#frame.context.image.core;
    this.#frame.atSegment(column, weight, column, () => {
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
          const [from, to] = [sumOf(f, column, first), sumOf(f, column, first + lanes)];
          this.#tally.countTile(items, { first: column, weight, from, to });
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
}
