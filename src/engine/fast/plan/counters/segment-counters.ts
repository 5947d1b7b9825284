import type { Segmentation } from '../analysis/index.ts';

/** Words of weights, or of the columns' neurons, that hold so many items each. A kernel has one object for each. */
export interface WordMeasure {
  readonly of: 'weights' | 'columns';
  readonly itemsPerWord: number;
}

/** What a walk over segments counts. */
export type Measure = 'tiles' | 'items' | WordMeasure;

/** How a count grows as segments are walked. */
export type Growth =
  /** By so much with each segment, or with each visited tile. */
  | { readonly with: 'segments' | 'tiles'; readonly factor: number }
  /** By the row's own total with each row. */
  | { readonly with: 'rows'; readonly totals: Uint32Array }
  /** By what a gate lets through, tile by tile. */
  | { readonly with: 'visits' };

/** A count: what a counter has reached, times a constant. */
export interface Count {
  readonly slot: number;
  readonly factor: number;
}

/** Where the counts of a kernel over segments are kept. */
export interface SegmentCounters {
  readonly growth: ReadonlyMap<Measure, Growth>;
  /** Slots of what grows otherwise than with rows that are all visited; of the tiles and segments that others grow with. */
  readonly passes: number | undefined;
  readonly segments: number | undefined;
  readonly tiles: number | undefined;
  /** Slots of measures that grow with rows or visits. */
  readonly own: ReadonlyMap<Measure, number>;
  readonly countOfPasses: Count;
  readonly counts: ReadonlyMap<Measure, Count>;
}

interface Walk {
  readonly segmentation: Segmentation;
  readonly lanes: number;
  readonly isGated: boolean;
  /** Whether a run visits every row, or one row. */
  readonly rows: 'all' | 'some' | 'one';
}

export function mapSegmentCounters(
  walk: Walk,
  words: readonly WordMeasure[],
  runs: number,
  slot: () => number,
): SegmentCounters {
  const { segmentation, isGated, rows } = walk;
  const measures = new Set<Measure>(['tiles', 'items', ...words]);
  const growth = new Map([...measures].map((measure) => [measure, growthOf(measure, walk)]));
  const none = { passes: undefined, segments: undefined, tiles: undefined, own: new Map() };
  if (!isGated && rows === 'all') {
    const total = (measure: Measure): number =>
      rowTotals(measure, walk).reduce((sum, words) => sum + words, 0);
    const countOfPasses = { slot: runs, factor: segmentation.rows - segmentation.emptyRows };
    const counts = new Map([...measures].map((measure) => [measure, { slot: runs, factor: total(measure) }]));
    return { ...none, growth, countOfPasses, counts };
  }
  const isEachRowVisited = !isGated && rows === 'one' && segmentation.emptyRows === 0;
  const passes = isEachRowVisited ? undefined : slot();
  const shared = { segments: slot(), tiles: slot() };
  const own = new Map<Measure, number>();
  const counts = new Map<Measure, Count>();
  for (const [measure, grows] of growth) {
    if ('factor' in grows) {
      counts.set(measure, { slot: shared[grows.with], factor: grows.factor });
      continue;
    }
    const kept = slot();
    own.set(measure, kept);
    counts.set(measure, { slot: kept, factor: 1 });
  }
  const isUsed = (what: 'segments' | 'tiles'): boolean =>
    [...growth.values()].some((grows) => grows.with === what);
  return {
    growth,
    passes,
    segments: isUsed('segments') ? shared.segments : undefined,
    tiles: isUsed('tiles') ? shared.tiles : undefined,
    own,
    countOfPasses: { slot: passes ?? runs, factor: 1 },
    counts,
  };
}

function growthOf(measure: Measure, walk: Walk): Growth {
  const { segmentation, isGated } = walk;
  if (isGated) {
    if (measure === 'tiles') return { with: 'tiles', factor: 1 };
    const words = measure === 'items' ? undefined : wordsOfEachTile(measure, walk);
    return words === undefined ? { with: 'visits' } : { with: 'tiles', factor: words };
  }
  const amounts = segmentation.length.map((_, s) => amountOf(measure, s, walk));
  const [factor = 0] = amounts;
  if (amounts.every((amount) => amount === factor)) return { with: 'segments', factor };
  return { with: 'rows', totals: rowTotals(measure, walk) };
}

/** What a whole row counts, for each row. */
function rowTotals(measure: Measure, walk: Walk): Uint32Array {
  const { rowStart, rows } = walk.segmentation;
  return Uint32Array.from({ length: rows }, (_, row) => {
    let total = 0;
    for (let s = rowStart[row] ?? 0; s < (rowStart[row + 1] ?? 0); s++) total += amountOf(measure, s, walk);
    return total;
  });
}

/** What a whole segment counts. */
function amountOf(measure: Measure, s: number, { segmentation, lanes }: Walk): number {
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
function wordsOfEachTile(measure: WordMeasure, { segmentation, lanes }: Walk): number | undefined {
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
