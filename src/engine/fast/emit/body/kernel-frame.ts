import { type BoundKernel, factsOf, type Image } from '../../../../image/index.ts';
import { does, type Role } from '../../../../isa/index.ts';
import {
  addToCounter,
  type FunctionBuilder,
  type FunctionHandle,
  type Local,
  whileLess,
} from '../../builder/index.ts';
import {
  blockOf,
  type ChosenMode,
  columnsOf,
  type Part,
  paddedColumns,
  type Segmentation,
  segmentationOf,
  segmentBlockOf,
  unitOf,
} from '../../plan/analysis/index.ts';
import type { CounterMap, KernelCounters } from '../../plan/counters/index.ts';
import { elementBytes, type KernelScratch, type MemoryMap } from '../../plan/memory/index.ts';
import type { Constants, Value } from '../ops/index.ts';
import { type Address, PortsCode } from './ports-code.ts';

/** What the code of a kernel needs of its module. */
export interface ModuleContext {
  readonly image: Image;
  readonly map: MemoryMap;
  readonly counters: CounterMap;
  /** (population, neuron): an emitted spike. */
  readonly emit: FunctionHandle;
  /** (kernel, field, item): a NaN is about to be stored; does not return. */
  readonly failNaN: FunctionHandle;
  /** For each declared generator: advances it, returns where the word under way was. */
  readonly advances: readonly FunctionHandle[];
  readonly scratch: readonly KernelScratch[];
}

/** Where a vector of items is: variables that hold its column, scaled to elements of each size. */
export interface Position {
  readonly column: Local;
  readonly scaled: Readonly<Record<number, Local>>;
  /** In a segment: its first weight, scaled in the same way. */
  readonly weight: Readonly<Record<number, Local>> | undefined;
  /** In a segment: its first column. */
  readonly first: Local | undefined;
  /** Lane of the first column within its tile, times four; undefined where it is always lane 0. */
  readonly laneBytes: Local | undefined;
}

/** What all parts of a kernel's code share: the function under way, the kernel, and where in it we are. */
export class KernelFrame {
  readonly f: FunctionBuilder;
  readonly constants: Constants;
  readonly index: number;
  readonly kernel: BoundKernel;
  readonly counters: KernelCounters;
  readonly mode: ChosenMode;
  readonly context: ModuleContext;
  readonly ports: PortsCode;
  /** How the rows are cut; undefined where each is one segment onto all columns. */
  readonly segmentation: Segmentation | undefined;
  /**
   * The columns of a row that are visited, from the first up to (not including) `columns`: neurons of the population that
   * the items belong to, or the items of a row of weights.
   */
  readonly firstColumn: number;
  readonly columns: number;
  /** Columns of one vector, and of one turn of the innermost loop. */
  readonly vector: number;
  readonly block: number;
  /** Instructions that step the generators. */
  readonly draws: number;
  /** Byte addresses of the row in each synaptic field, by field. */
  readonly rows = new Map<number, Local>();
  /** Fields whose items are in variables, one for each vector of the block: loads and stores go there. */
  readonly resident = new Map<number, readonly Local[]>();
  /** The pre-synaptic neuron of the row under way. */
  pre: Local;
  /** How many vectors the block under way has, and which of them it is at. */
  vectors: number;
  unroll = 0;
  #position: Position | undefined;

  constructor(
    f: FunctionBuilder,
    constants: Constants,
    index: number,
    mode: ChosenMode,
    context: ModuleContext,
    neuron: Local,
    part?: Part,
  ) {
    const { image, map } = context;
    const { lanes } = image.core;
    const kernel = image.kernels[index];
    const counters = context.counters.kernels[index];
    if (kernel === undefined || counters === undefined) throw new Error(`no kernel ${index}`);
    this.f = f;
    this.constants = constants;
    this.index = index;
    this.kernel = kernel;
    this.counters = counters;
    this.mode = mode;
    this.context = context;
    this.pre = neuron;
    this.ports = new PortsCode(f, constants, image, map, mode.mode);
    this.draws = factsOf(kernel).draws;
    this.segmentation = segmentationOf(kernel, image);
    this.firstColumn = part?.from ?? 0;
    this.columns = part?.to ?? columnsOf(kernel, image);
    this.vector = { vector16: 8, vector32: 4, scalar: 1 }[mode.mode];
    if (mode.mode === 'scalar') this.block = 1;
    else if (this.segmentation === undefined) this.block = blockOf(lanes);
    else this.block = segmentBlockOf(this.segmentation, lanes);
    // Of a gated segment, tiles are visited one by one.
    const isByTiles = this.segmentation !== undefined && kernel.columnGate !== undefined;
    this.vectors = (isByTiles ? lanes : this.block) / this.vector;
  }

  /** Where the columns end that an ungated kernel visits, in whole blocks or tiles. */
  get pastColumns(): number {
    const { lanes } = this.context.image.core;
    if (this.mode.mode === 'scalar' || this.segmentation !== undefined) return this.columns;
    const unit = unitOf(this.kernel, lanes);
    return Math.ceil(this.columns / unit) * unit;
  }

  get scratch(): KernelScratch {
    const scratch = this.context.scratch[this.index];
    if (scratch === undefined) throw new Error(`kernel ${this.index} has no scratch`);
    return scratch;
  }

  get maskBytes(): 2 | 4 {
    return this.mode.mode === 'vector16' ? 2 : 4;
  }

  count(slot: number, amount: number | Local): void {
    addToCounter(this.f, this.context.map.counters + 8 * slot, amount);
  }

  scaled(item: Local, bytes: number): Local {
    if (bytes === 1) return item;
    const scaled = this.f.local('i32');
    this.f.get(item);
    this.f.i32.const(Math.log2(bytes));
    this.f.i32.shl();
    this.f.set(scaled);
    return scaled;
  }

  /** Whether the kernel stores into a field. */
  stores(field: number): boolean {
    return this.kernel.code.some(
      (instruction) =>
        does(instruction, 'store') &&
        instruction.operands.some((operand) => operand.is === 'field' && operand.field === field),
    );
  }

  /** The addresses of a row of weights. */
  startRows(row: Local): void {
    for (const { operands } of this.kernel.code) {
      for (const operand of operands) {
        if (operand.is === 'field' && operand.role === 'syn') this.#startRow(operand.field, row);
      }
    }
  }

  /** The address of a row in a synaptic field, and in its stored view. */
  #startRow(index: number, row: Local): void {
    const field = this.ports.field(index);
    const stored = field.layout === undefined ? (field.view?.of ?? index) : index;
    for (const which of [stored, field.storedView]) {
      if (which === undefined) continue;
      const { address, element, rowStride } = this.ports.area(which);
      const base = this.rows.get(which) ?? this.f.local('i32');
      this.rows.set(which, base);
      this.f.get(row);
      this.f.i32.const(rowStride * elementBytes[element]);
      this.f.i32.mul();
      this.f.i32.const(address);
      this.f.i32.add();
      this.f.set(base);
    }
  }

  at(column: Local, laneBytes: Local | undefined, body: () => void): void {
    const scaled = this.#scaledBy(column, new Set([1, this.maskBytes, ...this.#sizes(() => true)]));
    this.#within({ column, scaled, weight: undefined, first: undefined, laneBytes }, body);
  }

  /** In a segment that starts at column `first`: at a column, and at the element of its weight in the synaptic fields. */
  atSegment(column: Local, weight: Local, first: Local, body: () => void): void {
    const isGated = this.kernel.columnGate !== undefined;
    const sizes = new Set([
      1,
      ...this.#sizes((role) => role !== 'syn'),
      ...(isGated ? [this.maskBytes] : []),
    ]);
    const scaled = this.#scaledBy(column, sizes);
    const weights = this.#scaledBy(weight, new Set([1, ...this.#sizes((role) => role === 'syn')]));
    this.#within({ column, scaled, weight: weights, first, laneBytes: undefined }, body);
  }

  #within(position: Position, body: () => void): void {
    this.#position = position;
    body();
    this.#position = undefined;
  }

  /** Bytes of the elements that the kernel reaches through some roles. */
  #sizes(isWanted: (role: Role) => boolean): Set<number> {
    const sizes = new Set<number>();
    for (const { operands } of this.kernel.code) {
      for (const operand of operands) {
        if (operand.is !== 'field' || !isWanted(operand.role)) continue;
        const field = this.ports.field(operand.field);
        for (const index of [operand.field, field.storedView]) {
          if (index !== undefined) sizes.add(elementBytes[this.ports.area(index).element]);
        }
      }
    }
    return sizes;
  }

  #scaledBy(item: Local, sizes: ReadonlySet<number>): Record<number, Local> {
    return Object.fromEntries([...sizes].map((bytes) => [bytes, this.scaled(item, bytes)]));
  }

  /**
   * Writes the body for all columns of an ungated kernel: `most` vectors at a time, then what is left in smaller
   * blocks. Only where idle lanes do not draw.
   *
   * @param most a power of two
   */
  forBlocks(most: number, body: (column: Local) => void): void {
    const column = this.f.local('i32');
    this.f.i32.const(this.firstColumn);
    this.f.set(column);
    let written = this.firstColumn;
    for (let vectors = most; vectors * this.vector >= this.block; vectors /= 2) {
      const columns = vectors * this.vector;
      const end = this.pastColumns - ((this.pastColumns - written) % columns);
      if (end === written) continue;
      this.vectors = vectors;
      whileLess(this.f, column, end, columns, () => body(column));
      written = end;
    }
    this.vectors = this.block / this.vector;
  }

  /** Writes code for each vector of the block under way. */
  forVectors(write: (vector: number) => void): void {
    for (this.unroll = 0; this.unroll < this.vectors; this.unroll++) write(this.unroll);
    this.unroll = 0;
  }

  here(): Position {
    if (this.#position === undefined) throw new Error('no position');
    return this.#position;
  }

  /** Where the items of a field are for the vector at hand. */
  address(index: number, role: string): Address {
    const area = this.ports.area(index);
    const bytes = elementBytes[area.element];
    const { weight, scaled: columns } = this.here();
    const isInSegment = role === 'syn' && weight !== undefined;
    const scaled = (isInSegment ? weight : columns)[bytes];
    if (scaled === undefined) throw new Error(`no column in elements of ${bytes} bytes`);
    const offset = this.unroll * this.vector * bytes;
    if (role !== 'syn' || isInSegment) return { base: scaled, offset: area.address + offset };
    const field = this.ports.field(index);
    const row = this.rows.get(field.layout === undefined ? (field.view?.of ?? index) : index);
    if (row === undefined) throw new Error(`no row of field ${index}`);
    const base = this.f.local('i32');
    this.f.get(row);
    this.f.get(scaled);
    this.f.i32.add();
    this.f.set(base);
    return { base, offset };
  }

  /** Puts the number of the first item of the vector at hand: of a neuron in its population, or of a synapse. */
  putItem(role: string): void {
    const { f } = this;
    const { column, weight } = this.here();
    f.get(role === 'syn' ? (weight?.[1] ?? column) : column);
    f.i32.const(this.unroll * this.vector);
    f.i32.add();
    if (role !== 'syn') return;
    if (weight === undefined) {
      f.get(this.pre);
      f.i32.const(this.columns);
      f.i32.mul();
      f.i32.add();
      return;
    }
    // Elements are more than synapses: rows of weights end in padding.
    const { weightRowLength = 0 } = this.segmentation ?? {};
    const rowStride = paddedColumns(weightRowLength, this.context.image.core.lanes);
    const element = f.local('i32');
    f.tee(element);
    f.get(element);
    f.i32.const(rowStride);
    f.i32.div_u();
    f.i32.const(rowStride - weightRowLength);
    f.i32.mul();
    f.i32.sub();
  }

  layoutIndex(field: number): number | undefined {
    const named = this.ports.field(field);
    return named.layout ?? this.ports.field(named.view?.of ?? field).layout;
  }

  putZero(type: 'v128' | 'f32' | 'i32'): void {
    if (type === 'v128') this.f.v128.const(Int32Array.of(0, 0, 0, 0));
    else if (type === 'f32') this.f.f32.const(0);
    else this.f.i32.const(0);
  }

  splatInteger(): void {
    if (this.mode.mode === 'vector16') this.f.i16x8.splat();
    if (this.mode.mode === 'vector32') this.f.i32x4.splat();
  }

  putNumber(value: Value): void {
    this.f.get(value.local);
    if (!value.isMask) return;
    this.f.get(this.ports.splat(1));
    this.f.v128.and();
  }
}
