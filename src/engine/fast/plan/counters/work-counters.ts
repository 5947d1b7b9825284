import type { Segmentation } from '../analysis/segments.ts';

/** Words of weights, or of the columns' neurons, that hold so many items each. A kernel has one object for each. */
export interface WordMeasure {
  readonly of: 'weights' | 'columns';
  readonly itemsPerWord: number;
}

/** What a kernel counts. A pass is a row; rows without segments are not passed over. */
export type Measure = 'passes' | 'tiles' | 'items' | WordMeasure;

/** How the work of a kernel is counted: only what gates change is counted while its code runs. */
export type WorkCounters = PassCounters | RowCounters | TileCounters;

/** Passes that are all the same: how many there were. */
export interface PassCounters {
  readonly by: 'passes';
  /** The slot of the passes; undefined where each run has as many. */
  readonly passes: number | undefined;
  readonly passesOfRun: number;
  /** The extent of a pass; of a kernel that runs by columns, all its rows and columns. */
  readonly rows: number;
  readonly columns: number;
}

/** Segments without a column gate: how often each row is visited; what a visit counts follows from the row's segments. */
export interface RowCounters {
  readonly by: 'rows';
  /** The first of the rows' slots; undefined where each run visits every row. */
  readonly visits: number | undefined;
  /** What a visit of each row counts. */
  readonly totals: ReadonlyMap<Measure, Uint32Array>;
}

/** With a column gate: what it lets through, tile by tile. */
export interface TileCounters {
  readonly by: 'tiles';
  readonly passes: number;
  readonly tiles: number;
  readonly items: number;
  /** The words of each tile of segments, where all have as many and no two of a segment share one. */
  readonly wordsOfTile: ReadonlyMap<WordMeasure, number>;
  /** Slots of all other words. */
  readonly words: ReadonlyMap<WordMeasure, number>;
}

/** @param areAllVisited whether a run visits every row */
export function mapRowCounters(
  segmentation: Segmentation,
  lanes: number,
  words: readonly WordMeasure[],
  areAllVisited: boolean,
  take: (slots: number) => number,
): RowCounters {
  const { rows, rowStart } = segmentation;
  const totals = (measure: Measure): Uint32Array =>
    Uint32Array.from({ length: rows }, (_, row) => {
      const [first = 0, end = 0] = rowStart.subarray(row, row + 2);
      if (measure === 'passes') return Math.min(1, end - first);
      let total = 0;
      for (let s = first; s < end; s++) total += amountOf(measure, s, segmentation, lanes);
      return total;
    });
  const measures = ['passes', 'tiles', 'items', ...words] as const;
  return {
    by: 'rows',
    visits: areAllVisited ? undefined : take(rows),
    totals: new Map(measures.map((measure) => [measure, totals(measure)])),
  };
}

/** @param segmentation undefined where a row is one segment onto all columns */
export function mapTileCounters(
  segmentation: Segmentation | undefined,
  lanes: number,
  words: readonly WordMeasure[],
  take: (slots: number) => number,
): TileCounters {
  const wordsOfTile = new Map<WordMeasure, number>();
  const counted = new Map<WordMeasure, number>();
  const counters = { passes: take(1), tiles: take(1), items: take(1) };
  for (const measure of new Set(words)) {
    const each = segmentation && wordsOfEachTile(measure, segmentation, lanes);
    if (each === undefined) counted.set(measure, take(1));
    else wordsOfTile.set(measure, each);
  }
  return { by: 'tiles', ...counters, wordsOfTile, words: counted };
}

/**
 * What a kernel has counted in all, given what its slots hold; with a slot of its own, what a predicate has let through:
 * the first of the rows' slots, or the only one.
 */
export function readWork(
  counters: WorkCounters,
  runs: number,
  lanes: number,
  at: (slot: number) => number,
): (measure: Measure, predicated?: number) => number {
  switch (counters.by) {
    case 'passes': {
      const { rows, columns } = counters;
      const passes = counters.passes === undefined ? runs * counters.passesOfRun : at(counters.passes);
      return (measure, predicated) => {
        if (predicated !== undefined) return at(predicated);
        if (measure === 'passes') return passes;
        const itemsOf = { tiles: lanes, items: 1 };
        const unit = typeof measure === 'string' ? itemsOf[measure] : measure.itemsPerWord;
        return passes * rows * Math.ceil(columns / unit);
      };
    }
    case 'rows': {
      const { visits, totals } = counters;
      return (measure, first = visits) =>
        (totals.get(measure) ?? new Uint32Array()).reduce(
          (sum, each, row) => sum + each * (first === undefined ? runs : at(first + row)),
          0,
        );
    }
    case 'tiles': {
      const { words, wordsOfTile } = counters;
      return (measure, predicated) => {
        if (predicated !== undefined) return at(predicated);
        if (typeof measure === 'string') return at(counters[measure]);
        const slot = words.get(measure);
        return slot === undefined ? (wordsOfTile.get(measure) ?? 0) * at(counters.tiles) : at(slot);
      };
    }
  }
}

/** What a whole segment counts. */
function amountOf(
  measure: Exclude<Measure, 'passes'>,
  s: number,
  segmentation: Segmentation,
  lanes: number,
): number {
  const length = segmentation.length[s] ?? 0;
  if (measure === 'items') return length;
  const first = segmentation.firstPost[s] ?? 0;
  if (measure === 'tiles') return Math.floor((first + length - 1) / lanes) - Math.floor(first / lanes) + 1;
  const [from, to] = wordsOf(measure, s, 0, length, segmentation);
  return to - from + 1;
}

/** The first and the last word that the columns `from` up to `to` of a segment, counted from its first, lie in. */
function wordsOf(
  { of, itemsPerWord }: WordMeasure,
  s: number,
  from: number,
  to: number,
  { firstPost, firstWeight, weightRowLength }: Segmentation,
): [first: number, last: number] {
  if (of === 'columns') {
    const first = firstPost[s] ?? 0;
    return [Math.floor((first + from) / itemsPerWord), Math.floor((first + to - 1) / itemsPerWord)];
  }
  const wordsPerRow = Math.ceil(weightRowLength / itemsPerWord);
  const wordOf = (item: number): number =>
    Math.floor(item / weightRowLength) * wordsPerRow + Math.floor((item % weightRowLength) / itemsPerWord);
  const first = firstWeight[s] ?? 0;
  return [wordOf(first + from), wordOf(first + to - 1)];
}

/** How many words each tile touches, where it is the same for all and no two tiles of a segment share one. */
function wordsOfEachTile(
  measure: WordMeasure,
  segmentation: Segmentation,
  lanes: number,
): number | undefined {
  let each: number | undefined;
  for (const [s, length] of segmentation.length.entries()) {
    const lane = (segmentation.firstPost[s] ?? 0) % lanes;
    let highest = -1;
    for (let from = 0; from < length; ) {
      const to = Math.min(length, from + lanes - ((lane + from) % lanes));
      const [first, last] = wordsOf(measure, s, from, to, segmentation);
      each ??= last - first + 1;
      if (last - first + 1 !== each || first <= highest) return undefined;
      highest = last;
      from = to;
    }
  }
  return each ?? 0;
}
