import { addTo, type Local } from '../../builder/index.ts';
import type { Measure, SegmentCounters } from '../../plan/counters/index.ts';
import type { SegmentTable } from '../../plan/memory/index.ts';
import type { GateCode, KernelFrame } from '../body/index.ts';

/** The columns `from` up to `to` of a segment: those of one tile. */
export interface VisitedColumns {
  /** First column and first weight of the segment. */
  readonly first: Local;
  readonly weight: Local;
  readonly from: Local;
  readonly to: Local;
}

/** Code that counts a walk over segments in variables, and adds them to the counters when the run ends. */
export class SegmentTally {
  readonly #frame: KernelFrame;
  readonly #gates: GateCode;
  readonly #table: SegmentTable;
  readonly #counters: SegmentCounters;
  /** What the run has counted, by slot. */
  readonly #counted = new Map<number, Local>();
  /** Visited tiles, and active items, of a gated run. */
  readonly tiles: Local;
  readonly items: Local;
  /** What was counted when the row began, where its predicated loads need to know. */
  readonly #before = new Map<Local, Local>();
  /** The highest word that the segment has touched, for words that are counted tile by tile. */
  readonly #highest = new Map<Measure, Local>();

  constructor(frame: KernelFrame, gates: GateCode, table: SegmentTable, counters: SegmentCounters) {
    this.#frame = frame;
    this.#gates = gates;
    this.#table = table;
    this.#counters = counters;
    const { passes, segments, tiles, own } = counters;
    for (const slot of [passes, segments, tiles, ...own.values()]) {
      if (slot !== undefined) this.#counted.set(slot, frame.f.local('i32'));
    }
    this.tiles = this.#of(tiles) ?? frame.f.local('i32');
    this.items = this.#of(own.get('items')) ?? frame.f.local('i32');
    for (const [measure] of this.visitedWords) this.#highest.set(measure, frame.f.local('i32'));
  }

  #of(slot: number | undefined): Local | undefined {
    return slot === undefined ? undefined : this.#counted.get(slot);
  }

  /** Measures of words that are counted tile by tile, and their variables. */
  get visitedWords(): readonly (readonly [Measure, Local])[] {
    return [...this.#counters.own].flatMap(([measure, slot]) => {
      const local = this.#of(slot);
      const isVisited = this.#counters.growth.get(measure)?.with === 'visits' && measure !== 'items';
      return isVisited && local !== undefined ? [[measure, local] as const] : [];
    });
  }

  startRun(): void {
    for (const local of [this.tiles, this.items, ...this.#counted.values()]) this.#set(local, 0);
  }

  endRun(): void {
    for (const [slot, local] of this.#counted) this.#frame.count(slot, local);
  }

  startRow(): void {
    const { f } = this.#frame;
    for (const local of [this.tiles, ...this.visitedWords.map(([, words]) => words)]) {
      const before = this.#before.get(local) ?? f.local('i32');
      this.#before.set(local, before);
      f.get(local);
      f.set(before);
    }
  }

  /** A segment begins: none of its words is touched. */
  startSegment(): void {
    for (const highest of this.#highest.values()) this.#set(highest, -1);
  }

  /** Counts a visited tile of a gated segment. */
  countTile(items: Local, columns: VisitedColumns): void {
    const { f } = this.#frame;
    addTo(f, this.tiles, () => f.i32.const(1));
    addTo(f, this.items, () => f.get(items));
    this.#countWords(columns);
  }

  /** Counts the words of a visited tile that no earlier one of the segment has touched. */
  #countWords({ first, weight, from, to }: VisitedColumns): void {
    const { f } = this.#frame;
    for (const [measure, words] of this.visitedWords) {
      const [role, width] = measure.split(' ');
      const putWord = (column: Local, back: number): void => {
        f.get(column);
        if (back > 0) {
          f.i32.const(back);
          f.i32.sub();
        }
        if (role === 'syn') {
          f.get(first);
          f.i32.sub();
          this.#putWordOfSynapse(weight, Number(width));
        } else {
          f.i32.const(Number(width));
          f.i32.div_u();
        }
      };
      const highest = this.#highest.get(measure);
      if (highest === undefined) throw new Error(`${measure} is not counted`);
      const before = f.local('i32');
      const last = f.local('i32');
      putWord(from, 0);
      f.i32.const(1);
      f.i32.sub();
      f.set(before);
      putWord(to, 1);
      f.set(last);
      // words += last - max(before, highest)
      f.get(words);
      f.get(last);
      f.i32.add();
      f.get(before);
      f.get(highest);
      f.get(before);
      f.get(highest);
      f.i32.gt_s();
      f.select();
      f.i32.sub();
      f.set(words);
      f.get(last);
      f.set(highest);
    }
  }

  /** Turns the place of a column in its segment into the word of its weight. */
  #putWordOfSynapse(weight: Local, itemsPerWord: number): void {
    const { f, segmentation } = this.#frame;
    const { weightRowLength = 1 } = segmentation ?? {};
    const { firstWeight, rowStride } = this.#table;
    const unit = firstWeight === 'element' ? rowStride : weightRowLength;
    const synapse = f.local('i32');
    f.get(weight);
    f.i32.add();
    f.tee(synapse);
    f.i32.const(unit);
    f.i32.div_u();
    f.i32.const(Math.ceil(weightRowLength / itemsPerWord));
    f.i32.mul();
    f.get(synapse);
    f.i32.const(unit);
    f.i32.rem_u();
    f.i32.const(itemsPerWord);
    f.i32.div_u();
    f.i32.add();
  }

  /** Puts how much a variable has grown in this row. */
  #putGrown(local: Local): void {
    this.#frame.f.get(local);
    this.#frame.f.get(this.#before.get(local) ?? local);
    this.#frame.f.i32.sub();
  }

  /** Puts whether the row has visited a tile. */
  putIsVisited(): void {
    this.#putGrown(this.tiles);
  }

  /**
   * Counts a row of which at least one tile was visited.
   *
   * @param putSegments puts how many segments it has
   */
  countRow(row: Local, putSegments: () => void): void {
    const { f } = this.#frame;
    const { passes, segments, own, growth } = this.#counters;
    const counted = this.#of(passes);
    if (counted !== undefined) addTo(f, counted, () => f.i32.const(1));
    const walked = this.#of(segments);
    if (walked !== undefined) addTo(f, walked, putSegments);
    for (const [measure, slot] of own) {
      const local = this.#of(slot);
      if (growth.get(measure)?.with === 'rows' && local !== undefined)
        addTo(f, local, () => this.#putTotal(measure, row));
    }
    for (const { predicated, ofPre, measure, putAny } of this.#gates.predicatedAccesses()) {
      putAny();
      f.if(() => {
        const words = f.local('i32');
        if (ofPre) f.i32.const(1);
        else this.#putOfRow(measure, row, putSegments);
        f.set(words);
        this.#frame.count(predicated, words);
      });
    }
  }

  /** Puts what the row has counted. */
  #putOfRow(measure: Measure, row: Local, putSegments: () => void): void {
    const { f } = this.#frame;
    const grows = this.#counters.growth.get(measure);
    if (grows === undefined) throw new Error(`${measure} is not counted`);
    if ('factor' in grows) {
      if (grows.with === 'segments') putSegments();
      else this.#putGrown(this.tiles);
      f.i32.const(grows.factor);
      f.i32.mul();
    } else if (grows.with === 'rows') {
      this.#putTotal(measure, row);
    } else {
      const local = this.#of(this.#counters.own.get(measure));
      if (local === undefined) throw new Error(`${measure} is not counted`);
      this.#putGrown(local);
    }
  }

  #putTotal(measure: Measure, row: Local): void {
    const address = this.#frame.scratch.totals.get(measure);
    if (address === undefined) throw new Error(`no totals of ${measure}`);
    this.#frame.f.get(this.#frame.scaled(row, 4));
    this.#frame.f.i32.load(address);
  }

  #set(local: Local, value: number): void {
    this.#frame.f.i32.const(value);
    this.#frame.f.set(local);
  }
}
