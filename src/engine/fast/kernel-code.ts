import {
  type BoundKernel,
  emittingPopulation,
  type Image,
  type ImageInstruction,
  type ImageOperand,
} from '../../image/index.ts';
import { type Interval, interval, operationNamed } from '../../microcode/index.ts';
import { Constants } from './constants.ts';
import type { CounterMap, KernelCounters } from './counter-map.ts';
import { addToCounter, whileLess } from './idioms.ts';
import { elementBytes, type MemoryMap } from './memory-map.ts';
import { type ChosenMode, chooseMode } from './mode.ts';
import { type Address, PortsCode } from './ports-code.ts';
import { ScalarCode } from './scalar-code.ts';
import type { Value } from './value.ts';
import { VectorCode } from './vector-code.ts';
import { type FunctionBuilder, type FunctionHandle, type Local, ModuleBuilder } from './wasm/index.ts';

/** What the code of a kernel needs of its module. */
export interface ModuleContext {
  readonly image: Image;
  readonly map: MemoryMap;
  readonly counters: CounterMap;
  /** (population, neuron): an emitted spike. */
  readonly emit: FunctionHandle;
  /** (kernel, field, item): a NaN is about to be stored; does not return. */
  readonly failNaN: FunctionHandle;
  /** Scratch addresses of each gated kernel's column mask and list of visited tiles. */
  readonly masks: readonly { readonly mask: number; readonly tiles: number }[];
  /** Scratch of 16 floats for the partial sums of scalar reduces. */
  readonly partialSums: number;
}

/**
 * Writes the code of one run of a kernel into `f`.
 *
 * @param neuron the variable with the neuron that the event names, for kernels that need one
 */
export function writeKernel(f: FunctionBuilder, index: number, context: ModuleContext, neuron: Local): void {
  const kernel = context.image.kernels[index];
  const counters = context.counters.kernels[index];
  if (kernel === undefined || counters === undefined) throw new Error(`no kernel ${index}`);
  const mode = chooseMode(kernel, context.image);
  const gathered = gatherConstants((scratch) => {
    const constants = new Constants(scratch);
    new KernelCode(scratch, constants, index, kernel, counters, mode, context, scratch.local('i32')).write();
    return constants;
  });
  const constants = new Constants(f);
  constants.computeAll(gathered);
  new KernelCode(f, constants, index, kernel, counters, mode, context, neuron).write();
}

/** Writes code that is thrown away, to learn which constants it needs. */
function gatherConstants(write: (scratch: FunctionBuilder) => Constants): Constants {
  const module = new ModuleBuilder();
  let gathered: Constants | undefined;
  module.function('scratch', { params: [], results: [] }, (scratch) => {
    gathered = write(scratch);
  });
  if (gathered === undefined) throw new Error('the scratch function was not written');
  return gathered;
}

/** Where a vector of items is: variables that hold its column, scaled to elements of each size. */
interface Position {
  readonly column: Local;
  readonly scaled: Readonly<Record<number, Local>>;
  /** Lane of the first column within its tile, times four; undefined where it is always lane 0. */
  readonly laneBytes: Local | undefined;
}

class KernelCode {
  readonly #f: FunctionBuilder;
  readonly #constants: Constants;
  readonly #index: number;
  readonly #kernel: BoundKernel;
  readonly #counters: KernelCounters;
  readonly #mode: ChosenMode;
  readonly #context: ModuleContext;
  readonly #neuron: Local;
  readonly #ports: PortsCode;
  readonly #registers = new Map<number, Value>();
  readonly #uniform: readonly boolean[];
  readonly #draws: number;
  readonly #columns: number;
  /** Columns of one vector, and of one turn of the innermost loop. */
  readonly #vector: number;
  readonly #block: number;
  /** Byte addresses of the row in each synaptic field, by field. */
  readonly #rows = new Map<number, Local>();
  /** Sums of each reduce, by line. */
  readonly #sums = new Map<number, Local[]>();
  /** The lanes' generators, where they are kept in variables for a whole run. */
  readonly #generators: readonly Local[] | undefined;
  #pre: Local;
  #unroll = 0;
  #position: Position | undefined;

  constructor(
    f: FunctionBuilder,
    constants: Constants,
    index: number,
    kernel: BoundKernel,
    counters: KernelCounters,
    mode: ChosenMode,
    context: ModuleContext,
    neuron: Local,
  ) {
    this.#f = f;
    this.#constants = constants;
    this.#index = index;
    this.#kernel = kernel;
    this.#counters = counters;
    this.#mode = mode;
    this.#context = context;
    this.#neuron = neuron;
    this.#pre = neuron;
    const { image, map } = context;
    const { lanes } = image.machine;
    this.#ports = new PortsCode(f, constants, image, map, mode.mode);
    this.#uniform = findUniform(kernel);
    this.#draws = kernel.code.filter(({ mnemonic }) => operationNamed(mnemonic).draws).length;
    this.#columns = image.populations[emittingPopulation(image, kernel)]?.size ?? 0;
    this.#vector = { vector16: 8, vector32: 4, scalar: 1 }[mode.mode];
    this.#block = mode.mode === 'scalar' ? 1 : lanes % 16 === 0 ? 16 : lanes % 8 === 0 ? 8 : 4;
    // A kernel that emits may be suspended while others draw: then the generators stay in memory.
    const emits = kernel.code.some(({ mnemonic }) => mnemonic === 'emit');
    const areKept = this.#draws > 0 && this.#block === lanes && !emits;
    this.#generators = areKept ? Array.from({ length: lanes / 4 }, () => f.local('v128')) : undefined;
  }

  write(): void {
    this.#count(this.#counters.runs, 1);
    this.#moveGenerators('load');
    switch (this.#kernel.domain) {
      case 'neuron':
        this.#writeNeuron();
        break;
      case 'neurons':
        this.#whereTilesAreVisited(() => {
          this.#writeUniform();
          this.#writeColumns();
          this.#countPass();
        });
        break;
      case 'row':
        this.#whereTilesAreVisited(() => this.#writeRow(this.#neuron));
        break;
      case 'synapses':
        this.#whereTilesAreVisited(() => this.#writeRows());
        break;
    }
    this.#moveGenerators('store');
  }

  #moveGenerators(direction: 'load' | 'store'): void {
    for (const [quarter, local] of (this.#generators ?? []).entries()) {
      this.#f.i32.const(this.#context.map.generators + 16 * quarter);
      if (direction === 'load') {
        this.#f.v128.load();
        this.#f.set(local);
      } else {
        this.#f.get(local);
        this.#f.v128.store();
      }
    }
  }

  #count(slot: number, amount: number | Local): void {
    addToCounter(this.#f, this.#context.map.counters + 8 * slot, amount);
  }

  // ---- domains ----------------------------------------------------------------------------------------------------

  #writeNeuron(): void {
    this.#writeUniform();
    this.#at(this.#neuron, undefined, () => this.#writeBody());
    this.#stepIdle(this.#context.image.machine.lanes, (put) => {
      // The neuron's own lane has stepped.
      put.lane();
      this.#f.get(this.#neuron);
      this.#f.i32.const(this.#context.image.machine.lanes);
      this.#f.i32.rem_u();
      this.#f.i32.ne();
    });
  }

  #writeRows(): void {
    const f = this.#f;
    const { image } = this.#context;
    const projection = image.projections[this.#kernel.projection ?? -1];
    const count = image.populations[projection?.source ?? -1]?.size ?? 0;
    const row = f.local('i32');
    f.i32.const(0);
    f.set(row);
    whileLess(f, row, count, 1, () => {
      const gate = this.#kernel.rowGate;
      if (gate === undefined) {
        this.#writeRow(row);
        return;
      }
      this.#putGate(gate, row);
      f.if(() => this.#writeRow(row));
    });
  }

  /** Puts whether the item of a gate's field is at least one in magnitude. */
  #putGate(gate: number, item: Local): void {
    const f = this.#f;
    const { element, address } = this.#ports.area(gate);
    const base = this.#scaled(item, elementBytes[element]);
    const scalar = new PortsCode(f, this.#constants, this.#context.image, this.#context.map, 'scalar');
    scalar.load(gate, { base, offset: address });
    if (element !== 'f32') return;
    f.f32.abs();
    f.f32.const(1);
    f.f32.ge();
  }

  #scaled(item: Local, bytes: number): Local {
    if (bytes === 1) return item;
    const scaled = this.#f.local('i32');
    this.#f.get(item);
    this.#f.i32.const(Math.log2(bytes));
    this.#f.i32.shl();
    this.#f.set(scaled);
    return scaled;
  }

  #writeRow(row: Local): void {
    const f = this.#f;
    this.#pre = row;
    for (const [line, { operands }] of this.#kernel.code.entries()) {
      for (const operand of operands) {
        if (operand.is === 'field' && operand.role === 'syn') this.#startRow(operand.field, row);
      }
      if (this.#kernel.code[line]?.mnemonic === 'reduce') this.#startSums(line);
    }
    this.#writeUniform();
    this.#writeColumns();
    for (const [line, { mnemonic }] of this.#kernel.code.entries()) {
      if (mnemonic === 'reduce') this.#finishReduce(line, row);
    }
    this.#countPass();
    f.nop();
  }

  /** The address of a row in a synaptic field, and in its stored view. */
  #startRow(index: number, row: Local): void {
    const field = this.#ports.field(index);
    const stored = field.layout === undefined ? (field.view?.of ?? index) : index;
    for (const which of [stored, field.storedView]) {
      if (which === undefined) continue;
      const { address, element, rowStride } = this.#ports.area(which);
      const base = this.#rows.get(which) ?? this.#f.local('i32');
      this.#rows.set(which, base);
      this.#f.get(row);
      this.#f.i32.const(rowStride * elementBytes[element]);
      this.#f.i32.mul();
      this.#f.i32.const(address);
      this.#f.i32.add();
      this.#f.set(base);
    }
  }

  // ---- gates and tiles --------------------------------------------------------------------------------------------

  /** Makes the column gate's mask and the list of tiles; skips the body where no tile is visited. */
  #whereTilesAreVisited(body: () => void): void {
    const gate = this.#kernel.columnGate;
    if (gate === undefined) {
      body();
      return;
    }
    const visited = this.#makeMask(gate);
    this.#gate = visited;
    this.#f.get(visited.tiles);
    this.#f.if(body);
  }

  #gate:
    | { readonly tiles: Local; readonly items: Local; readonly words: ReadonlyMap<number, Local> }
    | undefined;

  #makeMask(gate: number) {
    const f = this.#f;
    const { lanes, columnGate } = this.#context.image.machine;
    const { mask, tiles: list } = this.#scratch();
    const bytes = this.#maskBytes;
    const tiles = f.local('i32');
    const items = f.local('i32');
    const any = f.local('i32');
    const tile = f.local('i32');
    const column = f.local('i32');
    const end = f.local('i32');
    const isActive = f.local('i32');
    const words = new Map(
      [...(this.#counters.gated?.words.keys() ?? [])].map((itemsPerWord) => [itemsPerWord, f.local('i32')]),
    );
    const highest = new Map([...words.keys()].map((itemsPerWord) => [itemsPerWord, f.local('i32')]));
    for (const local of [tiles, items, tile, column, ...words.values()]) {
      f.i32.const(0);
      f.set(local);
    }
    for (const local of highest.values()) {
      f.i32.const(-1);
      f.set(local);
    }
    const tileCount = Math.ceil(this.#columns / lanes);
    whileLess(f, tile, tileCount, 1, () => {
      f.i32.const(0);
      f.set(any);
      this.#putMinimum(() => {
        f.get(column);
        f.i32.const(lanes);
        f.i32.add();
      }, this.#columns);
      f.set(end);
      whileLess(f, column, end, 1, () => {
        this.#putGate(gate, column);
        f.i32.const(0);
        f.i32.ne();
        f.tee(isActive);
        f.get(any);
        f.i32.or();
        f.set(any);
        f.get(items);
        f.get(isActive);
        f.i32.add();
        f.set(items);
        f.get(this.#scaled(column, bytes));
        f.i32.const(0);
        f.get(isActive);
        f.i32.sub();
        if (bytes === 2) f.i32.store16(mask);
        else f.i32.store(mask);
      });
      if (columnGate === 'clock') f.i32.const(1);
      else f.get(any);
      f.if(() => {
        f.get(this.#scaled(tiles, 4));
        f.get(tile);
        f.i32.store(list);
        f.get(tiles);
        f.i32.const(1);
        f.i32.add();
        f.set(tiles);
        for (const [itemsPerWord, count] of words)
          this.#touch(itemsPerWord, tile, end, count, highest.get(itemsPerWord) ?? count);
      });
    });
    return { tiles, items, words };
  }

  /** Adds the words of a visited tile that no earlier one has touched. */
  #touch(itemsPerWord: number, tile: Local, end: Local, count: Local, highest: Local): void {
    const f = this.#f;
    const first = f.local('i32');
    const last = f.local('i32');
    f.get(tile);
    f.i32.const(this.#context.image.machine.lanes);
    f.i32.mul();
    f.i32.const(itemsPerWord);
    f.i32.div_u();
    f.i32.const(1);
    f.i32.sub();
    f.set(first);
    f.get(end);
    f.i32.const(1);
    f.i32.sub();
    f.i32.const(itemsPerWord);
    f.i32.div_u();
    f.set(last);
    // count += last - max(first - 1, highest)
    f.get(count);
    f.get(last);
    f.i32.add();
    f.get(first);
    f.get(highest);
    f.get(first);
    f.get(highest);
    f.i32.gt_s();
    f.select();
    f.i32.sub();
    f.set(count);
    f.get(last);
    f.set(highest);
  }

  #putMinimum(put: () => void, bound: number): void {
    const f = this.#f;
    const value = f.local('i32');
    put();
    f.set(value);
    f.get(value);
    f.i32.const(bound);
    f.get(value);
    f.i32.const(bound);
    f.i32.lt_s();
    f.select();
  }

  #scratch(): { readonly mask: number; readonly tiles: number } {
    const scratch = this.#context.masks[this.#index];
    if (scratch === undefined) throw new Error(`kernel ${this.#index} has no scratch for masks`);
    return scratch;
  }

  get #maskBytes(): 2 | 4 {
    return this.#mode.mode === 'vector16' ? 2 : 4;
  }

  /** Counts one pass over the visited tiles. */
  #countPass(): void {
    const { passes, gated, accesses } = this.#counters;
    if (passes !== undefined) this.#count(passes, 1);
    if (gated !== undefined && this.#gate !== undefined) {
      this.#count(gated.tiles, this.#gate.tiles);
      this.#count(gated.items, this.#gate.items);
      for (const [itemsPerWord, slot] of gated.words) {
        const words = this.#gate.words.get(itemsPerWord);
        if (words !== undefined) this.#count(slot, words);
      }
    }
    for (const { predicated, ofPre, itemsPerWord, layout } of accesses) {
      if (predicated === undefined) continue;
      this.#putAnyPredicate(layout, ofPre);
      this.#f.if(() => {
        const gatedWords = this.#gate?.words.get(itemsPerWord);
        const ungated = ofPre ? 1 : Math.ceil(this.#counters.columns / itemsPerWord);
        this.#count(predicated, ofPre || gatedWords === undefined ? ungated : gatedWords);
      });
    }
  }

  readonly #predicates = new Map<number, Local>();

  /** Puts whether a predicate of the loads of a layout holds in this row. */
  #putAnyPredicate(layout: number, ofPre: boolean): void {
    const f = this.#f;
    f.i32.const(0);
    for (const [line, { operands }] of this.#kernel.code.entries()) {
      const predicate = this.#predicates.get(line);
      const operand = operands[1];
      if (predicate === undefined || operand?.is !== 'field' || (operand.role === 'pre') !== ofPre) continue;
      if (
        this.#context.image.layouts.indexOf(this.#ports.area(operand.field).layout) !== layout &&
        this.#layoutIndex(operand.field) !== layout
      )
        continue;
      f.get(predicate);
      f.i32.or();
    }
  }

  #layoutIndex(field: number): number | undefined {
    const named = this.#ports.field(field);
    return named.layout ?? this.#ports.field(named.view?.of ?? field).layout;
  }

  // ---- columns ----------------------------------------------------------------------------------------------------

  /** Every visited tile, a block of columns at a time. */
  #writeColumns(): void {
    const f = this.#f;
    const { lanes } = this.#context.image.machine;
    const column = f.local('i32');
    if (this.#gate === undefined) {
      const wholeTiles = Math.ceil(this.#columns / lanes) * lanes;
      const isScalar = this.#mode.mode === 'scalar';
      const lane = this.#draws > 0 && lanes !== this.#block ? f.local('i32') : undefined;
      f.i32.const(0);
      f.set(column);
      whileLess(f, column, this.#draws > 0 && !isScalar ? wholeTiles : this.#columns, this.#block, () => {
        if (lane !== undefined) this.#setLane(lane, column);
        this.#at(column, lane, () => this.#writeBlock());
      });
      if (isScalar) this.#stepPastEnd();
      return;
    }
    const { tiles } = this.#gate;
    const next = f.local('i32');
    const end = f.local('i32');
    const lane = lanes === this.#block ? undefined : f.local('i32');
    f.i32.const(0);
    f.set(next);
    whileLess(f, next, tiles, 1, () => {
      f.get(this.#scaled(next, 4));
      f.i32.load(this.#scratch().tiles);
      f.i32.const(lanes);
      f.i32.mul();
      f.set(column);
      if (lanes === this.#block) {
        this.#at(column, undefined, () => this.#writeBlock());
        return;
      }
      const isScalar = this.#mode.mode === 'scalar';
      f.get(column);
      f.i32.const(lanes);
      f.i32.add();
      f.set(end);
      whileLess(f, column, end, this.#block, () => {
        if (lane !== undefined) this.#setLane(lane, column);
        if (!isScalar) {
          this.#at(column, lane, () => this.#writeBlock());
          return;
        }
        // Past the last column only the generators step.
        f.get(column);
        f.i32.const(this.#columns);
        f.i32.lt_s();
        f.if(
          () => this.#at(column, lane, () => this.#writeBlock()),
          () => {
            for (let draw = 0; draw < this.#draws; draw++) {
              this.#putLaneAddress(column);
              this.#stepScalar();
              f.drop();
            }
          },
        );
      });
    });
  }

  #setLane(lane: Local, column: Local): void {
    this.#f.get(column);
    this.#f.i32.const(this.#context.image.machine.lanes);
    this.#f.i32.rem_u();
    this.#f.i32.const(2);
    this.#f.i32.shl();
    this.#f.set(lane);
  }

  /** Scalar code: the idle lanes of the last tile step their generators too. */
  #stepPastEnd(): void {
    const { lanes } = this.#context.image.machine;
    const used = this.#columns % lanes;
    if (used === 0) return;
    this.#stepIdle(lanes, ({ lane }) => {
      lane();
      this.#f.i32.const(used);
      this.#f.i32.ge_u();
    });
  }

  /** Steps, for each drawing instruction, the generators of the lanes for which `putIsIdle` puts true. */
  #stepIdle(lanes: number, putIsIdle: (put: { lane: () => void }) => void): void {
    if (this.#draws === 0) return;
    const f = this.#f;
    const lane = f.local('i32');
    f.i32.const(0);
    f.set(lane);
    whileLess(f, lane, lanes, 1, () => {
      putIsIdle({ lane: () => f.get(lane) });
      f.if(() => {
        for (let draw = 0; draw < this.#draws; draw++) {
          this.#putLaneAddress(lane);
          this.#stepScalar();
          f.drop();
        }
      });
    });
  }

  #at(column: Local, laneBytes: Local | undefined, body: () => void): void {
    const sizes = new Set<number>([1, this.#maskBytes]);
    for (const { operands } of this.#kernel.code) {
      for (const operand of operands) {
        if (operand.is !== 'field') continue;
        const field = this.#ports.field(operand.field);
        for (const index of [operand.field, field.storedView]) {
          if (index !== undefined) sizes.add(elementBytes[this.#ports.area(index).element]);
        }
      }
    }
    const scaled = Object.fromEntries([...sizes].map((bytes) => [bytes, this.#scaled(column, bytes)]));
    this.#position = { column, scaled, laneBytes };
    body();
    this.#position = undefined;
  }

  #writeBlock(): void {
    for (let unroll = 0; unroll < this.#block / this.#vector; unroll++) {
      this.#unroll = unroll;
      this.#writeBody();
    }
    this.#unroll = 0;
  }

  #here(): Position {
    if (this.#position === undefined) throw new Error('no position');
    return this.#position;
  }

  /** Where the items of a field are for the vector at hand. */
  #address(index: number, role: string): Address {
    const area = this.#ports.area(index);
    const bytes = elementBytes[area.element];
    const scaled = this.#here().scaled[bytes];
    if (scaled === undefined) throw new Error(`no column in elements of ${bytes} bytes`);
    const offset = this.#unroll * this.#vector * bytes;
    if (role !== 'syn') return { base: scaled, offset: area.address + offset };
    const field = this.#ports.field(index);
    const row = this.#rows.get(field.layout === undefined ? (field.view?.of ?? index) : index);
    if (row === undefined) throw new Error(`no row of field ${index}`);
    const base = this.#f.local('i32');
    this.#f.get(row);
    this.#f.get(scaled);
    this.#f.i32.add();
    this.#f.set(base);
    return { base, offset };
  }

  // ---- instructions -----------------------------------------------------------------------------------------------

  /** What is the same for all items of a row, once. */
  #writeUniform(): void {
    for (const [line, instruction] of this.#kernel.code.entries()) {
      if (this.#uniform[line]) this.#writeInstruction(line, instruction);
    }
  }

  #writeBody(): void {
    for (const [line, instruction] of this.#kernel.code.entries()) {
      if (!this.#uniform[line]) this.#writeInstruction(line, instruction);
    }
    this.#active = undefined;
  }

  #writeInstruction(line: number, instruction: ImageInstruction): void {
    const { mnemonic, operands } = instruction;
    const operation = operationNamed(mnemonic);
    const { effect } = operation;
    switch (effect.does) {
      case 'compute': {
        const code = this.#code(line, instruction);
        const [a, b, c] = operands.slice(1).map((operand, index) => {
          const pattern = operation.kinds[index + 1];
          const isReal = instruction.arithmetic === 'real' && (pattern === 'N' || pattern === 'A');
          return this.#value(operand, isReal);
        });
        const none = this.#missing();
        this.#define(operands[0], effect.lower(code, a ?? none, b ?? none, c ?? none));
        break;
      }
      case 'load':
        this.#load(line, instruction);
        break;
      case 'store':
        this.#store(instruction);
        break;
      case 'emit':
        this.#emit(this.#value(operands[0], false));
        break;
      case 'reduce':
        this.#reduce(line, instruction);
        break;
    }
  }

  /** The generator of code for an instruction's values. */
  #code(line: number, instruction: ImageInstruction): VectorCode | ScalarCode {
    const { mode, saturates } = this.#mode;
    const { datapathBits } = this.#context.image.machine;
    const code =
      mode === 'scalar'
        ? new ScalarCode(this.#f, this.#constants, datapathBits, () => {
            this.#putLaneAddress(this.#here().column);
            this.#stepScalar();
          })
        : new VectorCode(this.#f, this.#constants, mode === 'vector16' ? 8 : 4, datapathBits, (quarter) =>
            this.#stepVector(quarter),
          );
    code.isReal =
      instruction.arithmetic === 'real' && operationNamed(instruction.mnemonic).kinds[0] !== 'flag';
    code.range = resultRange(instruction);
    if (code instanceof VectorCode && mode === 'vector16' && saturates[line]) {
      code.saturatesLanes = true;
      if (code.range !== undefined)
        code.range = interval(clampTo16(code.range.low), clampTo16(code.range.high));
    }
    return code;
  }

  #missing(): Value {
    return { local: this.#neuron, isReal: false, isMask: false, range: undefined, constant: undefined };
  }

  #define(target: ImageOperand | undefined, value: Value): void {
    if (target?.is !== 'register') throw new Error('a result that is no register');
    this.#registers.set(target.register, value);
  }

  #value(operand: ImageOperand | undefined, isReal: boolean): Value {
    if (operand?.is === 'register') {
      const value = this.#registers.get(operand.register);
      if (value === undefined) throw new Error(`r${operand.register} has no value`);
      return value;
    }
    if (operand?.is === 'number') {
      const { value } = operand;
      return this.#constant(`${value}`, value, value, isReal, (f) => f.i32.const(value));
    }
    if (operand?.is !== 'parameter') throw new Error('an operand that is no value');
    const values = this.#context.image.parameters[operand.parameter]?.values ?? [0];
    const address = this.#context.map.parameters + 4 * operand.parameter;
    return this.#constant(`#${operand.parameter}`, Math.min(...values), Math.max(...values), isReal, (f) => {
      f.i32.const(0);
      f.i32.load(address);
    });
  }

  #constant(
    key: string,
    low: number,
    high: number,
    isReal: boolean,
    put: (f: FunctionBuilder) => void,
  ): Value {
    const constant = { low, high, key, put };
    const range = isReal ? undefined : interval(low, high);
    const mode = this.#mode.mode;
    if (mode === 'scalar' && !isReal) {
      return { local: this.#constants.scalar(constant), isReal, isMask: false, range, constant };
    }
    const type = mode === 'scalar' ? 'f32' : 'v128';
    const local = this.#constants.get(`${isReal ? 'real' : 'lanes'} ${key}`, type, ({ f }) => {
      put(f);
      if (isReal) f.f32.convert_i32_s();
      if (mode === 'scalar') return;
      if (isReal) f.f32x4.splat();
      else (mode === 'vector16' ? f.i16x8 : f.i32x4).splat();
    });
    return { local, isReal, isMask: false, range, constant };
  }

  #load(line: number, instruction: ImageInstruction): void {
    const [target, source, predicate] = instruction.operands;
    const isReal = instruction.arithmetic === 'real';
    const type = this.#mode.mode !== 'scalar' ? 'v128' : isReal ? 'f32' : 'i32';
    const local = this.#f.local(type);
    const range = resultRange(instruction);
    const put = (): void => this.#putLoaded(source);
    if (predicate === undefined) {
      put();
    } else {
      const holds = this.#predicate(line, this.#value(predicate, false));
      this.#f.get(holds);
      this.#f.if(put, () => this.#putZero(type), { results: [type] });
    }
    this.#f.set(local);
    this.#define(target, { local, isReal, isMask: false, range, constant: undefined });
  }

  #putZero(type: 'v128' | 'f32' | 'i32'): void {
    if (type === 'v128') this.#f.v128.const(Int32Array.of(0, 0, 0, 0));
    else if (type === 'f32') this.#f.f32.const(0);
    else this.#f.i32.const(0);
  }

  /** A row-uniform value as one i32: whether it is not zero. */
  #predicate(line: number, value: Value): Local {
    const f = this.#f;
    const local = f.local('i32');
    f.get(value.local);
    if (this.#mode.mode === 'vector16') f.i16x8.extract_lane_s(0);
    if (this.#mode.mode === 'vector32') f.i32x4.extract_lane(0);
    f.i32.const(0);
    f.i32.ne();
    f.set(local);
    this.#predicates.set(line, local);
    return local;
  }

  #putLoaded(source: ImageOperand | undefined): void {
    const f = this.#f;
    if (source?.is === 'field' && source.role !== 'pre') {
      this.#ports.load(source.field, this.#address(source.field, source.role));
      return;
    }
    if (source?.is === 'index' && source.role !== 'pre') {
      f.get(this.#here().column);
      f.i32.const(this.#unroll * this.#vector);
      f.i32.add();
      this.#splatInteger();
      if (this.#mode.mode !== 'scalar') this.#addLaneNumbers();
      return;
    }
    if (source?.is === 'field') {
      const { element, address } = this.#ports.area(source.field);
      const scalar = new PortsCode(f, this.#constants, this.#context.image, this.#context.map, 'scalar');
      scalar.load(source.field, { base: this.#scaled(this.#pre, elementBytes[element]), offset: address });
      if (element !== 'f32') this.#splatInteger();
      else if (this.#mode.mode !== 'scalar') f.f32x4.splat();
      return;
    }
    if (source?.is === 'index') f.get(this.#pre);
    else if (source?.is === 'host') {
      f.i32.const(0);
      f.i32.load(this.#context.map.host + 4 * source.scalar);
    } else throw new Error('a load of nothing');
    this.#splatInteger();
  }

  #splatInteger(): void {
    if (this.#mode.mode === 'vector16') this.#f.i16x8.splat();
    if (this.#mode.mode === 'vector32') this.#f.i32x4.splat();
  }

  #addLaneNumbers(): void {
    const f = this.#f;
    if (this.#mode.mode === 'vector16') {
      f.v128.const(new Int32Array(Int16Array.of(0, 1, 2, 3, 4, 5, 6, 7).buffer));
      f.i16x8.add();
    } else {
      f.v128.const(Int32Array.of(0, 1, 2, 3));
      f.i32x4.add();
    }
  }

  // ---- active items -----------------------------------------------------------------------------------------------

  #active: Local | undefined;

  /**
   * The mask of the active items of the vector at hand: of the column gate, or of the columns that exist where the
   * last vector has fewer. Undefined where all are.
   */
  #activeMask(): Local | undefined {
    if (this.#kernel.domain === 'neuron') return undefined;
    const { map, image } = this.#context;
    const population = emittingPopulation(image, this.#kernel);
    const isGated = this.#gate !== undefined;
    if (!isGated && (this.#mode.mode === 'scalar' || this.#columns % this.#block === 0)) return undefined;
    if (this.#active !== undefined) return this.#active;
    const f = this.#f;
    const bytes = this.#maskBytes;
    const existing = bytes === 2 ? map.columns16[population] : map.columns32[population];
    const base = this.#here().scaled[bytes];
    if (base === undefined || existing === undefined) throw new Error('no mask');
    const offset = (isGated ? this.#scratch().mask : existing) + this.#unroll * this.#vector * bytes;
    const isScalar = this.#mode.mode === 'scalar';
    const local = f.local(isScalar ? 'i32' : 'v128');
    f.get(base);
    if (isScalar) f.i32.load(offset);
    else f.v128.load(offset, bytes);
    f.set(local);
    this.#active = local;
    return local;
  }

  #store(instruction: ImageInstruction): void {
    const [source, target] = instruction.operands;
    if (target?.is !== 'field') throw new Error('a store into nothing');
    const field = this.#ports.field(target.field);
    const isReal = instruction.arithmetic === 'real';
    const value = this.#value(source, isReal);
    const active = this.#gate === undefined && field.storage !== 'float32' ? undefined : this.#activeMask();
    const stored = this.#f.local(this.#mode.mode !== 'scalar' ? 'v128' : isReal ? 'f32' : 'i32');
    this.#putNumber(value);
    this.#ports.fit(field, value.range);
    this.#f.set(stored);
    if (field.storage === 'float32') this.#refuseNaN(target.field, stored, active);
    this.#write(target.field, target.role, stored, active);
    if (field.storedView === undefined) return;
    const view = this.#f.local(this.#mode.mode === 'scalar' ? 'i32' : 'v128');
    this.#f.get(stored);
    this.#ports.putView(this.#ports.field(field.storedView));
    this.#f.set(view);
    this.#write(field.storedView, target.role, view, active);
  }

  #putNumber(value: Value): void {
    this.#f.get(value.local);
    if (!value.isMask) return;
    this.#f.get(this.#ports.splat(1));
    this.#f.v128.and();
  }

  /** Writes a value; inactive items keep what they have. */
  #write(index: number, role: string, value: Local, active: Local | undefined): void {
    const f = this.#f;
    const address = this.#address(index, role);
    if (active === undefined || this.#gate === undefined) {
      this.#ports.store(index, address, value);
    } else if (this.#mode.mode === 'scalar') {
      f.get(active);
      f.if(() => this.#ports.store(index, address, value));
    } else {
      const blended = f.local('v128');
      f.get(value);
      this.#ports.load(index, address);
      f.get(active);
      f.v128.bitselect();
      f.set(blended);
      this.#ports.store(index, address, blended);
    }
  }

  #refuseNaN(index: number, value: Local, active: Local | undefined): void {
    const f = this.#f;
    f.get(value);
    f.get(value);
    const isScalar = this.#mode.mode === 'scalar';
    if (isScalar) f.f32.ne();
    else f.f32x4.ne();
    if (active !== undefined) {
      f.get(active);
      if (isScalar) f.i32.and();
      else f.v128.and();
    }
    const lanes = f.local('i32');
    if (!isScalar) f.i32x4.bitmask();
    f.tee(lanes);
    f.if(() => {
      f.i32.const(this.#index);
      f.i32.const(index);
      // The item: of the row, if it is a synapse's.
      const target = this.#ports.field(index);
      const isSynaptic = this.#rows.has(index);
      f.get(this.#here().column);
      f.i32.const(this.#unroll * this.#vector);
      f.i32.add();
      f.get(lanes);
      f.i32.ctz();
      f.i32.add();
      if (isSynaptic) {
        f.get(this.#pre);
        f.i32.const(this.#columns);
        f.i32.mul();
        f.i32.add();
      }
      f.call(this.#context.failNaN);
      if (target.count === 0) f.nop();
    });
  }

  #emit(value: Value): void {
    const f = this.#f;
    const population = emittingPopulation(this.#context.image, this.#kernel);
    const active = this.#activeMask();
    if (this.#mode.mode === 'scalar') {
      f.get(value.local);
      f.i32.const(0);
      f.i32.ne();
      if (active !== undefined) {
        f.get(active);
        f.i32.and();
      }
      f.if(() => {
        f.i32.const(population);
        f.get(this.#here().column);
        f.call(this.#context.emit);
      });
      return;
    }
    const spikes = f.local('i32');
    f.get(value.local);
    if (!value.isMask) {
      f.get(this.#ports.splat(0));
      (this.#mode.mode === 'vector16' ? f.i16x8 : f.i32x4).ne();
    }
    if (active !== undefined) {
      f.get(active);
      f.v128.and();
    }
    (this.#mode.mode === 'vector16' ? f.i16x8 : f.i32x4).bitmask();
    f.set(spikes);
    f.block((done) => {
      f.loop((again) => {
        f.get(spikes);
        f.i32.eqz();
        f.brIf(done);
        f.i32.const(population);
        f.get(this.#here().column);
        f.i32.const(this.#unroll * this.#vector);
        f.i32.add();
        f.get(spikes);
        f.i32.ctz();
        f.i32.add();
        f.call(this.#context.emit);
        f.get(spikes);
        f.get(spikes);
        f.i32.const(1);
        f.i32.sub();
        f.i32.and();
        f.set(spikes);
        f.br(again);
      });
    });
  }

  // ---- reduce -----------------------------------------------------------------------------------------------------

  #startSums(line: number): void {
    const f = this.#f;
    const isReal = this.#kernel.code[line]?.arithmetic === 'real';
    const isScalar = this.#mode.mode === 'scalar';
    if (isReal && isScalar) {
      f.i32.const(this.#context.partialSums);
      f.i32.const(0);
      f.i32.const(64);
      f.memory.fill();
      return;
    }
    const count = isReal ? 4 : 1;
    const sums =
      this.#sums.get(line) ?? Array.from({ length: count }, () => f.local(isScalar ? 'i32' : 'v128'));
    this.#sums.set(line, sums);
    for (const sum of sums) {
      this.#putZero(isScalar ? 'i32' : 'v128');
      f.set(sum);
    }
  }

  #reduce(line: number, instruction: ImageInstruction): void {
    const f = this.#f;
    const isReal = instruction.arithmetic === 'real';
    const value = this.#value(instruction.operands[0], isReal);
    const active = this.#activeMask();
    if (this.#mode.mode === 'scalar') {
      this.#reduceScalar(line, value, active, isReal);
      return;
    }
    const sums = this.#sums.get(line) ?? [];
    const sum = sums[isReal ? this.#unroll : 0];
    if (sum === undefined) throw new Error('no sum');
    f.get(sum);
    this.#putNumber(value);
    if (active !== undefined) {
      f.get(active);
      f.v128.and();
    }
    if (isReal) f.f32x4.add();
    else {
      if (this.#mode.mode === 'vector16') f.i32x4.extadd_pairwise_i16x8_s();
      f.i32x4.add();
    }
    f.set(sum);
  }

  #reduceScalar(line: number, value: Value, active: Local | undefined, isReal: boolean): void {
    const f = this.#f;
    const add = (): void => {
      if (!isReal) {
        const sum = this.#sums.get(line)?.[0];
        if (sum === undefined) throw new Error('no sum');
        f.get(sum);
        f.get(value.local);
        f.i32.add();
        f.set(sum);
        return;
      }
      const address = f.local('i32');
      f.get(this.#here().column);
      f.i32.const(15);
      f.i32.and();
      f.i32.const(2);
      f.i32.shl();
      f.tee(address);
      f.get(address);
      f.f32.load(this.#context.partialSums);
      f.get(value.local);
      f.f32.add();
      f.f32.store(this.#context.partialSums);
    };
    if (active === undefined) {
      add();
      return;
    }
    f.get(active);
    f.if(add);
  }

  /** Joins the partial sums by a tree and stores the sum into the pre-synaptic neuron's field. */
  #finishReduce(line: number, row: Local): void {
    const f = this.#f;
    const instruction = this.#kernel.code[line];
    const target = instruction?.operands[1];
    if (instruction === undefined || target?.is !== 'field') throw new Error('a reduce into nothing');
    const field = this.#ports.field(target.field);
    const isReal = instruction.arithmetic === 'real';
    const sum = f.local(isReal ? 'f32' : 'i32');
    if (isReal) this.#putRealSum(line);
    else this.#putIntegerSum(line);
    f.set(sum);
    const scalar = new PortsCode(f, this.#constants, this.#context.image, this.#context.map, 'scalar');
    const { element, address } = scalar.area(target.field);
    f.get(sum);
    scalar.fit(field, resultRange(instruction));
    f.set(sum);
    if (isReal) {
      f.get(sum);
      f.get(sum);
      f.f32.ne();
      f.if(() => {
        f.i32.const(this.#index);
        f.i32.const(target.field);
        f.get(row);
        f.call(this.#context.failNaN);
      });
    }
    scalar.store(target.field, { base: this.#scaled(row, elementBytes[element]), offset: address }, sum);
  }

  #putIntegerSum(line: number): void {
    const f = this.#f;
    const sum = this.#sums.get(line)?.[0];
    if (sum === undefined) throw new Error('no sum');
    f.get(sum);
    if (this.#mode.mode === 'scalar') return;
    for (const lane of [0, 1, 2, 3]) {
      if (lane > 0) f.get(sum);
      f.i32x4.extract_lane(lane);
      if (lane > 0) f.i32.add();
    }
  }

  #putRealSum(line: number): void {
    const f = this.#f;
    let sums = this.#sums.get(line);
    if (sums === undefined) {
      sums = [0, 1, 2, 3].map((quarter) => {
        const local = f.local('v128');
        f.i32.const(this.#context.partialSums + 16 * quarter);
        f.v128.load();
        f.set(local);
        return local;
      });
    }
    const [first, second, third, fourth] = sums;
    if (!first || !second || !third || !fourth) throw new Error('no sums');
    const joined = f.local('v128');
    f.get(first);
    f.get(third);
    f.f32x4.add();
    f.get(second);
    f.get(fourth);
    f.f32x4.add();
    f.f32x4.add();
    f.set(joined);
    // Lanes 0 + 2 and 1 + 3, then their sum.
    f.get(joined);
    f.f32x4.extract_lane(0);
    f.get(joined);
    f.f32x4.extract_lane(2);
    f.f32.add();
    f.get(joined);
    f.f32x4.extract_lane(1);
    f.get(joined);
    f.f32x4.extract_lane(3);
    f.f32.add();
    f.f32.add();
  }

  // ---- generators -------------------------------------------------------------------------------------------------

  /** Steps four generators and puts their words on the stack. */
  #stepVector(quarter: number): void {
    const f = this.#f;
    const at = this.#unroll * (this.#vector / 4) + quarter;
    const kept = this.#generators?.[at];
    const state = kept ?? f.local('v128');
    const base = this.#here().laneBytes;
    const offset = this.#context.map.generators + 16 * at;
    const putBase = (): void => {
      if (base === undefined) f.i32.const(0);
      else f.get(base);
    };
    if (kept === undefined) {
      putBase();
      f.v128.load(offset);
      f.set(state);
    }
    for (const [amount, shift] of [
      [13, 'shl'],
      [17, 'shr_u'],
      [5, 'shl'],
    ] as const) {
      f.get(state);
      f.get(state);
      f.i32.const(amount);
      f.i32x4[shift]();
      f.v128.xor();
      f.set(state);
    }
    if (kept === undefined) {
      putBase();
      f.get(state);
      f.v128.store(offset);
    }
    f.get(state);
  }

  /** Puts the address of the generator of a column's lane, less that of the first. */
  #putLaneAddress(column: Local): void {
    this.#f.get(column);
    this.#f.i32.const(this.#context.image.machine.lanes);
    this.#f.i32.rem_u();
    this.#f.i32.const(2);
    this.#f.i32.shl();
  }

  /** Takes that address, steps the generator and puts its word on the stack. */
  #stepScalar(): void {
    const f = this.#f;
    const address = f.local('i32');
    const state = f.local('i32');
    f.tee(address);
    f.i32.load(this.#context.map.generators);
    f.set(state);
    for (const [amount, shift] of [
      [13, 'shl'],
      [17, 'shr_u'],
      [5, 'shl'],
    ] as const) {
      f.get(state);
      f.get(state);
      f.i32.const(amount);
      f.i32[shift]();
      f.i32.xor();
      f.set(state);
    }
    f.get(address);
    f.get(state);
    f.i32.store(this.#context.map.generators);
    f.get(state);
  }
}

function clampTo16(value: number): number {
  return Math.min(Math.max(value, -(2 ** 15)), 2 ** 15 - 1);
}

/** The range of an instruction's integer result, from the compiler's analysis. */
function resultRange({ low, high }: ImageInstruction): Interval | undefined {
  return low === undefined || high === undefined ? undefined : interval(low, high);
}

/** Which instructions give every item of a row the same value and may be carried out once. */
function findUniform(kernel: BoundKernel): boolean[] {
  const registers = new Map<number, boolean>();
  return kernel.code.map(({ mnemonic, operands }) => {
    const operation = operationNamed(mnemonic);
    const isComputed = operation.operands[0] === 'result';
    let uniform = isComputed && !operation.draws;
    for (const [index, operand] of operands.entries()) {
      if (index === 0 && isComputed) continue;
      if (operand.is === 'register') uniform &&= registers.get(operand.register) ?? false;
      if (operand.is === 'field' || operand.is === 'index') uniform &&= operand.role === 'pre';
    }
    const [target] = operands;
    if (isComputed && target?.is === 'register') registers.set(target.register, uniform);
    return uniform;
  });
}
