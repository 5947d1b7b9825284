import {
  type BoundKernel,
  emittingPopulation,
  type Field,
  isDense,
  type Layout,
  mostWordsOfTile,
  type ProgramView,
  type StoredAccess,
  wordOf,
} from '../image/index.ts';
import { domainNamed } from '../isa/index.ts';
import { at } from '../text/index.ts';

/** Consecutive items that a tile touches. */
interface Run {
  /** Number of the first one: a neuron, or a synapse. */
  readonly first: number;
  readonly count: number;
  /** The lane of the first one. */
  readonly lane: number;
}

type Domains = Pick<ProgramView, 'projections'> & {
  readonly populations: readonly Pick<ProgramView['populations'][number], 'size'>[];
};

/** The parts of a program's view that its pipelines depend on. */
export type PipelineView = Domains &
  Pick<ProgramView, 'layouts' | 'banks'> & { readonly fields: readonly Omit<Field, 'neededFor'>[] };

/** The columns that a kernel visits: all of its population, or the first ones that its list names. */
export function columnsOf(kernel: BoundKernel, image: Domains): number {
  return kernel.columns ?? at(image.populations, emittingPopulation(image, kernel)).size;
}

/**
 * The runs of items that the tiles of a kernel touch through a role, one for each tile; of the first row alone where
 * all rows are alike. Empty for kernels over one item.
 */
export function* tileRuns(kernel: BoundKernel, role: StoredAccess['role'], image: Domains, lanes: number) {
  if (domainNamed(kernel.domain).single) return;
  if (kernel.domain === 'neurons') {
    yield* runsOf(0, columnsOf(kernel, image), 0, lanes);
    return;
  }
  const projection = at(image.projections, kernel.projection ?? -1);
  if (kernel.domain === 'weights') {
    yield* runsOf(0, projection.weightRowLength, 0, lanes);
    return;
  }
  const { rowStart, firstPost, firstWeight, length } = projection.segments;
  const columns = columnsOf(kernel, image);
  const segments = isDense(image, projection) ? 1 : at(rowStart, rowStart.length - 1);
  for (let segment = 0; segment < segments; segment++) {
    const post = at(firstPost, segment);
    const count = Math.min(at(length, segment), columns - post);
    const shift = role === 'syn' ? at(firstWeight, segment) - post : 0;
    yield* runsOf(post, count, shift, lanes);
  }
}

/** The tiles of consecutive columns, as runs of items whose numbers are the columns' plus `shift`. */
export function* runsOf(first: number, count: number, shift: number, lanes: number): Generator<Run> {
  if (count <= 0) return;
  const end = first + count;
  for (let column = first - (first % lanes); column < end; column += lanes) {
    const from = Math.max(column, first);
    yield { first: from + shift, count: Math.min(column + lanes, end) - from, lane: from - column };
  }
}

/** The most consecutive items that a kernel visits: a segment, or all columns where rows are not cut. */
function longestRun(kernel: BoundKernel, image: Domains): number {
  const projection = image.projections[kernel.projection ?? -1];
  if (projection === undefined || kernel.domain === 'weights') return Number.POSITIVE_INFINITY;
  return projection.segments.length.reduce((most, count) => Math.max(most, count), 1);
}

/** The most words of a layout that any tile of a kernel touches through a role. */
export function wordsPerTile(
  kernel: BoundKernel,
  { role, takes }: StoredAccess,
  layout: Layout,
  image: Domains,
  lanes: number,
): number {
  if (takes === 'own') return mostItems(kernel, image, lanes);
  if (role === 'pre') return takes === 'all' ? layout.rows : 1;
  if (takes === 'all') return layout.rows * mostWordsOfTile(kernel, layout, lanes);
  // A tile can do no worse than begin with the last item of a word. Where each target is listed by itself, that is one
  // word, however many millions there are.
  const longest = Math.min(lanes, longestRun(kernel, image));
  const worst = 1 + Math.ceil((longest - 1) / layout.itemsPerWord);
  let most = 1;
  for (const { first, count } of tileRuns(kernel, role, image, lanes)) {
    most = Math.max(most, wordOf(layout, first + count - 1) - wordOf(layout, first) + 1);
    if (most === worst) break;
  }
  return most;
}

/** The most items of a tile. */
function mostItems(kernel: BoundKernel, image: Domains, lanes: number): number {
  if (domainNamed(kernel.domain).single) return 1;
  return Math.min(lanes, longestRun(kernel, image), columnsOf(kernel, image));
}
