import {
  forEachBit,
  i32,
  type Local,
  min,
  select,
  type Value,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import type { LinePlan } from '../../plan/analysis/lines.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import { byteOffset, type KernelContext } from '../body/context.ts';
import { pushSpikes } from '../body/effects.ts';
import { countVisit, gateOf, maskTile } from '../body/gates.ts';
import { laneBytesOf, stepForDraws, stepIdle } from '../body/generators.ts';
import { keepAny, valueOfAny, writeLine, writeLines } from '../body/lines.ts';
import { areaOf, itemAddress, setItems } from '../body/ports.ts';
import { type ColumnBlock, itemOfVector, type Row, startBlock, startRow } from '../body/position.ts';
import { Values } from '../body/values.ts';

/** The values of a vector of a tile; of code for single items, of the item. */
type ForEachVector = (write: (block: ColumnBlock, vector: number) => void) => void;

/**
 * A kernel that runs by columns: each tile, with all its rows. Lines that are the same for all rows of a tile are
 * computed once, and kept for each of its vectors; code for single items computes them anew for each, except `any`.
 */
export function writeTiles(k: KernelContext, run: Row): void {
  const { f, piece, module, plan } = k;
  const { lanes } = module.image.core;
  const isScalar = piece.lanes === 'one';
  const ofRun = new Values();
  writeLines(k, { row: run, values: ofRun, item: undefined }, 'run');
  const column = f.keep(i32.const(0));
  whileBelow(f, column, piece.to, lanes, () => {
    const forEachVector = vectorsOf(k, column);
    const isCounted = k.counters.accesses.some(({ predicated }) => predicated !== undefined);
    const tile = isCounted ? f.keep(column.dividedBy(lanes)) : undefined;
    const ofTile = new Values(ofRun);
    const ofVectors = Array.from({ length: isScalar ? 1 : lanes / piece.vector }, () => new Values(ofTile));
    writeTileLines(k, run, ofTile, ofVectors, forEachVector);
    forEachRow(k, run.pre, (pre) => {
      const row = startRow(k, pre, run.holds, undefined);
      const ofRow = new Values(ofRun);
      writeLines(k, { row, values: ofRow, item: undefined }, 'row');
      forEachVector((block, vector) => {
        const outer = ofVectors[vector] ?? ofTile;
        const position = { row, values: new Values(ofRow, outer), item: itemOfVector(k, row, block, vector) };
        for (const line of plan.lines)
          if (line.when === 'item' || (isScalar && isOfItems(line))) writeLine(k, position, line);
      });
      if (tile !== undefined) countVisit(k, row.holds, tile);
    });
  });
}

/** Whether a line is the same for all rows of a tile, but differs from item to item. */
function isOfItems({ when, operation }: LinePlan): boolean {
  return when === 'tile' && operation.effect.does !== 'any';
}

/** The lines that are the same for all rows of a tile; each `any` follows the lines that it may need. */
function writeTileLines(
  k: KernelContext,
  row: Row,
  ofTile: Values,
  ofVectors: readonly Values[],
  forEachVector: ForEachVector,
): void {
  const { f, piece, plan } = k;
  const isScalar = piece.lanes === 'one';
  let pending: LinePlan[] = [];
  const write = (block: ColumnBlock, vector: number) => {
    // Code for single items keeps nothing from item to item.
    const values = isScalar ? new Values(ofTile) : (ofVectors[vector] ?? ofTile);
    const position = { row, values, item: { block, vector, active: undefined } };
    for (const line of pending) writeLine(k, position, line);
    return position;
  };
  for (const line of plan.lines) {
    if (isOfItems(line)) pending.push(line);
    if (line.when !== 'tile' || isOfItems(line)) continue;
    const any = f.keep(i32.const(0));
    forEachVector((block, vector) => {
      const { local } = valueOfAny(k, write(block, vector), line);
      f.set(any, any.or(isScalar ? local.as('i32').differsFrom(0) : v128.any_true(local.as('v128'))));
    });
    keepAny(k, { row, values: ofTile, item: undefined }, line, any);
    if (!isScalar) pending = [];
  }
  if (!isScalar && pending.length > 0) forEachVector(write);
}

/** Writes code for each vector, or item, of the tile that starts at a column. */
function vectorsOf(k: KernelContext, column: Local<'i32'>): ForEachVector {
  const { f, piece, module } = k;
  const { lanes } = module.image.core;
  if (piece.lanes !== 'one') {
    const vectors = lanes / piece.vector;
    return (write) => {
      const block = startBlock(k, { column, vectors });
      for (let vector = 0; vector < vectors; vector++) write(block, vector);
      pushSpikes(k, block);
    };
  }
  return (write) => {
    const item = f.keep(column);
    const end = f.keep(min(column.plus(lanes), piece.to));
    whileBelow(f, item, end, 1, () => write(startBlock(k, { column: item, vectors: 1 }), 0));
  };
}

/**
 * Tests a column gate for a walk over segments: into the kernel's mask whether each column is active, and for vectors,
 * at the first column of each tile, how many of the tile are.
 *
 * @returns the variable that says whether any column is active
 */
export function writeMask(k: KernelContext, gate: number): Local<'i32'> {
  const { f, piece, scratch, module } = k;
  const any = f.keep(i32.const(0));
  const column = f.keep(i32.const(0));
  if (piece.lanes === 'one') {
    whileBelow(f, column, piece.to, 1, () => {
      const isActive = f.keep(gateOf(k, gate, column).differsFrom(0));
      f.do(i32.store(column.shiftLeft(2), i32.sub(0, isActive), scratch.mask));
      f.set(any, any.or(isActive));
    });
    return any;
  }
  const { lanes } = module.image.core;
  whileBelow(f, column, piece.to, lanes, () => {
    const active = maskTile(k, gate, column);
    f.do(i32.store(column.shiftLeft(2), active, scratch.tiles));
    f.set(any, any.or(active));
  });
  return any;
}

/** Writes the body for each row that a run visits, given its pre-synaptic neuron; for kernels over neurons, once. */
export function forEachRow(k: KernelContext, neuron: Local<'i32'>, body: (row: Local<'i32'>) => void): void {
  const { f, plan, scratch } = k;
  const { rows } = plan;
  if (rows.visits === 'none' || rows.visits === 'one') {
    body(neuron);
    return;
  }
  const row = f.keep(i32.const(0));
  if (rows.visits === 'all') {
    whileBelow(f, row, rows.count, 1, () => body(row));
    return;
  }
  if (!rows.isKept) {
    forEachOpenRow(k, rows.gate, rows.count, row, () => body(row));
    return;
  }
  whileBelow(f, row, rows.count, 1, () => {
    f.do(i32.store(byteOffset(f, row, 4), gateOf(k, rows.gate, row), scratch.rows));
  });
  f.set(row, 0);
  whileBelow(f, row, rows.count, 1, () => f.if(i32.load(row.shiftLeft(2), scratch.rows), () => body(row)));
}

/** Goes through the rows where a gate holds: it tests as many at once as a vector holds. */
function forEachOpenRow(
  k: KernelContext,
  gate: number,
  count: number,
  row: Local<'i32'>,
  body: () => void,
): void {
  const { f } = k;
  const group = vectorBytes / elementBytes[areaOf(k, gate).element];
  const first = f.keep(i32.const(0));
  const openRows = (): Value<'i32'> => setItems(k, gate, itemAddress(k, gate, first));
  whileBelow(f, first, count, group, () => {
    // Past the last row lies padding.
    const rest = count % group;
    const existing = select(first.isAbove(count - group), 2 ** rest - 1, -1);
    const open = f.keep(rest === 0 ? openRows() : openRows().and(existing));
    forEachBit(f, open, () => {
      f.set(row, first.plus(i32.ctz(open)));
      body();
    });
  });
}

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
  block: ColumnBlock,
  [from, to] = [0, block.vectors],
): void {
  for (let vector = from; vector < to; vector++)
    writeLines(k, { row, values: new Values(values), item: itemOfVector(k, row, block, vector) }, 'item');
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
