import type { BoundKernel, Image } from '../../image/index.ts';
import { operationNamed } from '../../microcode/index.ts';
import type { Constants } from './constants.ts';
import type { CounterMap, KernelCounters } from './counter-map.ts';
import { addToCounter } from './idioms.ts';
import { elementBytes, type MemoryMap } from './memory-map.ts';
import type { ChosenMode } from './mode.ts';
import { blockOf, columnsOf, type Part } from './parts.ts';
import { type Address, PortsCode } from './ports-code.ts';
import type { Value } from './value.ts';
import type { FunctionBuilder, FunctionHandle, Local } from './wasm/index.ts';

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

/** Scratch addresses of a kernel. */
export interface KernelScratch {
  /** Mask of the columns that its gate lets through, and list of visited tiles. */
  readonly mask: number;
  readonly tiles: number;
  /** Mask of the rows, an i32 each, where the kernel may change what its row gate tests. */
  readonly rows: number;
  /** By line: partial sums of a reduce of floats in scalar code. */
  readonly sums: readonly number[];
}

/** Where a vector of items is: variables that hold its column, scaled to elements of each size. */
export interface Position {
  readonly column: Local;
  readonly scaled: Readonly<Record<number, Local>>;
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
  /** The columns that are visited: from the first, up to (not including) `columns`. */
  readonly firstColumn: number;
  readonly columns: number;
  /** Columns of one vector, and of one turn of the innermost loop. */
  readonly vector: number;
  readonly block: number;
  /** Instructions that step the generators. */
  readonly draws: number;
  /** Byte addresses of the row in each synaptic field, by field. */
  readonly rows = new Map<number, Local>();
  /** The pre-synaptic neuron of the row under way. */
  pre: Local;
  /** Which vector of the block is under way. */
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
    const { lanes } = image.machine;
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
    this.draws = kernel.code.filter(({ mnemonic }) => operationNamed(mnemonic).draws).length;
    this.firstColumn = part?.from ?? 0;
    this.columns = part?.to ?? columnsOf(kernel, image);
    this.vector = { vector16: 8, vector32: 4, scalar: 1 }[mode.mode];
    this.block = mode.mode === 'scalar' ? 1 : blockOf(lanes);
  }

  /** Where the columns end that an ungated kernel visits: whole blocks, and whole tiles where idle lanes draw. */
  get pastColumns(): number {
    const { lanes } = this.context.image.machine;
    if (this.mode.mode === 'scalar') return this.columns;
    const unit = this.draws > 0 ? lanes : this.block;
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

  /** The address of a row in a synaptic field, and in its stored view. */
  startRow(index: number, row: Local): void {
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
    const sizes = new Set<number>([1, this.maskBytes]);
    for (const { operands } of this.kernel.code) {
      for (const operand of operands) {
        if (operand.is !== 'field') continue;
        const field = this.ports.field(operand.field);
        for (const index of [operand.field, field.storedView]) {
          if (index !== undefined) sizes.add(elementBytes[this.ports.area(index).element]);
        }
      }
    }
    const scaled = Object.fromEntries([...sizes].map((bytes) => [bytes, this.scaled(column, bytes)]));
    this.#position = { column, scaled, laneBytes };
    body();
    this.#position = undefined;
  }

  here(): Position {
    if (this.#position === undefined) throw new Error('no position');
    return this.#position;
  }

  /** Where the items of a field are for the vector at hand. */
  address(index: number, role: string): Address {
    const area = this.ports.area(index);
    const bytes = elementBytes[area.element];
    const scaled = this.here().scaled[bytes];
    if (scaled === undefined) throw new Error(`no column in elements of ${bytes} bytes`);
    const offset = this.unroll * this.vector * bytes;
    if (role !== 'syn') return { base: scaled, offset: area.address + offset };
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
