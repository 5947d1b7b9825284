import { factsOf } from '../../../../image/index.ts';
import { at } from '../../../../text/index.ts';
import { i32, increase, type Local, min, whileBelow } from '../../../../wasm/index.ts';
import type { TileCounters } from '../../plan/counters/work-counters.ts';
import {
  firstPostOffset,
  firstWeightOffset,
  lengthOffset,
  type SegmentAddresses,
} from '../../plan/memory/segment-map.ts';
import { byteOffset, type KernelContext } from '../body/context.ts';
import { copyPositions, listFlags } from '../body/correlations.ts';
import { countPlace, countVisit, isVisited } from '../body/gates.ts';
import { stepIdle } from '../body/generators.ts';
import { writeLines } from '../body/lines.ts';
import { type Row, runAsRow, startBlock, startRow } from '../body/position.ts';
import { finishReduces, startReduces } from '../body/reduces.ts';
import { Values } from '../body/values.ts';
import { RowTally } from './row-tally.ts';
import { type SegmentLoop, type SegmentWalk, TileTally } from './segment-tally.ts';
import { forEachRow, writeBlock, writeMask } from './tiles.ts';

/**
 * A run over rows that are cut into segments. Segments that are whole rows of weights in whole vectors are processed a
 * block of columns at a time; any others item by item.
 *
 * @param forEachRun repeats the run for other neurons; their visits are counted together
 */
export function writeSegmentLoops(
  k: KernelContext,
  columns: SegmentLoop,
  neuron: Local<'i32'>,
  forEachRun: (body: () => void) => void = (body) => body(),
): void {
  const { module, plan, counters } = k;
  const table = at(module.map.segments, plan.kernel.projection ?? -1);
  const { segmentation, gate } = columns;
  const { work } = counters;
  if (gate === undefined || work.by !== 'tiles') {
    const rows = work.by === 'tiles' ? new RowTally(k, segmentation, table, work) : undefined;
    forEachRun(() =>
      writeRows({ ...columns, k, table, tally: undefined, rows }, runAsRow(neuron, undefined)),
    );
    rows?.endRun();
    return;
  }
  forEachRun(() => writeGated(k, columns, gate, table, work, neuron));
}

function writeGated(
  k: KernelContext,
  columns: SegmentLoop,
  gate: number,
  table: SegmentAddresses,
  counters: TileCounters,
  neuron: Local<'i32'>,
): void {
  const tally = new TileTally(k, columns.segmentation, table, counters);
  const any = writeMask(k, gate);
  const run = runAsRow(neuron, { tiles: tally.tiles, items: tally.items, words: new Map() });
  k.f.if(isVisited(k, any), () => writeRows({ ...columns, k, table, tally, rows: undefined }, run));
  tally.endRun();
}

function writeRows(walk: SegmentWalk, run: Row): void {
  const { k } = walk;
  const ofRun = new Values();
  listFlags(k);
  writeLines(k, { row: run, values: ofRun, item: undefined }, 'run');
  forEachRow(k, run.pre, (pre) => writeRow(walk, run, pre, ofRun));
}

function writeRow(walk: SegmentWalk, run: Row, pre: Local<'i32'>, ofRun: Values): void {
  const { k, table, tally, rows, segmentation } = walk;
  const { f } = k;
  const place = byteOffset(f, pre, 4);
  const next = f.keep(i32.load(place, table.rowStart));
  const end = f.keep(i32.load(place, table.rowStart + 4));
  const write = (): void => {
    tally?.startRow(next, end);
    rows?.startRow(next);
    const running = startWeights(walk, next);
    const row = startRow(k, pre, run.holds, run.visited);
    const values = new Values(ofRun);
    copyPositions(k, pre);
    startReduces(k, row);
    writeLines(k, { row, values, item: undefined }, 'row');
    f.loop((again) => {
      writeSegment(walk, row, values, next, running);
      increase(f, next, table.segmentBytes);
      f.brIf(again, i32.lt_u(next, end));
    });
    if (tally === undefined) {
      finishReduces(k, row);
      if (rows === undefined) countVisit(k, row.holds, pre);
      else rows.endRow(row, end);
      return;
    }
    f.if(
      tally.visitedTilesOfRow(),
      () => {
        finishReduces(k, row);
        tally.countRow(row);
      },
      () => tally.countClosedRow(),
    );
  };
  const writeEmpty = (): void => {
    if (tally !== undefined) tally.countEmptyRow();
    else if (rows !== undefined) rows.countEmpty();
    else countPlace(k, pre);
  };
  if (segmentation.emptyRows === 0) write();
  else f.if(next.differsFrom(end), write, writeEmpty);
}

/** The first weight of a row whose segments do not name theirs. */
function startWeights(
  { k: { f }, table, segmentation: { columns = 1 } }: SegmentWalk,
  segment: Local<'i32'>,
): Local<'i32'> | undefined {
  if (table.firstWeight !== 'running') return undefined;
  return f.keep(segment.minus(table.segments).dividedBy(table.segmentBytes).times(columns));
}

/** @param running the segment's first weight, where segments do not name it; moved on to that of the next */
function writeSegment(
  walk: SegmentWalk,
  row: Row,
  values: Values,
  segment: Local<'i32'>,
  running: Local<'i32'> | undefined,
): void {
  const { k, tally, rows, segmentation } = walk;
  const { f, piece } = k;
  if (k.suspended !== undefined) f.set(k.suspended, 0);
  const load = walk.table.segmentBytes === 2 ? i32.load16_u : i32.load;
  const column = f.keep(load(segment, firstPostOffset));
  const weight = f.keep(running ?? i32.load(segment, firstWeightOffset));
  const length = segmentation.columns ?? f.keep(i32.load(segment, lengthOffset));
  if (running !== undefined) increase(f, running, segmentation.columns ?? 1);
  tally?.startSegment(column, length);
  rows?.countSegment(column, weight, length);
  if (piece.lanes === 'one') {
    writeItems(walk, row, values, { first: column, weight, end: f.keep(column.plus(length)) });
  } else if (length === piece.block) {
    writeVectors(walk, row, values, column, weight);
  } else {
    const end = f.keep(column.plus(length));
    whileBelow(f, column, end, piece.block, () => {
      writeVectors(walk, row, values, column, weight);
      increase(f, weight, piece.block);
    });
  }
}

/** A block of whole vectors; where there is a gate, those of its tiles that it lets through. */
function writeVectors(
  { k, tally }: SegmentWalk,
  row: Row,
  values: Values,
  column: Local<'i32'>,
  weight: Local<'i32'>,
): void {
  const { f, piece, module, scratch } = k;
  const { lanes } = module.image.core;
  const segment = { first: column, weight };
  if (tally === undefined) {
    writeBlock(k, row, values, startBlock(k, { column, segment, vectors: piece.block / piece.vector }));
    return;
  }
  const block = startBlock(k, { column, segment, vectors: lanes / piece.vector });
  const counts = byteOffset(f, column, 4);
  for (let first = 0; first < piece.block; first += lanes) {
    const items = f.keep(i32.load(counts, scratch.tiles + 4 * first));
    f.if(isVisited(k, items), () => {
      tally.countTile(items, { ...segment, from: column.plus(first), to: column.plus(first + lanes) });
      writeBlock(k, row, values, block, [first / piece.vector, (first + lanes) / piece.vector]);
    });
  }
}

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
function writeItems(walk: SegmentWalk, row: Row, values: Values, segment: Segment): void {
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
