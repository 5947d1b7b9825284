import { i32, increase, type Local, type Value } from '../../../../wasm/index.ts';
import type { Segmentation } from '../../plan/analysis/segments.ts';
import type { TileCounters, WordMeasure } from '../../plan/counters/work-counters.ts';
import type { ColumnLoop } from '../../plan/kernel-plan.ts';
import type { SegmentAddresses } from '../../plan/memory/segment-map.ts';
import { countInSlot, type KernelContext } from '../body/context.ts';
import { countPredicated, WordCount } from '../body/gates.ts';
import type { Row } from '../body/position.ts';
import { countRun, type RowTally, unitsOf } from './row-tally.ts';

export type SegmentLoop = Extract<ColumnLoop, { visits: 'segments' }>;

/** Values shared by the code of a run over segments. */
export interface SegmentWalk extends SegmentLoop {
  readonly k: KernelContext;
  readonly table: SegmentAddresses;
  /** Where there is a column gate. */
  readonly tally: TileTally | undefined;
  /** Over a sparse projection without one. */
  readonly rows: RowTally | undefined;
}

/** The columns `from` up to `to` of a segment: those of one tile. */
interface VisitedColumns {
  /** First column and first weight of the segment. */
  readonly first: Local<'i32'>;
  readonly weight: Local<'i32'>;
  readonly from: Value<'i32'>;
  readonly to: Value<'i32'>;
}

/** Counts the tiles that a column gate lets through in variables, and adds them to the counters when the run ends. */
export class TileTally {
  readonly #k: KernelContext;
  readonly #segmentation: Segmentation;
  readonly #table: SegmentAddresses;
  readonly #counters: TileCounters;
  /** Counts of the run. */
  readonly #passes: Local<'i32'>;
  readonly tiles: Local<'i32'>;
  readonly items: Local<'i32'>;
  /** Tiles that were looked up, open or closed, and rows in which none was open. */
  readonly #lookedUp: Local<'i32'>;
  readonly #closedRows: Local<'i32'>;
  readonly #words: ReadonlyMap<WordMeasure, WordCount>;
  /** Counts at the start of the row. */
  readonly #before: ReadonlyMap<Local<'i32'>, Local<'i32'>>;

  /** A run begins: nothing is counted. */
  constructor(k: KernelContext, segmentation: Segmentation, table: SegmentAddresses, counters: TileCounters) {
    const { f } = k;
    this.#k = k;
    this.#segmentation = segmentation;
    this.#table = table;
    this.#counters = counters;
    this.#passes = f.keep(i32.const(0));
    this.tiles = f.keep(i32.const(0));
    this.items = f.keep(i32.const(0));
    this.#lookedUp = f.keep(i32.const(0));
    this.#closedRows = f.keep(i32.const(0));
    this.#words = new Map([...counters.words.keys()].map((measure) => [measure, new WordCount(f)]));
    const ofRows = [this.tiles, ...[...this.#words.values()].map(({ words }) => words)];
    this.#before = new Map(ofRows.map((local) => [local, f.local('i32')]));
  }

  endRun(): void {
    countRun(this.#k, this.#counters, {
      passes: this.#passes,
      tiles: this.tiles,
      items: this.items,
      closedRows: this.#closedRows,
      closedTiles: () => this.#lookedUp.minus(this.tiles),
      wordsOf: (measure) => this.#words.get(measure)?.words,
    });
  }

  /** A row begins. Where its targets are listed, their index is read, and none of its weights has been touched. */
  startRow(segment: Local<'i32'>, end: Local<'i32'>): void {
    for (const [local, before] of this.#before) this.#k.f.set(before, local);
    if (this.#segmentation.index === undefined) return;
    const { segments, segmentBytes } = this.#table;
    for (const [{ of, itemsPerWord }, words] of this.#words) {
      words.restart();
      if (of !== 'targets') continue;
      const [first, past] = [segment, end].map((one) => one.minus(segments).dividedBy(segmentBytes));
      if (first === undefined || past === undefined) continue;
      increase(this.#k.f, words.words, unitsOf(this.#k.f.keep(first), past, itemsPerWord));
    }
  }

  /** Counts a row in which no tile is open. */
  countClosedRow(): void {
    increase(this.#k.f, this.#closedRows, 1);
  }

  /** Counts a row without a segment, which takes as long as one with a closed tile. */
  countEmptyRow(): void {
    this.countClosedRow();
    increase(this.#k.f, this.#lookedUp, 1);
  }

  /**
   * A segment begins: its tiles are looked up. None of its words has been touched, except those of weights that are
   * stored without gaps.
   */
  startSegment(first: Local<'i32'>, length: Value<'i32'> | number): void {
    increase(this.#k.f, this.#lookedUp, unitsOf(first, first.plus(length), this.#k.module.image.core.lanes));
    for (const [{ of }, words] of this.#words)
      if (this.#segmentation.index === undefined || of === 'columns') words.restart();
  }

  /** Counts a visited tile, and the words that no earlier tile of the segment has touched. */
  countTile(items: Local<'i32'>, { first, weight, from, to }: VisitedColumns): void {
    const { f } = this.#k;
    increase(f, this.tiles, 1);
    increase(f, this.items, items);
    if (this.#words.size === 0) return;
    const [start, end] = [f.keep(from), f.keep(to)];
    for (const [{ of, itemsPerWord }, words] of this.#words) {
      if (of === 'targets') continue;
      const wordOf = (column: Value<'i32'>): Value<'i32'> =>
        of === 'columns'
          ? column.dividedBy(itemsPerWord)
          : this.#wordOfWeight(column.minus(first).plus(weight), itemsPerWord);
      words.add(wordOf(start), wordOf(end.minus(1)));
    }
  }

  /** The word of a weight, which the segment's table numbers by elements. */
  #wordOfWeight(weight: Value<'i32'>, itemsPerWord: number): Value<'i32'> {
    const { weightRowLength } = this.#segmentation;
    const { rowStride } = this.#table;
    const number = this.#k.f.keep(weight);
    const wordsBefore = number.dividedBy(rowStride).times(Math.ceil(weightRowLength / itemsPerWord));
    return wordsBefore.plus(number.modulo(rowStride).dividedBy(itemsPerWord));
  }

  /** The growth of a variable in this row. */
  #grown(local: Local<'i32'>): Value<'i32'> {
    return local.minus(this.#before.get(local) ?? local);
  }

  visitedTilesOfRow(): Value<'i32'> {
    return this.#grown(this.tiles);
  }

  /** Counts a row with at least one visited tile. */
  countRow({ holds }: Row): void {
    increase(this.#k.f, this.#passes, 1);
    countPredicated(this.#k, holds, (slot, measure) =>
      countInSlot(this.#k, slot, measure === undefined ? 1 : this.#wordsOfRow(measure)),
    );
  }

  #wordsOfRow(measure: WordMeasure): Value<'i32'> {
    const counted = this.#words.get(measure);
    return counted === undefined
      ? this.visitedTilesOfRow().times(this.#counters.wordsOfTile.get(measure) ?? 0)
      : this.#grown(counted.words);
  }
}
