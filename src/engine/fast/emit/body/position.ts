import { emittingPopulation } from '../../../../image/index.ts';
import type { Role } from '../../../../isa/index.ts';
import { at, known } from '../../../../text/index.ts';
import { i32, type Local, type Value, v128 } from '../../../../wasm/index.ts';
import { paddedColumns } from '../../plan/analysis/columns.ts';
import type { WordMeasure } from '../../plan/counters/work-counters.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import { byteOffset, fieldAt, type KernelContext, laneBytes } from './context.ts';
import { type Address, areaOf } from './ports.ts';
import type { Values } from './values.ts';

/** The columns that pass a column gate, in variables. */
export interface GatedColumns {
  readonly tiles: Local<'i32'>;
  readonly items: Local<'i32'>;
  /** Words touched in a pass. */
  readonly words: ReadonlyMap<WordMeasure, Local<'i32'>>;
}

/** The row that code is in, or for kernels over neurons the only one. */
export interface Row {
  /** The pre-synaptic neuron. */
  readonly pre: Local<'i32'>;
  /** Byte addresses of the row in each stored synaptic field. */
  readonly bases: ReadonlyMap<number, Local<'i32'>>;
  /** Sums of each reduce, by line. */
  readonly sums: Map<number, readonly Local[]>;
  /** By line: whether the predicate of its load or store holds in this row, or tile. */
  readonly holds: Map<number, Local<'i32'>>;
  /** The columns that pass the run's column gate, if it has one. */
  readonly visited: GatedColumns | undefined;
}

/** Byte offsets of an item in fields, by bytes of an element. */
type Scaled = ReadonlyMap<number, Local<'i32'>>;

/** A block of columns that one turn of the innermost loop processes, and the values that its vectors share. */
export interface ColumnBlock {
  readonly column: Local<'i32'>;
  readonly scaled: Scaled;
  /** In a segment: its first column, and the block's first weight. */
  readonly segment: { readonly first: Local<'i32'>; readonly weight: Scaled } | undefined;
  /** Lane of the first column within its tile, times four; undefined where it is always lane 0. */
  readonly laneBytes: Local<'i32'> | undefined;
  readonly vectors: number;
  /** Fields whose items are in variables, one for each vector: loads and stores go there. */
  readonly resident: ReadonlyMap<number, readonly Local<'v128'>[]>;
  /** By field: first vectors of pairs that one store will write. */
  readonly halves: Map<number, Half[]>;
  /** By line: where the words of the current group of lanes are, eight times the address plus the bit. */
  readonly places: Map<number, Local<'i32'>>;
  /** Masks of emitted spikes, and in which vectors they are. */
  readonly spikes: { readonly mask: Local<'v128'>; readonly vector: number }[];
}

/** A vector of items to be stored; `mask` is undefined where all are. */
export interface Half {
  readonly address: Address;
  readonly value: Local<'v128'>;
  readonly mask: Local<'v128'> | undefined;
}

/** Where code is: in a row, and, unless it is carried out for a whole row, at a vector of a block. */
export interface Position {
  readonly row: Row;
  readonly values: Values;
  readonly item: Item | undefined;
}

export interface Item {
  readonly block: ColumnBlock;
  /** Which vector of the block. */
  readonly vector: number;
  /** Mask of the vector's items that are visited; undefined where all are. */
  readonly active: Local | undefined;
}

export function itemOf({ item }: Position): Item {
  if (item === undefined) throw new Error('what is carried out once for a row has no item');
  return item;
}

/** Values that hold for a whole run, in any row. */
export function runAsRow(neuron: Local<'i32'>, visited: GatedColumns | undefined): Row {
  return { pre: neuron, bases: new Map(), sums: new Map(), holds: new Map(), visited };
}

/** Starts a row: the addresses of its weights. */
export function startRow(
  k: KernelContext,
  pre: Local<'i32'>,
  holds: ReadonlyMap<number, Local<'i32'>>,
  visited: GatedColumns | undefined,
): Row {
  const bases = new Map<number, Local<'i32'>>();
  if (k.plan.columns.visits !== 'segments') {
    for (const [role, index] of storedFields(k)) {
      if (role !== 'syn' || bases.has(index)) continue;
      const { address, element, rowStride } = areaOf(k, index);
      bases.set(index, k.f.keep(pre.times(rowStride * elementBytes[element]).plus(address)));
    }
  }
  return { pre, bases, sums: new Map(), holds: new Map(holds), visited };
}

/** The stored fields that the kernel names, and the views that its stores keep. */
function storedFields(k: KernelContext): (readonly [Role, number])[] {
  return k.plan.kernel.code.flatMap(({ operands }) =>
    operands.flatMap((operand) => {
      if (operand.is !== 'field') return [];
      const { storedView } = fieldAt(k, operand.field);
      const stored = [storedIndex(k, operand.field), ...(storedView === undefined ? [] : [storedView])];
      return stored.map((index) => [operand.role, index] as const);
    }),
  );
}

/** The field that a field's items are stored in: itself, or the shadow of a view that is not stored. */
function storedIndex(k: KernelContext, index: number): number {
  const { layout, view } = fieldAt(k, index);
  return layout === undefined ? (view?.of ?? index) : index;
}

interface BlockPlace {
  readonly column: Local<'i32'>;
  readonly vectors: number;
  readonly laneBytes?: Local<'i32'> | undefined;
  readonly resident?: ReadonlyMap<number, readonly Local<'v128'>[]>;
  /** In a segment: the element of the block's first weight, and the segment's first column. */
  readonly segment?: { readonly first: Local<'i32'>; readonly weight: Local<'i32'> };
}

/** A block that starts at a column. */
export function startBlock(k: KernelContext, place: BlockPlace): ColumnBlock {
  const { column, segment, vectors, laneBytes: lane, resident = new Map() } = place;
  const fields = storedFields(k);
  const sizes = (isWanted: (role: Role) => boolean): number[] =>
    fields.filter(([role]) => isWanted(role)).map(([, index]) => elementBytes[areaOf(k, index).element]);
  const by = (item: Local<'i32'>, of: readonly number[]): Scaled =>
    new Map([...new Set([1, ...of])].map((bytes) => [bytes, byteOffset(k.f, item, bytes)]));
  return {
    column,
    scaled: by(column, [
      ...sizes((role) => segment === undefined || role !== 'syn'),
      ...(k.piece.isMasked ? [laneBytes(k.piece.lanes)] : []),
    ]),
    segment: segment && {
      first: segment.first,
      weight: by(
        segment.weight,
        sizes((role) => role === 'syn'),
      ),
    },
    laneBytes: lane,
    vectors,
    resident,
    halves: new Map(),
    places: new Map(),
    spikes: [],
  };
}

/** The vector of a block that is carried out next. */
export function itemOfVector(k: KernelContext, row: Row, block: ColumnBlock, vector: number): Item {
  const { piece, scratch, f } = k;
  if (!piece.isMasked) return { block, vector, active: undefined };
  const bytes = laneBytes(piece.lanes);
  const base = known(block.scaled, bytes);
  const mask = row.visited === undefined ? existingColumns(k) : scratch.mask;
  const address = mask + vector * piece.vector * bytes;
  const active = f.keep<'i32' | 'v128'>(
    piece.lanes === 'one' ? i32.load(base, address) : v128.load(base, address, bytes),
  );
  return { block, vector, active };
}

/** Address of the mask of the columns that exist. */
function existingColumns({ plan: { kernel }, piece, module: { image, map } }: KernelContext): number {
  const isNarrow = laneBytes(piece.lanes) === 2;
  const [masks, index] =
    kernel.domain === 'weights'
      ? [isNarrow ? map.weights16 : map.weights32, kernel.projection ?? -1]
      : [isNarrow ? map.columns16 : map.columns32, emittingPopulation(image, kernel)];
  return at(masks, index);
}

/** The address of the items of a stored field for the current vector. */
export function addressOf(k: KernelContext, position: Position, index: number, role: Role): Address {
  const { block, vector } = itemOf(position);
  const { address, element } = areaOf(k, index);
  const bytes = elementBytes[element];
  const isInSegment = role === 'syn' && block.segment !== undefined;
  const base = known(isInSegment ? block.segment.weight : block.scaled, bytes);
  const offset = vector * k.piece.vector * bytes;
  if (role !== 'syn' || isInSegment) return { base, offset: address + offset };
  const row = known(position.row.bases, storedIndex(k, index));
  return { base: k.f.keep(row.plus(base)), offset };
}

/** The number of the vector's first item: of a neuron in its population, or of a synapse. */
export function firstItem(k: KernelContext, position: Position, role: Role): Value<'i32'> {
  const { f, piece, plan, module } = k;
  const { block, vector } = itemOf(position);
  const weight = block.segment?.weight.get(1);
  if (role !== 'syn') return block.column.plus(vector * piece.vector);
  // Also where the kernel visits only the first columns of a row.
  const rowLength = module.image.projections[plan.kernel.projection ?? -1]?.weightRowLength ?? 0;
  if (weight === undefined)
    return block.column.plus(vector * piece.vector).plus(position.row.pre.times(rowLength));
  // Elements are more than synapses: rows of weights end in padding.
  const weightRowLength = plan.columns.visits === 'segments' ? plan.columns.segmentation.weightRowLength : 0;
  const rowStride = Math.max(1, paddedColumns(weightRowLength, module.image.core.lanes));
  const element = f.keep(weight.plus(vector * piece.vector));
  return element.minus(element.dividedBy(rowStride).times(rowStride - weightRowLength));
}
