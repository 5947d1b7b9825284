import { at } from '../../../../text/index.ts';
import type { Segmentation } from '../analysis/segments.ts';

/**
 * Words of weights, of the columns' or rows' neurons, or of the index of a sparse projection, that hold this many items
 * each. A kernel has one object for each.
 */
export interface WordMeasure {
  readonly of: 'weights' | 'columns' | 'rows' | 'targets';
  readonly itemsPerWord: number;
}

/** The measures of a kernel. A pass is a row, or by columns a tile of them; a row without segments is a closed one. */
export type Measure = 'passes' | 'tiles' | 'items' | 'closedRows' | 'closedTiles' | WordMeasure;

/** How the work of a kernel is counted: while its code runs, only counts that depend on gates. */
export type WorkCounters = VisitCounters | TileCounters;

/**
 * Without a column gate: how often each place is visited, from which all else follows. Places are rows of segments,
 * tiles of a kernel that runs by columns, or a single one for rows that are all alike.
 */
interface VisitCounters {
  readonly by: 'visits';
  /** The first of the places' slots; undefined if each run visits every place equally often, this many times. */
  readonly visits: number | undefined;
  readonly visitsOfRun: number;
  /** The counts of a visit of each place. */
  readonly totals: ReadonlyMap<Measure, ArrayLike<number>>;
}

/** With a column gate: the columns that pass it, tile by tile. Over a sparse projection also the visits of each row. */
export interface TileCounters {
  readonly by: 'tiles';
  readonly passes: number;
  readonly tiles: number;
  readonly items: number;
  /** What is looked up and closed; undefined where rows are not looked up one by one. */
  readonly closed: ClosedCounters | undefined;
  /** The words of each tile of segments, where all have as many and no two of a segment share one. */
  readonly wordsOfTile: ReadonlyMap<WordMeasure, number>;
  /** Slots of all other words. */
  readonly words: ReadonlyMap<WordMeasure, number>;
}

/** Rows and tiles that are looked up and closed: in slots, or the rows that each run looks up, less the passes. */
type ClosedCounters =
  | { readonly in: 'slots'; readonly rows: number; readonly tiles: number }
  | { readonly in: 'lookups'; readonly rowsOfRun: number };

/** The counts of a visit of each row of segments. */
export function totalsOfSegments(
  measure: Measure,
  segmentation: Segmentation,
  lanes: number,
): ArrayLike<number> {
  const { rows, rowStart } = segmentation;
  return Array.from({ length: rows }, (_, row) => {
    const [first = 0, end = 0] = rowStart.subarray(row, row + 2);
    if (measure === 'passes') return Math.min(1, end - first);
    if (measure === 'closedRows' || measure === 'closedTiles') return Number(first === end);
    let total = 0;
    for (let s = first; s < end; s++) total += amountOf(measure, s, segmentation, lanes);
    return total;
  });
}

/** The counts of each tile's visit in a kernel that runs by columns: words of columns and of rows once for all rows. */
export function totalsOfTiles(
  measure: Measure,
  rows: number,
  columns: number,
  lanes: number,
): ArrayLike<number> {
  return Array.from({ length: Math.ceil(columns / lanes) }, (_, tile) => {
    const from = tile * lanes;
    const to = Math.min(from + lanes, columns);
    if (measure === 'passes') return 1;
    if (measure === 'closedRows' || measure === 'closedTiles') return 0;
    if (measure === 'tiles') return rows;
    if (measure === 'items') return rows * (to - from);
    const { of, itemsPerWord } = measure;
    if (of === 'rows') return Math.ceil(rows / itemsPerWord);
    const words = Math.floor((to - 1) / itemsPerWord) - Math.floor(from / itemsPerWord) + 1;
    return of === 'weights' ? rows * words : words;
  });
}

/**
 * @param segmentation undefined where a row is one segment onto all columns
 * @param isGated whether tiles are counted one by one
 * @param rowsOfRun the rows that each run looks up; undefined where a gate chooses them
 */
export function mapTileCounters(
  segmentation: Segmentation | undefined,
  isGated: boolean,
  rowsOfRun: number | undefined,
  lanes: number,
  words: readonly WordMeasure[],
  take: (slots: number) => number,
): TileCounters {
  const wordsOfTile = new Map<WordMeasure, number>();
  const counted = new Map<WordMeasure, number>();
  const counters = { passes: take(1), tiles: take(1), items: take(1) };
  const closedOf = (): ClosedCounters =>
    isGated || rowsOfRun === undefined
      ? { in: 'slots', rows: take(1), tiles: take(1) }
      : { in: 'lookups', rowsOfRun };
  const closed = segmentation === undefined ? undefined : closedOf();
  for (const measure of new Set(words)) {
    // The tiles of a row share words of weights that stand one after the other.
    const isShared = segmentation?.index !== undefined && measure.of !== 'columns';
    const each =
      isGated && !isShared ? segmentation && wordsOfEachTile(measure, segmentation, lanes) : undefined;
    if (each === undefined) counted.set(measure, take(1));
    else wordsOfTile.set(measure, each);
  }
  return { by: 'tiles', ...counters, closed, wordsOfTile, words: counted };
}

/**
 * The total counts of a kernel, given the values of its slots; for accesses with a slot of their own, those that passed
 * a predicate: the first of the places' slots, or the only one.
 */
export function readWork(
  counters: WorkCounters,
  runs: number,
  at: (slot: number) => number,
): (measure: Measure, predicated?: number) => number {
  if (counters.by === 'visits') {
    const { visits, visitsOfRun, totals } = counters;
    return (measure, first = visits) =>
      Array.from(totals.get(measure) ?? []).reduce(
        (sum, each, place) => sum + each * (first === undefined ? runs * visitsOfRun : at(first + place)),
        0,
      );
  }
  const { words, wordsOfTile, closed } = counters;
  return (measure, predicated) => {
    if (predicated !== undefined) return at(predicated);
    if (measure === 'closedRows' || measure === 'closedTiles') {
      if (closed === undefined) return 0;
      if (closed.in === 'lookups') return runs * closed.rowsOfRun - at(counters.passes);
      return at(measure === 'closedRows' ? closed.rows : closed.tiles);
    }
    if (typeof measure === 'string') return at(counters[measure]);
    const slot = words.get(measure);
    return slot === undefined ? (wordsOfTile.get(measure) ?? 0) * at(counters.tiles) : at(slot);
  };
}

/**
 * The slots that passes, tiles and items follow from, each with the part of the counters that a count in it belongs to:
 * a single place, where there are several.
 */
export function countedParts(counters: WorkCounters): (readonly [slot: number, part: WorkCounters])[] {
  if (counters.by === 'tiles') {
    const { passes, tiles, items, closed } = counters;
    const ofClosed = closed?.in === 'slots' ? [closed.rows, closed.tiles] : [];
    return [passes, tiles, items, ...ofClosed].map((slot) => [slot, counters]);
  }
  const { visits: first, totals } = counters;
  if (first === undefined) return [];
  return Array.from(totals.get('passes') ?? [], (_, place) => {
    const ofPlace = [...totals].map(([measure, each]) => [measure, [at(each, place)]] as const);
    return [first + place, { ...counters, visits: first + place, totals: new Map(ofPlace) }];
  });
}

/** The counts of a whole segment. */
function amountOf(
  measure: Exclude<Measure, 'passes' | 'closedRows' | 'closedTiles'>,
  s: number,
  segmentation: Segmentation,
  lanes: number,
): number {
  const length = at(segmentation.length, s);
  if (measure === 'items') return length;
  const first = at(segmentation.firstPost, s);
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
    const first = at(firstPost, s);
    return [Math.floor((first + from) / itemsPerWord), Math.floor((first + to - 1) / itemsPerWord)];
  }
  const wordsPerRow = Math.ceil(weightRowLength / itemsPerWord);
  const wordOf = (item: number): number =>
    Math.floor(item / weightRowLength) * wordsPerRow + Math.floor((item % weightRowLength) / itemsPerWord);
  const first = at(firstWeight, s);
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
    const lane = at(segmentation.firstPost, s) % lanes;
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
