import { addTo, type Local, sumOf, whileLess } from '../../builder/index.ts';
import type { SegmentTable } from '../../plan/memory/index.ts';
import type { KernelFrame, KernelParts } from '../body/index.ts';
import type { SegmentTally } from './segment-tally.ts';

/** Code of a segment item by item, tile by tile: for segments of any length anywhere, on any number of lanes. */
export class ItemWalk {
  readonly #parts: KernelParts;
  readonly #frame: KernelFrame;
  readonly #table: SegmentTable;
  readonly #tally: SegmentTally;
  readonly #isGated: boolean;

  constructor(parts: KernelParts, table: SegmentTable, tally: SegmentTally) {
    this.#parts = parts;
    this.#frame = parts.frame;
    this.#table = table;
    this.#tally = tally;
    this.#isGated = parts.frame.kernel.columnGate !== undefined;
  }

  /** The columns `first` up to `end`, which may share their tiles with columns that are none of the segment's. */
  write(first: Local, weight: Local, end: Local): void {
    const { f } = this.#frame;
    const { lanes, columnGate } = this.#frame.context.image.core;
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
      this.#putMinimum(sumOf(f, tile, lanes), end);
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
        this.#tally.countTile(items, { first, weight, from, to });
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
    this.#frame.atSegment(column, element, first, () => this.#parts.items.writeBody());
  }

  /** Makes the element of a synaptic field of the number of a synapse. */
  #turnIntoElement(synapse: Local): void {
    const { f } = this.#frame;
    const { weightRowLength = 1 } = this.#frame.segmentation ?? {};
    addTo(f, synapse, () => {
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
    const { lanes } = this.#frame.context.image.core;
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

  #putMinimum(a: Local, b: Local): void {
    const { f } = this.#frame;
    f.get(a);
    f.get(b);
    f.get(a);
    f.get(b);
    f.i32.lt_s();
    f.select();
  }
}
