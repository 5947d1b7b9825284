import { i32, increase, type Local, type Value } from '../../../../wasm/index.ts';
import type {
  ColumnLoop,
  Measure,
  Segmentation,
  SegmentCounters,
  SegmentTable,
  WordMeasure,
} from '../../plan/index.ts';
import { count, countPredicated, type KernelContext, type Row, WordCount } from '../body/index.ts';

export type Segments = Extract<ColumnLoop, { visits: 'segments' }>;

/** What the code of a run over segments has in common. */
export interface SegmentWalk extends Segments {
  readonly k: KernelContext;
  readonly table: SegmentTable;
  readonly tally: SegmentTally;
}

/** The columns `from` up to `to` of a segment: those of one tile. */
interface VisitedColumns {
  /** First column and first weight of the segment. */
  readonly first: Local<'i32'>;
  readonly weight: Local<'i32'>;
  readonly from: Value<'i32'>;
  readonly to: Value<'i32'>;
}

/** Counts a run over segments in variables, and adds them to the counters when the run ends. */
export class SegmentTally {
  readonly #k: KernelContext;
  readonly #segmentation: Segmentation;
  readonly #table: SegmentTable;
  readonly #counters: SegmentCounters;
  /** What the run has counted, by slot. */
  readonly #counted: ReadonlyMap<number, Local<'i32'>>;
  /** Words that are counted tile by tile. */
  readonly #words: ReadonlyMap<WordMeasure, WordCount>;
  /** Visited tiles, and active items, of a gated run. */
  readonly tiles: Local<'i32'>;
  readonly items: Local<'i32'>;
  /** What had been counted when the row began. */
  readonly #before: ReadonlyMap<Local<'i32'>, Local<'i32'>>;

  /** A run begins: nothing is counted. */
  constructor(k: KernelContext, segmentation: Segmentation, table: SegmentTable, counters: SegmentCounters) {
    const { f } = k;
    this.#k = k;
    this.#segmentation = segmentation;
    this.#table = table;
    this.#counters = counters;
    const { passes, segments, tiles, own, growth } = counters;
    const slots = [passes, segments, tiles, ...own.values()].filter((slot) => slot !== undefined);
    this.#counted = new Map(slots.map((slot) => [slot, f.keep(i32.const(0))]));
    this.tiles = this.#of(tiles) ?? f.keep(i32.const(0));
    this.items = this.#of(own.get('items')) ?? f.keep(i32.const(0));
    const words = new Map<WordMeasure, WordCount>();
    for (const [measure, slot] of own) {
      if (typeof measure === 'object' && growth.get(measure)?.with === 'visits')
        words.set(measure, new WordCount(f, this.#of(slot)));
    }
    this.#words = words;
    const ofRows = [this.tiles, ...[...words.values()].map((counted) => counted.words)];
    this.#before = new Map(ofRows.map((local) => [local, f.local('i32')]));
  }

  #of(slot: number | undefined): Local<'i32'> | undefined {
    return slot === undefined ? undefined : this.#counted.get(slot);
  }

  endRun(): void {
    for (const [slot, local] of this.#counted) count(this.#k, slot, local);
  }

  startRow(): void {
    for (const [local, before] of this.#before) this.#k.f.set(before, local);
  }

  /** A segment begins: none of its words has been touched. */
  startSegment(): void {
    for (const words of this.#words.values()) words.restart();
  }

  /** Counts a visited tile of a gated segment, and the words that no earlier tile of the segment has touched. */
  countTile(items: Local<'i32'>, { first, weight, from, to }: VisitedColumns): void {
    const { f } = this.#k;
    increase(f, this.tiles, 1);
    increase(f, this.items, items);
    if (this.#words.size === 0) return;
    const [start, end] = [f.keep(from), f.keep(to)];
    for (const [{ of, itemsPerWord }, words] of this.#words) {
      const wordOf = (column: Value<'i32'>): Value<'i32'> =>
        of === 'columns'
          ? column.dividedBy(itemsPerWord)
          : this.#wordOfWeight(column.minus(first).plus(weight), itemsPerWord);
      words.add(wordOf(start), wordOf(end.minus(1)));
    }
  }

  /** The word of a weight, which the segment's table numbers by elements or by synapses. */
  #wordOfWeight(weight: Value<'i32'>, itemsPerWord: number): Value<'i32'> {
    const { weightRowLength } = this.#segmentation;
    const { firstWeight, rowStride } = this.#table;
    const unit = firstWeight === 'element' ? rowStride : weightRowLength;
    const number = this.#k.f.keep(weight);
    const wordsBefore = number.dividedBy(unit).times(Math.ceil(weightRowLength / itemsPerWord));
    return wordsBefore.plus(number.modulo(unit).dividedBy(itemsPerWord));
  }

  /** How much a variable has grown in this row. */
  #grown(local: Local<'i32'>): Value<'i32'> {
    return local.minus(this.#before.get(local) ?? local);
  }

  visitedTilesOfRow(): Value<'i32'> {
    return this.#grown(this.tiles);
  }

  /**
   * Counts a row of which at least one tile was visited.
   *
   * @param segmentCount how many segments it has
   */
  countRow({ pre, holds }: Row, segmentCount: () => Value<'i32'>): void {
    const { f } = this.#k;
    const { passes, segments, own, growth } = this.#counters;
    const counted = this.#of(passes);
    if (counted !== undefined) increase(f, counted, 1);
    const walked = this.#of(segments);
    if (walked !== undefined) increase(f, walked, segmentCount());
    for (const [measure, slot] of own) {
      const local = this.#of(slot);
      if (growth.get(measure)?.with === 'rows' && local !== undefined)
        increase(f, local, this.#total(measure, pre));
    }
    countPredicated(this.#k, holds, ({ ofPre, measure }) =>
      ofPre ? 1 : f.keep(this.#ofRow(measure, pre, segmentCount)),
    );
  }

  /** What the row has counted. */
  #ofRow(measure: Measure, row: Local<'i32'>, segmentCount: () => Value<'i32'>): Value<'i32'> {
    const grows = this.#counters.growth.get(measure);
    if (grows === undefined) throw new Error('a measure that is not counted');
    if ('factor' in grows) {
      const grown = grows.with === 'segments' ? segmentCount() : this.visitedTilesOfRow();
      return grown.times(grows.factor);
    }
    if (grows.with === 'rows') return this.#total(measure, row);
    const local = this.#of(this.#counters.own.get(measure));
    if (local === undefined) throw new Error('a measure that is not counted');
    return this.#grown(local);
  }

  #total(measure: Measure, row: Local<'i32'>): Value<'i32'> {
    const address = this.#k.scratch.totals.get(measure);
    if (address === undefined) throw new Error('a measure without totals');
    return i32.load(row.shiftLeft(2), address);
  }
}
