import { factsOf } from '../../../../image/index.ts';
import { i32, type Local, min, whileBelow } from '../../../../wasm/index.ts';
import { byteOffset, type KernelContext } from '../body/context.ts';
import { isVisited } from '../body/gates.ts';
import { stepIdle } from '../body/generators.ts';
import { type Row, startBlock } from '../body/position.ts';
import type { Values } from '../body/values.ts';
import type { SegmentWalk } from './segment-tally.ts';
import { writeBlock } from './tiles.ts';

/** A segment: its first column, its first weight, and where its columns end. */
interface Segment {
  readonly first: Local<'i32'>;
  readonly weight: Local<'i32'>;
  readonly end: Local<'i32'>;
}

/**
 * A segment item by item, tile by tile: for segments of any length anywhere, on any number of lanes. They may share
 * their tiles with columns that do not belong to the segment.
 */
export function writeItems(walk: SegmentWalk, row: Row, values: Values, segment: Segment): void {
  const { k, tally } = walk;
  const { f, module } = k;
  const { lanes } = module.image.core;
  const { first, weight, end } = segment;
  if (walk.segmentation.columns === 1) {
    writeSingle(walk, row, values, segment);
    return;
  }
  const column = f.keep(first);
  if (tally === undefined && k.plan.draws === 0 && factsOf(k.plan.kernel).drawsFrom.length === 0) {
    // Where no lane draws and no gate skips tiles, only their number matters, which is counted elsewhere.
    whileBelow(f, column, end, 1, () => writeItem(walk, row, values, segment, column));
    return;
  }
  const tile = f.keep(first.minus(first.modulo(lanes)));
  whileBelow(f, tile, end, lanes, () => {
    const from = f.keep(column);
    const to = f.keep(min(tile.plus(lanes), end));
    const write = (): void => {
      whileBelow(f, column, to, 1, () => writeItem(walk, row, values, segment, column));
      stepOthers(k, from, to);
    };
    if (tally === undefined) {
      write();
      return;
    }
    const items = activeItems(k, from, to);
    f.if(isVisited(k, items), () => {
      tally.countTile(items, { first, weight, from, to });
      write();
    });
    f.set(column, to);
  });
}

/** A segment of one item, with a tile to itself. */
function writeSingle(walk: SegmentWalk, row: Row, values: Values, segment: Segment): void {
  const { k, tally } = walk;
  const { f, scratch } = k;
  const { first, weight, end } = segment;
  const write = (): void => {
    writeItem(walk, row, values, segment, first);
    stepOthers(k, first, end);
  };
  if (tally === undefined) {
    write();
    return;
  }
  const items = f.keep(i32.sub(0, i32.load(byteOffset(f, first, 4), scratch.mask)));
  f.if(isVisited(k, items), () => {
    tally.countTile(items, { first, weight, from: first.plus(0), to: first.plus(1) });
    write();
  });
}

function writeItem(
  { k }: SegmentWalk,
  row: Row,
  values: Values,
  { first, weight }: Segment,
  column: Local<'i32'>,
): void {
  const { f } = k;
  const element = f.keep(weight.plus(column).minus(first));
  const block = startBlock(k, { column, segment: { first, weight: element }, vectors: 1 });
  writeBlock(k, row, values, block);
}

/** How many of the columns are active. */
function activeItems({ f, scratch }: KernelContext, from: Local<'i32'>, to: Local<'i32'>): Local<'i32'> {
  const items = f.keep(i32.const(0));
  const column = f.keep(from);
  whileBelow(f, column, to, 1, () => {
    f.set(items, items.minus(i32.load(column.shiftLeft(2), scratch.mask)));
  });
  return items;
}

/** The lanes of the tile that hold no item of the segment step their generators too. */
function stepOthers(k: KernelContext, from: Local<'i32'>, to: Local<'i32'>): void {
  const { lanes } = k.module.image.core;
  // Lanes from `from` on, as many as there are columns, have stepped.
  stepIdle(k, (lane) => i32.ge_u(lane.minus(from.modulo(lanes)), to.minus(from)));
}
