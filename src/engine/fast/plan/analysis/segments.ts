import { type BoundKernel, factsOf, type Image, layoutOf, type Projection } from '../../../../image/index.ts';
import { does } from '../../../../isa/index.ts';

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
  /** What divides the first column and the length of every segment. */
  readonly alignment: number;
  /** Whether every segment is one whole row of weights. */
  readonly areWeightRows: boolean;
  /** Whether a segment goes on from one row of weights to the next. */
  readonly crossesWeightRows: boolean;
  /** Items of a row of weights. */
  readonly weightRowLength: number;
  /** Of a sparse projection, whose weights stand one after the other: the bank of its index, and the segments of a word. */
  readonly index: { readonly bank: number; readonly itemsPerWord: number } | undefined;
}

/** How the rows of each projection are cut; undefined where every row is one segment onto all columns. */
export function planSegments(image: Image): (Segmentation | undefined)[] {
  return image.projections.map((projection) => {
    const columns = image.populations[projection.target]?.size ?? 0;
    if (projection.index === undefined)
      return isDense(projection, columns) ? undefined : segment(projection, undefined);
    const field = image.fields[projection.index.target];
    if (field === undefined) throw new Error(`${projection.name} has no index`);
    const { bank, itemsPerWord } = layoutOf(image, field);
    return segment(projection, { bank, itemsPerWord });
  });
}

/** How the rows of a kernel's projection are cut; undefined, too, for kernels over neurons or weights. */
export function segmentationOf(
  { domain, projection = -1 }: BoundKernel,
  segmentations: readonly (Segmentation | undefined)[],
): Segmentation | undefined {
  return domain === 'weights' ? undefined : segmentations[projection];
}

function isDense({ segments, weightRowLength }: Projection, columns: number): boolean {
  const { rowStart, firstPost, firstWeight, length } = segments;
  const rows = rowStart.length - 1;
  if (length.length !== rows || weightRowLength !== columns) return false;
  return length.every(
    (count, row) =>
      rowStart[row] === row &&
      count === columns &&
      firstPost[row] === 0 &&
      firstWeight[row] === row * columns,
  );
}

function segment({ segments, weightRowLength }: Projection, index: Segmentation['index']): Segmentation {
  const { rowStart, firstPost, firstWeight, length } = withoutEmpty(segments);
  const rows = rowStart.length - 1;
  const [first] = length;
  const offsetIn = (s: number): number => (firstWeight[s] ?? 0) % Math.max(1, weightRowLength);
  return {
    rows,
    rowStart,
    firstPost,
    firstWeight,
    length,
    emptyRows: rowStart.filter((start, row) => row < rows && start === rowStart[row + 1]).length,
    columns: length.every((count) => count === first) ? first : undefined,
    alignment: firstPost.reduce(greatestDivisor, length.reduce(greatestDivisor, 0)),
    areWeightRows: length.every((count, s) => count === weightRowLength && offsetIn(s) === 0),
    crossesWeightRows:
      weightRowLength > 0 && length.some((count, s) => offsetIn(s) + count > weightRowLength),
    weightRowLength,
    index,
  };
}

/** Segments with at least one column. */
function withoutEmpty(segments: Projection['segments']): Projection['segments'] {
  if (segments.length.every((count) => count > 0)) return segments;
  const kept = [...segments.length.keys()].filter((s) => segments.length[s] !== 0);
  const pick = (values: Uint32Array): Uint32Array => Uint32Array.from(kept, (s) => values[s] ?? 0);
  const keptBefore = new Uint32Array(segments.length.length + 1);
  for (const [s, count] of segments.length.entries())
    keptBefore[s + 1] = (keptBefore[s] ?? 0) + Number(count > 0);
  return {
    rowStart: segments.rowStart.map((s) => keptBefore[s] ?? 0),
    firstPost: pick(segments.firstPost),
    firstWeight: pick(segments.firstWeight),
    length: pick(segments.length),
  };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** The widest vectors that a kernel's segments allow, and what stands against wider ones. */
export function vectorsOver(
  kernel: BoundKernel,
  segmentation: Segmentation | undefined,
  lanes: number,
): { readonly widest: 8 | 4 | 1; readonly because: string } {
  if (segmentation === undefined) return { widest: 8, because: '' };
  const { columns, alignment, areWeightRows, crossesWeightRows, index } = segmentation;
  if (columns === undefined && (index === undefined || crossesWeightRows))
    return { widest: 1, because: 'segments of different lengths' };
  const isSynaptic = kernel.code.some(({ operands }) =>
    operands.some((operand) => operand.is === 'field' && operand.role === 'syn'),
  );
  if (isSynaptic && !areWeightRows && index === undefined)
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
