import {
  type BoundKernel,
  type CoreImage,
  factsOf,
  isDense,
  layoutOf,
  type Projection,
} from '../../../../image/index.ts';
import { does } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import { fieldsNamed } from './columns.ts';

/** The segments of a projection whose rows are not simply one segment onto all columns. Empty segments are left out. */
export interface Segmentation {
  readonly rows: number;
  /** Row r has the segments `rowStart[r]` up to `rowStart[r + 1]`. */
  readonly rowStart: Uint32Array;
  readonly firstPost: Uint32Array;
  readonly firstWeight: Uint32Array;
  readonly length: Uint32Array;
  /** How many rows have no segment. */
  readonly emptyRows: number;
  /** Columns of every segment; undefined where they differ. */
  readonly columns: number | undefined;
  /** The greatest first column of a segment. */
  readonly lastFirstPost: number;
  /** A divisor of every segment's first column and length. */
  readonly alignment: number;
  /** Whether every segment is one whole row of weights. */
  readonly areWeightRows: boolean;
  /** Items of a row of weights. */
  readonly weightRowLength: number;
  /**
   * Of a sparse projection: the bank of its index, the segments of a word, and whether their weights stand one after
   * the other, or among those of other delays. In a row, they ascend.
   */
  readonly index:
    | { readonly bank: number; readonly itemsPerWord: number; readonly hasOffsets: boolean }
    | undefined;
}

const planned = new WeakMap<CoreImage, readonly (Segmentation | undefined)[]>();

/**
 * How the rows of each projection are cut; undefined where every row is one segment onto all columns. Found once for
 * each image: it may have millions of synapses.
 */
export function planSegments(image: CoreImage): readonly (Segmentation | undefined)[] {
  const known = planned.get(image);
  if (known !== undefined) return known;
  const segmentations = image.projections.map((projection) => {
    if (isDense(image, projection)) return undefined;
    if (projection.index === undefined) return segment(projection, undefined);
    const field = image.fields[projection.index.target];
    if (field === undefined) throw new Error(`${projection.name} has no index`);
    const { bank, itemsPerWord } = layoutOf(image, field);
    return segment(projection, { bank, itemsPerWord, hasOffsets: projection.index.offset !== undefined });
  });
  planned.set(image, segmentations);
  return segmentations;
}

/** How the rows of a kernel's projection are cut; undefined, too, for kernels over neurons or weights. */
export function segmentationOf(
  { domain, projection = -1 }: BoundKernel,
  segmentations: readonly (Segmentation | undefined)[],
): Segmentation | undefined {
  return domain === 'weights' ? undefined : segmentations[projection];
}

function segment({ segments, weightRowLength }: Projection, index: Segmentation['index']): Segmentation {
  const { rowStart, firstPost, firstWeight, length } = withoutEmpty(segments);
  const rows = rowStart.length - 1;
  const [first] = length;
  let emptyRows = 0;
  for (let row = 0; row < rows; row++) if (rowStart[row] === rowStart[row + 1]) emptyRows += 1;
  const alignment = divisorOf(firstPost, divisorOf(length, 0));
  return {
    rows,
    rowStart,
    firstPost,
    firstWeight,
    length,
    emptyRows,
    columns: isAlways(length, first) ? first : undefined,
    lastFirstPost: greatestOf(firstPost),
    alignment,
    areWeightRows: isAlways(length, weightRowLength),
    weightRowLength,
    index,
  };
}

/** Segments with at least one column. */
function withoutEmpty(segments: Projection['segments']): Projection['segments'] {
  if (!segments.length.includes(0)) return segments;
  const kept = [...segments.length.keys()].filter((s) => segments.length[s] !== 0);
  const pick = (values: Uint32Array): Uint32Array => Uint32Array.from(kept, (s) => at(values, s));
  const keptBefore = new Uint32Array(segments.length.length + 1);
  for (const [s, count] of segments.length.entries())
    keptBefore[s + 1] = at(keptBefore, s) + Number(count > 0);
  return {
    rowStart: segments.rowStart.map((s) => at(keptBefore, s)),
    firstPost: pick(segments.firstPost),
    firstWeight: pick(segments.firstWeight),
    length: pick(segments.length),
  };
}

/** The greatest divisor of some numbers and one more. */
function divisorOf(numbers: Uint32Array, other: number): number {
  let divisor = other;
  for (let index = 0; divisor !== 1 && index < numbers.length; index++)
    for (let rest = numbers[index] ?? 0; rest !== 0; ) [divisor, rest] = [rest, divisor % rest];
  return divisor;
}

function isAlways(numbers: Uint32Array, expected: number | undefined): boolean {
  for (let index = 0; index < numbers.length; index++) if (numbers[index] !== expected) return false;
  return true;
}

function greatestOf(numbers: Uint32Array): number {
  let greatest = 0;
  for (let index = 0; index < numbers.length; index++) greatest = Math.max(greatest, numbers[index] ?? 0);
  return greatest;
}

/** The widest vectors that a kernel's segments allow, and what stands against wider ones. */
export function vectorsOver(
  kernel: BoundKernel,
  segmentation: Segmentation | undefined,
  lanes: number,
): { readonly widest: 8 | 4 | 1; readonly because: string } {
  if (segmentation === undefined) return { widest: 8, because: '' };
  const { columns, alignment, areWeightRows, index } = segmentation;
  if (columns === undefined && index === undefined)
    return { widest: 1, because: 'segments of different lengths' };
  if (fieldsNamed(kernel, 'syn').length > 0 && !areWeightRows && index === undefined)
    return { widest: 1, because: 'segments that are no whole row of weights' };
  const where =
    columns === undefined
      ? `segments of different lengths, multiples of ${alignment},`
      : `segments of ${columns} columns, at multiples of ${alignment},`;
  if (keepsToTiles(kernel) && alignment % lanes !== 0)
    return { widest: 1, because: `${where} are not whole tiles of ${lanes} lanes` };
  if (alignment % 4 !== 0) return { widest: 1, because: `${where} are not whole vectors of 4` };
  if (alignment % 8 !== 0) return { widest: 4, because: `${where} are not whole vectors of 8` };
  return { widest: 8, because: '' };
}

/** Whether it matters in which tile and lane an item is: for draws, gates and the order of float sums. */
export function keepsToTiles({ columnGate, code }: BoundKernel): boolean {
  return (
    columnGate !== undefined ||
    factsOf({ code }).draws > 0 ||
    code.some((instruction) => does(instruction, 'reduce') && instruction.arithmetic === 'real')
  );
}

/** Columns of the longest segment whose code is written out without a loop. */
const longestBlock = 64;

/** Columns of a segment that are carried out in one turn: all of a short one, whole tiles of a longer one. */
export function segmentBlockOf({ columns, alignment }: Segmentation, lanes: number): number {
  if (columns !== undefined && columns <= longestBlock) return columns;
  if (lanes % 4 === 0 && alignment % lanes === 0) return lanes;
  return alignment % 8 === 0 ? 8 : 4;
}
