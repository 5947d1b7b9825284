import { i32, type Local, min, v128, whileBelow } from '../../../../wasm/index.ts';
import type { LinePlan } from '../../plan/analysis/lines.ts';
import type { KernelContext } from '../body/context.ts';
import { pushSpikes } from '../body/effects.ts';
import { countVisit } from '../body/gates.ts';
import { keepAny, valueOfAny, writeLine, writeLines } from '../body/lines.ts';
import { type Block, itemAt, type Row, startBlock, startRow } from '../body/position.ts';
import { Values } from '../body/values.ts';
import { forEachRow } from './rows.ts';

/** The values of a vector of a tile; of code for single items, of the item. */
type ForEachVector = (write: (block: Block, vector: number) => void) => void;

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
        const position = { row, values: new Values(ofRow, outer), item: itemAt(k, row, block, vector) };
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
  const write = (block: Block, vector: number) => {
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
