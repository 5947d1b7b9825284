import { i32, type Local, whileBelow } from '../../../../wasm/index.ts';
import type { KernelContext } from '../body/context.ts';
import { pushSpikes } from '../body/effects.ts';
import { laneBytesOf, stepForDraws, stepIdle } from '../body/generators.ts';
import { writeLines } from '../body/lines.ts';
import { type Block, itemAt, type Row, startBlock } from '../body/position.ts';
import { Values } from '../body/values.ts';

/** The visited columns of a row, a block at a time. */
export function writeColumns(k: KernelContext, row: Row, values: Values): void {
  const { columns } = k.plan;
  if (k.suspended !== undefined && k.piece.from === 0) k.f.set(k.suspended, 0);
  const write = (column: Local<'i32'>, vectors: number, laneBytes?: Local<'i32'>): void =>
    writeBlock(k, row, values, startBlock(k, { column, vectors, laneBytes }));
  if (row.visited !== undefined) forVisitedTiles(k, row.visited.tiles, write);
  else if (columns.visits === 'blocks' && columns.inLanes) forLanes(k, write);
  else forBlocks(k, mostVectors(k), write);
}

/** Vectors `from` up to `to` of a block, then the code that follows all of them. */
export function writeBlock(
  k: KernelContext,
  row: Row,
  values: Values,
  block: Block,
  [from, to] = [0, block.vectors],
): void {
  for (let vector = from; vector < to; vector++)
    writeLines(k, { row, values: new Values(values), item: itemAt(k, row, block, vector) }, 'item');
  pushSpikes(k, block);
}

/** Vectors of a block that no tile bounds. A reduce of floats has a vector of partial sums for each of its four. */
function mostVectors({ piece }: KernelContext): number {
  return piece.lanes === 'one' ? 1 : Math.max(4, piece.block / piece.vector);
}

/**
 * All columns: `most` vectors at a time, then the rest in smaller blocks. Only if idle lanes do not draw.
 *
 * @param most a power of two
 */
export function forBlocks(
  { f, piece }: KernelContext,
  most: number,
  body: (column: Local<'i32'>, vectors: number) => void,
): void {
  const column = f.keep(i32.const(piece.from));
  let written = piece.from;
  for (let vectors = most; vectors * piece.vector >= piece.block; vectors /= 2) {
    const columns = vectors * piece.vector;
    const end = piece.past - ((piece.past - written) % columns);
    if (end === written) continue;
    whileBelow(f, column, end, columns, () => body(column, vectors));
    written = end;
  }
}

type WriteBlock = (column: Local<'i32'>, vectors: number, laneBytes?: Local<'i32'>) => void;

/** All columns, each block at its place among the lanes, whose generators step. */
function forLanes(k: KernelContext, write: WriteBlock): void {
  const { f, piece, module } = k;
  const { lanes } = module.image.core;
  const column = f.keep(i32.const(piece.from));
  whileBelow(f, column, piece.past, piece.block, () => writeInLane(k, column, write));
  // Code for single items: the idle lanes of the last tile step their generators too.
  const used = piece.to % lanes;
  if (piece.lanes === 'one' && used !== 0) stepIdle(k, (lane) => lane.isAtLeast(used));
}

/** A block at its place among the lanes; a block that is a whole tile begins at lane 0. */
function writeInLane(k: KernelContext, column: Local<'i32'>, write: WriteBlock): void {
  const { piece, module, f } = k;
  const isTile = module.image.core.lanes === piece.block;
  write(column, piece.block / piece.vector, isTile ? undefined : f.keep(laneBytesOf(k, column)));
}

/** The tiles that a gate has listed, up to their number. */
function forVisitedTiles(k: KernelContext, tiles: Local<'i32'>, write: WriteBlock): void {
  const { f, piece, module, scratch } = k;
  const { lanes } = module.image.core;
  const next = f.keep(i32.const(0));
  const past = f.keep(tiles.shiftLeft(2));
  whileBelow(f, next, past, 4, () => {
    const column = f.keep(i32.load(next, scratch.tiles));
    if (lanes === piece.block) {
      write(column, piece.block / piece.vector);
      return;
    }
    const end = f.keep(column.plus(lanes));
    whileBelow(f, column, end, piece.block, () => {
      const writeHere = (): void => writeInLane(k, column, write);
      if (piece.lanes !== 'one') writeHere();
      // Past the last column only the generators step.
      else f.if(column.isBelow(piece.to), writeHere, () => stepForDraws(k, column));
    });
  });
}
