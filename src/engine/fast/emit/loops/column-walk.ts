import { type Local, whileLess } from '../../builder/index.ts';
import type { KernelFrame, KernelParts } from '../body/index.ts';

/** Code of the walk over the columns of a row: every visited tile, a block of columns at a time. */
export class ColumnWalk {
  readonly #parts: KernelParts;
  readonly #frame: KernelFrame;

  constructor(parts: KernelParts) {
    this.#parts = parts;
    this.#frame = parts.frame;
  }

  write(): void {
    const { visited } = this.#parts.gates;
    if (visited !== undefined) this.#writeVisited(visited.tiles);
    else if (this.#frame.draws > 0) this.#writeInLanes();
    else this.#frame.forBlocks(this.#mostVectors(), (column) => this.#writeBlock(column, undefined));
  }

  /** All columns, each block at its place among the lanes, whose generators step. */
  #writeInLanes(): void {
    const { f, block } = this.#frame;
    const column = f.local('i32');
    const lane = this.#laneLocal();
    f.i32.const(this.#frame.firstColumn);
    f.set(column);
    whileLess(f, column, this.#frame.pastColumns, block, () => {
      if (lane !== undefined) this.#setLane(lane, column);
      this.#writeBlock(column, lane);
    });
    if (this.#frame.mode.mode === 'scalar') this.#stepPastEnd();
  }

  /** The tiles that a gate has listed, so many of them. */
  #writeVisited(tiles: Local): void {
    const { f, block, context, scratch } = this.#frame;
    const { lanes } = context.image.core;
    const column = f.local('i32');
    const next = f.local('i32');
    const end = f.local('i32');
    const lane = this.#laneLocal();
    f.i32.const(0);
    f.set(next);
    whileLess(f, next, tiles, 1, () => {
      f.get(this.#frame.scaled(next, 4));
      f.i32.load(scratch.tiles);
      f.i32.const(lanes);
      f.i32.mul();
      f.set(column);
      if (lane === undefined) {
        this.#writeBlock(column, undefined);
        return;
      }
      f.get(column);
      f.i32.const(lanes);
      f.i32.add();
      f.set(end);
      whileLess(f, column, end, block, () => {
        this.#setLane(lane, column);
        if (this.#frame.mode.mode === 'scalar') this.#writeIfColumn(column, lane);
        else this.#writeBlock(column, lane);
      });
    });
  }

  /** Past the last column only the generators step. */
  #writeIfColumn(column: Local, lane: Local): void {
    const { f, draws } = this.#frame;
    f.get(column);
    f.i32.const(this.#frame.columns);
    f.i32.lt_s();
    f.if(
      () => this.#writeBlock(column, lane),
      () => {
        for (let draw = 0; draw < draws; draw++) {
          this.#parts.generators.putLaneAddress(column);
          this.#parts.generators.stepScalar();
          f.drop();
        }
      },
    );
  }

  /** The variable for a block's first lane; none where every block is a whole tile. */
  #laneLocal(): Local | undefined {
    const { f, block, context } = this.#frame;
    return context.image.core.lanes === block ? undefined : f.local('i32');
  }

  #setLane(lane: Local, column: Local): void {
    this.#frame.f.get(column);
    this.#frame.f.i32.const(this.#frame.context.image.core.lanes);
    this.#frame.f.i32.rem_u();
    this.#frame.f.i32.const(2);
    this.#frame.f.i32.shl();
    this.#frame.f.set(lane);
  }

  /** Scalar code: the idle lanes of the last tile step their generators too. */
  #stepPastEnd(): void {
    const { lanes } = this.#frame.context.image.core;
    const used = this.#frame.columns % lanes;
    if (used === 0) return;
    this.#parts.generators.stepIdle(lanes, ({ lane }) => {
      lane();
      this.#frame.f.i32.const(used);
      this.#frame.f.i32.ge_u();
    });
  }

  /** Vectors of a block that no tile bounds. A reduce of floats has a vector of partial sums for each of its four. */
  #mostVectors(): number {
    const { block, vector, mode } = this.#frame;
    return mode.mode === 'scalar' ? 1 : Math.max(4, block / vector);
  }

  #writeBlock(column: Local, lane: Local | undefined): void {
    this.#frame.at(column, lane, () => {
      this.#frame.forVectors(() => this.#parts.items.writeBody());
      this.#parts.items.finishBlock();
    });
  }
}
