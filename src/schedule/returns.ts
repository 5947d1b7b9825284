import {
  type BoundKernel,
  isDense,
  type Layout,
  loadsOf,
  type Projection,
  type StoredAccess,
  wordOf,
} from '../image/index.ts';
import { domainNamed } from '../isa/index.ts';
import { at } from '../text/index.ts';
import { columnsOf, type PipelineView, runsOf } from './tiles.ts';

/** A row that comes back to what one of its tiles has stored: an item, or a word of a bank without a bit mask. */
export interface Return extends StoredAccess {
  /** The fewest tiles from the one that stores to the one that loads. */
  readonly tiles: number;
}

/**
 * The returns of a kernel's rows. Rows are cut into segments, which may meet a target, or a weight, more than once.
 * Between rows, the pipeline drains.
 */
export function returnsOf(
  kernel: BoundKernel,
  stores: readonly StoredAccess[],
  program: PipelineView,
  lanes: number,
): Return[] {
  const projection = program.projections[kernel.projection ?? -1];
  const isOfRows = domainNamed(kernel.domain).roles.includes('pre') && kernel.domain !== 'weights';
  if (!isOfRows || projection === undefined || isDense(program, projection)) return [];
  const loads = loadsOf(kernel, program.fields);
  return stores.flatMap(({ role, layout: index, takes }): Return[] => {
    if (role === 'pre') return [];
    const layout = at(program.layouts, index);
    const isLoaded = loads.some((load) => load.role === role && load.layout === index);
    const item = (number: number): number => number;
    const word = (number: number): number => wordOf(layout, number);
    const visits = { kernel, role, program, projection, lanes };
    const tiles = Math.min(
      isLoaded ? fewestTiles(visits, item, false) : Number.POSITIVE_INFINITY,
      hasMask(program, layout) ? Number.POSITIVE_INFINITY : fewestTiles(visits, word, true),
    );
    if (tiles === Number.POSITIVE_INFINITY) return [];
    // Closed tiles come between, and take less than an interval.
    return [{ role, layout: index, takes, tiles: kernel.columnGate === undefined ? tiles : 1 }];
  });
}

/**
 * Whether no row of a kernel comes back to what an earlier one has stored, so that it may enter while that one is still
 * in the pipeline. Each row of a dense projection has synapses of its own; all of its rows meet the same targets.
 *
 * @param meets whether rows meet at a store
 */
export function rowsAreApart(
  { projection: index, domain }: BoundKernel,
  stores: readonly StoredAccess[],
  program: PipelineView,
  meets: (store: StoredAccess) => boolean,
): boolean {
  const projection = program.projections[index ?? -1];
  if (projection === undefined) return false;
  return (domain === 'weights' || isDense(program, projection)) && !stores.some(meets);
}

/** Whether the rows of a hard-wired pipeline are apart: its tiles store whole words of synapses alone. */
export function pipelinedRowsAreApart(
  kernel: BoundKernel,
  stores: readonly StoredAccess[],
  program: PipelineView,
): boolean {
  const { domain, order, code } = kernel;
  if (domain !== 'synapses' || order === 'columns') return false;
  // The number of the row is that of the row that enters; what is left of a word is that of the row's last tile.
  const takesNumber = code.some(({ operands }) =>
    operands.some((one) => one.is === 'index' && one.role === 'pre'),
  );
  const meets = ({ role, layout }: StoredAccess): boolean =>
    role !== 'syn' || !hasMask(program, at(program.layouts, layout));
  return !takesNumber && rowsAreApart(kernel, stores, program, meets);
}

function hasMask({ banks }: PipelineView, { bank }: Layout): boolean {
  return at(banks, bank).bitMask;
}

interface Visits {
  readonly kernel: BoundKernel;
  readonly role: StoredAccess['role'];
  readonly program: PipelineView;
  readonly projection: Projection;
  readonly lanes: number;
}

/**
 * The fewest tiles between two of a row that share a place; infinite if none does.
 *
 * @param placeOf the place of an item; those of consecutive items follow one another
 * @param isForwarded whether the place that was written last is at hand, however soon it is asked for
 */
function fewestTiles(visits: Visits, placeOf: (item: number) => number, isForwarded: boolean): number {
  const rows = visits.projection.segments.rowStart.length - 1;
  let fewest = Number.POSITIVE_INFINITY;
  for (let row = 0; row < rows && fewest > 1; row++) {
    const segments = segmentsOf(visits, row);
    if (ascends(segments, placeOf, isForwarded)) continue;
    const tiles = segments.flatMap(({ first, count, shift }) => [
      ...runsOf(first - shift, count, shift, visits.lanes),
    ]);
    fewest = Math.min(fewest, fewestIn(tiles, placeOf, isForwarded));
  }
  return fewest;
}

/** Consecutive items, by their numbers. */
interface Items {
  readonly first: number;
  readonly count: number;
}

/** The segments of a row as items; the columns that they are of have numbers that are less by `shift`. */
function segmentsOf({ kernel, role, program, projection }: Visits, row: number) {
  const { rowStart, firstPost, firstWeight, length } = projection.segments;
  const columns = columnsOf(kernel, program);
  const found: (Items & { readonly shift: number })[] = [];
  for (let segment = at(rowStart, row); segment < at(rowStart, row + 1); segment++) {
    const post = at(firstPost, segment);
    const count = Math.min(at(length, segment), columns - post);
    if (count <= 0) continue;
    const first = role === 'syn' ? at(firstWeight, segment) : post;
    found.push({ first, count, shift: first - post });
  }
  return found;
}

function ascends(runs: readonly Items[], placeOf: (item: number) => number, mayShare: boolean): boolean {
  let before = -1;
  for (const { first, count } of runs) {
    const place = placeOf(first);
    if (place < before || (place === before && !mayShare)) return false;
    before = placeOf(first + count - 1);
  }
  return true;
}

function fewestIn(tiles: readonly Items[], placeOf: (item: number) => number, isForwarded: boolean): number {
  const met = new Map<number, number>();
  let fewest = Number.POSITIVE_INFINITY;
  let latest = -1;
  for (const [tile, { first, count }] of tiles.entries()) {
    const end = placeOf(first + count - 1);
    for (let place = placeOf(first); place <= end; place++) {
      const before = met.get(place);
      const isAtHand = isForwarded && place === latest;
      if (before !== undefined && !isAtHand) fewest = Math.min(fewest, tile - before);
      met.set(place, tile);
      latest = place;
    }
  }
  return fewest;
}
