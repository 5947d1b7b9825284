import { type BoundKernel, type CoreImage, factsOf, rangesOfKernel } from '../../../image/index.ts';
import { does, domainNamed } from '../../../isa/index.ts';
import { at } from '../../../text/index.ts';
import { type Gathering, gatheringOf, residentFields } from './analysis/batch.ts';
import { blockOf, columnsInRow, hasOneRow, unitOf } from './analysis/columns.ts';
import { type ChosenLanes, chooseLanes, columnsOfVector, type LaneShape } from './analysis/lanes.ts';
import { type LinePlan, planLines } from './analysis/lines.ts';
import { type PositionPlan, planPositions } from './analysis/positions.ts';
import { planSegments, type Segmentation, segmentationOf, segmentBlockOf } from './analysis/segments.ts';

/** Which rows a run visits. */
export type RowLoop =
  /** Kernels over neurons have no rows. */
  | { readonly visits: 'none' }
  /** That of the event's neuron. */
  | { readonly visits: 'one' }
  | { readonly visits: 'all'; readonly count: number }
  /**
   * Those where a field of the pre-synaptic neuron is not zero (of a float: at least one in magnitude). `isKept`: the
   * kernel may change its gate's field, so all rows are tested before the first is visited.
   */
  | { readonly visits: 'where'; readonly gate: number; readonly count: number; readonly isKept: boolean };

/** Which columns of a row are visited. */
export type ColumnLoop =
  /** The one item that the event names. */
  | { readonly visits: 'item' }
  /** All, a block at a time; `inLanes`: each at its place among the lanes, whose generators step. */
  | { readonly visits: 'blocks'; readonly inLanes: boolean }
  /** The tiles that the column gate lets through. */
  | { readonly visits: 'gated tiles'; readonly gate: number }
  /** Tile by tile, all rows of each. */
  | { readonly visits: 'tiles' }
  /** The segments of the row; where there is a gate, their tiles that it lets through. */
  | {
      readonly visits: 'segments';
      readonly segmentation: Segmentation;
      readonly gate: number | undefined;
    };

/** Neighbouring columns that one piece of code visits. */
export interface Piece {
  readonly lanes: LaneShape;
  /** Columns of one vector, and of one turn of the innermost loop. */
  readonly vector: number;
  readonly block: number;
  /** The columns, `to` excluded; `past` is where the last whole vector, or tile, of them ends. */
  readonly from: number;
  readonly to: number;
  readonly past: number;
  /** Whether code has to know which items of a vector are visited. */
  readonly isMasked: boolean;
  /** Whether the lanes' generators stay in variables for a whole run. */
  readonly keepsGenerators: boolean;
}

/** All that is decided about a kernel before a byte of its code is written. */
export interface KernelPlan extends ChosenLanes {
  readonly index: number;
  readonly kernel: BoundKernel;
  readonly rows: RowLoop;
  readonly columns: ColumnLoop;
  readonly pieces: readonly Piece[];
  /** Each has code of its own, which runs if the scheduled parameters have its values; the last one runs otherwise. */
  readonly versions: readonly Version[];
  readonly lines: readonly LinePlan[];
  /** The lines that sum over rows. */
  readonly reduces: readonly LinePlan[];
  /** The fields that it stores into. */
  readonly stored: ReadonlySet<number>;
  /** How many lines step the lanes' generators. */
  readonly draws: number;
  /**
   * The post-synaptic fields that stay in variables while all spikes of a batch are served for some columns; undefined
   * where the spikes are served one after the other.
   */
  readonly resident: readonly number[] | undefined;
  readonly positions: PositionPlan;
  /** Copies the rows of a batch of spikes into one list; undefined if they are visited in place. */
  readonly gathering: Gathering | undefined;
}

/** Lanes of the widest core whose generators a kernel keeps in variables. */
const mostKept = 64;

/** @param segmentations how the rows of each projection are cut, if known already */
export function planKernels(image: CoreImage, segmentations = planSegments(image)): KernelPlan[] {
  return image.kernels.map((_, index) => planKernel(image, index, segmentations));
}

export function planKernel(image: CoreImage, index: number, segmentations = planSegments(image)): KernelPlan {
  const kernel = at(image.kernels, index);
  const segmentation = segmentationOf(kernel, segmentations);
  const ranges = rangesOfKernel(kernel, image);
  const chosen = chooseLanes(kernel, image, ranges, segmentation);
  const rows = planRows(kernel, image);
  const hasNoRows = rows.visits === 'none' || kernel.domain === 'weights';
  const lines = planLines(kernel, image, ranges, hasNoRows ? 'none' : rows.visits === 'one' ? 'one' : 'many');
  const pieces = planPieces(kernel, image, chosen.lanes, segmentation);
  const lanes = pieces[0]?.lanes ?? chosen.lanes;
  const stored = storedFields(kernel);
  const isTooNarrow = lanes === 'one' && chosen.lanes !== 'one';
  return {
    index,
    kernel,
    lanes,
    because: isTooNarrow ? `${columnsInRow(kernel, image)} columns are no whole block` : chosen.because,
    rows,
    columns: planColumns(kernel, segmentation),
    pieces,
    versions: planVersions(kernel, image, lanes),
    lines,
    reduces: lines.filter(({ operation }) => operation.effect.does === 'reduce'),
    stored,
    draws: factsOf(kernel).draws,
    positions: planPositions(kernel, image, lines, stored),
    gathering: gatheringOf(image, kernel, lines, segmentation),
    resident: lanes === 'one' || segmentation !== undefined ? undefined : residentFields(image, kernel),
  };
}

function planRows(kernel: BoundKernel, image: CoreImage): RowLoop {
  const projection = image.projections[kernel.projection ?? -1];
  switch (kernel.domain) {
    case 'neuron':
    case 'neurons':
      return { visits: 'none' };
    case 'row':
    case 'synapse':
      return { visits: 'one' };
    case 'weights': {
      const { weightRows = 0 } = projection ?? {};
      return { visits: 'all', count: hasOneRow(kernel, image) ? Math.min(1, weightRows) : weightRows };
    }
    case 'synapses': {
      const count = kernel.rows ?? image.populations[projection?.source ?? -1]?.size ?? 0;
      if (kernel.rowGate === undefined) return { visits: 'all', count };
      return {
        visits: 'where',
        gate: kernel.rowGate,
        count,
        isKept: storedFields(kernel).has(kernel.rowGate),
      };
    }
  }
}

function planColumns(kernel: BoundKernel, segmentation: Segmentation | undefined): ColumnLoop {
  const { domain, order, columnGate: gate } = kernel;
  if (domainNamed(domain).single) return { visits: 'item' };
  if (order === 'columns') return { visits: 'tiles' };
  if (segmentation !== undefined) return { visits: 'segments', segmentation, gate };
  if (gate !== undefined) return { visits: 'gated tiles', gate };
  return { visits: 'blocks', inLanes: factsOf(kernel).draws > 0 };
}

/** A kernel over its first columns: whole blocks as vectors, the rest one by one. */
function planPieces(
  kernel: BoundKernel,
  image: CoreImage,
  lanes: LaneShape,
  segmentation: Segmentation | undefined,
): Piece[] {
  const to = columnsInRow(kernel, image);
  const isWhole = kernel.columns === undefined || kernel.columnGate !== undefined || lanes === 'one';
  const rest = isWhole ? 0 : to % blockOf(image.core.lanes);
  const piece = (from: number, end: number, of: LaneShape): Piece =>
    planPiece(kernel, image, segmentation, from, end, of);
  if (rest === 0) return [piece(0, to, lanes)];
  const pieces = [piece(0, to - rest, lanes), piece(to - rest, to, 'one')];
  return pieces.filter((one) => one.to > one.from);
}

function planPiece(
  kernel: BoundKernel,
  image: CoreImage,
  segmentation: Segmentation | undefined,
  from: number,
  to: number,
  lanes: LaneShape,
): Piece {
  const coreLanes = image.core.lanes;
  const vector = columnsOfVector[lanes];
  const unit = lanes === 'one' || segmentation !== undefined ? 1 : unitOf(kernel, coreLanes);
  const blockOfVectors =
    segmentation === undefined ? blockOf(coreLanes) : segmentBlockOf(segmentation, coreLanes);
  const block = lanes === 'one' ? 1 : blockOfVectors;
  const { draws, emits } = factsOf(kernel);
  const past = Math.ceil(to / unit) * unit;
  return {
    lanes,
    vector,
    block,
    from,
    to,
    past,
    isMasked: needsMask(kernel, image, past > to),
    // A kernel that emits may be suspended while others draw: then the generators stay in memory.
    keepsGenerators: draws > 0 && block % coreLanes === 0 && coreLanes <= mostKept && !emits,
  };
}

/** Whether the effects of some items have to be masked: of those that a gate switches off, or that do not exist. */
function needsMask(kernel: BoundKernel, { fields }: CoreImage, hasPadding: boolean): boolean {
  const isGated = kernel.columnGate !== undefined;
  if (domainNamed(kernel.domain).single || !(isGated || hasPadding)) return false;
  return kernel.code.some((line) => {
    if (does(line, 'emit') || does(line, 'reduce')) return true;
    // Padding may be overwritten; but it may hold what would be refused as not a number.
    const isChecked = line.operands.some(
      (operand) => operand.is === 'field' && fields[operand.field]?.storage === 'float32',
    );
    return does(line, 'store') && (isGated || isChecked);
  });
}

function storedFields({ code }: BoundKernel): ReadonlySet<number> {
  const operands = code.flatMap((line) => (does(line, 'store') ? line.operands : []));
  return new Set(operands.flatMap((operand) => (operand.is === 'field' ? [operand.field] : [])));
}

/** Values of scheduled parameters, by their index, that code is written for. */
export type Version = ReadonlyMap<number, number>;

/** Versions of a kernel's code, at most: each is as long as the kernel itself. */
const mostVersions = 4;

/**
 * The versions of a kernel's code: for vectors over synapses, whose loops take most of the time, one for each setting
 * of its parameters that the schedule comes to. A shift of a vector by a variable is four instructions of the
 * processor, one by a constant is one.
 *
 * @returns at least one; parameters that it leaves open are read from memory
 */
function planVersions({ code, domain }: BoundKernel, image: CoreImage, lanes: LaneShape): readonly Version[] {
  if (domain !== 'synapses' || lanes === 'one') return [new Map()];
  const operands = code.flatMap((line) => line.operands);
  const named = new Set(operands.flatMap((one) => (one.is === 'parameter' ? [one.parameter] : [])));
  const versions = new Map<string, Version>();
  for (const interval of image.epochs.keys()) {
    const setting = [...named].map(
      (parameter) => [parameter, at(at(image.parameters, parameter).values, interval)] as const,
    );
    versions.set(setting.join(), new Map(setting));
  }
  return versions.size <= mostVersions ? [...versions.values()] : [new Map()];
}
