import type { Segmentation } from '../analysis/segments.ts';

/**
 * Words of weights, of the columns' or rows' neurons, or of the index of a sparse projection, that hold so many items each.
 * A kernel has one object for each.
 */
export interface WordMeasure {
  readonly of: 'weights' | 'columns' | 'rows' | 'targets';
  readonly itemsPerWord: number;
}

/** What a kernel counts. A pass is a row, or by columns a tile of them; rows without segments are not passed over. */
export type Measure = 'passes' | 'tiles' | 'items' | WordMeasure;

/** How the work of a kernel is counted: only what gates change is counted while its code runs. */
export type WorkCounters = VisitCounters | TileCounters;

/**
 * Without a column gate: how often each place is visited, from which all else follows. Places are rows of segments, tiles
 * of a kernel that runs by columns, or a single one for rows that are all alike.
 */
interface VisitCounters {
  readonly by: 'visits';
  /** The first of the places' slots; undefined where each run visits every place equally often: so many times. */
  readonly visits: number | undefined;
  readonly visitsOfRun: number;
  /** What a visit of each place counts. */
  readonly totals: ReadonlyMap<Measure, ArrayLike<number>>;
}

/** With a column gate: what it lets through, tile by tile. Over a sparse projection, too: what is visited of each row. */
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

/** What a visit of each row of segments counts. */
export function totalsOfSegments(
  measure: Measure,
  segmentation: Segmentation,
  lanes: number,
): ArrayLike<number> {
  const { rows, rowStart } = segmentation;
  return Array.from({ length: rows }, (_, row) => {
    const [first = 0, end = 0] = rowStart.subarray(row, row + 2);
    if (measure === 'passes') return Math.min(1, end - first);
    let total = 0;
    for (let s = first; s < end; s++) total += amountOf(measure, s, segmentation, lanes);
    return total;
  });
}

/** What a visit of each tile counts in a kernel that runs by columns: words of columns and of rows once for all rows. */
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
 */
export function mapTileCounters(
  segmentation: Segmentation | undefined,
  isGated: boolean,
  lanes: number,
  words: readonly WordMeasure[],
  take: (slots: number) => number,
): TileCounters {
  const wordsOfTile = new Map<WordMeasure, number>();
  const counted = new Map<WordMeasure, number>();
  const counters = { passes: take(1), tiles: take(1), items: take(1) };
  for (const measure of new Set(words)) {
    // The tiles of a row share words of weights that stand one after the other.
    const isShared = segmentation?.index !== undefined && measure.of !== 'columns';
    const each =
      isGated && !isShared ? segmentation && wordsOfEachTile(measure, segmentation, lanes) : undefined;
    if (each === undefined) counted.set(measure, take(1));
    else wordsOfTile.set(measure, each);
  }
  return { by: 'tiles', ...counters, wordsOfTile, words: counted };
}

/**
 * What a kernel has counted in all, given what its slots hold; with a slot of its own, what a predicate has let through:
 * the first of the places' slots, or the only one.
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
  const { words, wordsOfTile } = counters;
  return (measure, predicated) => {
    if (predicated !== undefined) return at(predicated);
    if (typeof measure === 'string') return at(counters[measure]);
    const slot = words.get(measure);
    return slot === undefined ? (wordsOfTile.get(measure) ?? 0) * at(counters.tiles) : at(slot);
  };
}

/**
 * The slots that passes, tiles and items follow from, each with the part of the counters that a count in it belongs to:
 * a single place, where there are several.
 */
export function partsOf(counters: WorkCounters): (readonly [slot: number, part: WorkCounters])[] {
  if (counters.by === 'tiles')
    return [counters.passes, counters.tiles, counters.items].map((slot) => [slot, counters]);
  const { visits: first, totals } = counters;
  if (first === undefined) return [];
  return Array.from(totals.get('passes') ?? [], (_, place) => {
    const ofPlace = [...totals].map(([measure, each]) => [measure, [each[place] ?? 0]] as const);
    return [first + place, { ...counters, visits: first + place, totals: new Map(ofPlace) }];
  });
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
