import { eventScalars } from '../../microcode/index.ts';
import { Constants } from './constants.ts';
import { GateCode } from './gate-code.ts';
import { GeneratorCode } from './generator-code.ts';
import { whileLess } from './idioms.ts';
import { ItemCode } from './item-code.ts';
import { KernelFrame, type ModuleContext } from './kernel-frame.ts';
import { chooseMode } from './mode.ts';
import { partsOf } from './parts.ts';
import { ReduceCode } from './reduce-code.ts';
import { type FunctionBuilder, type Local, ModuleBuilder } from './wasm/index.ts';

/**
 * Writes the code of one run of a kernel into `f`.
 *
 * @param neuron the variable with the neuron that the event names, for kernels that need one
 */
export function writeKernel(f: FunctionBuilder, index: number, context: ModuleContext, neuron: Local): void {
  const kernel = context.image.kernels[index];
  if (kernel === undefined) throw new Error(`no kernel ${index}`);
  for (const [number, part] of partsOf(kernel, context.image, chooseMode(kernel, context.image)).entries()) {
    const counts = number === 0;
    const { mode } = part;
    const gathered = gatherConstants((scratch) => {
      const constants = new Constants(scratch);
      const none = scratch.local('i32');
      new KernelCode(new KernelFrame(scratch, constants, index, mode, context, none, part), counts).write();
      return constants;
    });
    const constants = new Constants(f);
    constants.computeAll(gathered);
    new KernelCode(new KernelFrame(f, constants, index, mode, context, neuron, part), counts).write();
  }
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

/** Code of a kernel's walk over its domain: rows, tiles, columns. */
class KernelCode {
  readonly #frame: KernelFrame;
  readonly #gates: GateCode;
  readonly #generators: GeneratorCode;
  readonly #reduces: ReduceCode;
  readonly #items: ItemCode;
  readonly #counts: boolean;

  /** @param counts whether it counts for all parts of the kernel's columns */
  constructor(frame: KernelFrame, counts: boolean) {
    this.#frame = frame;
    this.#counts = counts;
    this.#gates = new GateCode(frame);
    this.#generators = new GeneratorCode(frame);
    this.#reduces = new ReduceCode(frame, this.#gates);
    this.#items = new ItemCode(frame, this.#gates, this.#generators, this.#reduces);
  }

  write(): void {
    if (this.#counts) this.#frame.count(this.#frame.counters.runs, 1);
    this.#generators.move('load');
    switch (this.#frame.kernel.domain) {
      case 'neuron':
        this.#items.writeUniform();
        this.#writeItem(this.#frame.pre);
        break;
      case 'synapse':
        this.#startRow(this.#frame.pre);
        this.#items.writeUniform();
        this.#writeItem(this.#eventsPost());
        break;
      case 'neurons':
        this.#gates.whereTilesAreVisited(() => {
          this.#items.writeUniform();
          this.#writeColumns();
          this.#countPass();
        });
        break;
      case 'row':
        this.#gates.whereTilesAreVisited(() => this.#writeRow(this.#frame.pre));
        break;
      case 'synapses':
        if (this.#frame.kernel.order === 'columns') this.#writeTiles();
        else this.#gates.whereTilesAreVisited(() => this.#writeRows());
        break;
    }
    this.#generators.move('store');
  }

  /** The post-synaptic neuron that the named event gives. */
  #eventsPost(): Local {
    const { f } = this.#frame;
    const post = f.local('i32');
    f.i32.const(0);
    f.i32.load(this.#frame.context.map.event + 4 * eventScalars.indexOf('post'));
    f.set(post);
    return post;
  }

  /** One item: a neuron, or the synapse onto a neuron. */
  #writeItem(column: Local): void {
    this.#frame.at(column, undefined, () => this.#items.writeBody());
    this.#generators.stepIdle(this.#frame.context.image.machine.lanes, (put) => {
      // The item's own lane has stepped.
      put.lane();
      this.#frame.f.get(column);
      this.#frame.f.i32.const(this.#frame.context.image.machine.lanes);
      this.#frame.f.i32.rem_u();
      this.#frame.f.i32.ne();
    });
    this.#gates.countPass();
  }

  #writeRows(): void {
    const { f } = this.#frame;
    const { image } = this.#frame.context;
    const projection = image.projections[this.#frame.kernel.projection ?? -1];
    const count = this.#frame.kernel.rows ?? image.populations[projection?.source ?? -1]?.size ?? 0;
    const row = f.local('i32');
    f.i32.const(0);
    f.set(row);
    const gate = this.#frame.kernel.rowGate;
    const isKept = gate !== undefined && this.#storesInto(gate);
    if (isKept) this.#gates.keepRows(gate, row, count);
    whileLess(f, row, count, 1, () => {
      if (gate === undefined) {
        this.#writeRow(row);
        return;
      }
      if (isKept) this.#gates.putKeptRow(row);
      else this.#gates.putGate(gate, row);
      f.if(() => this.#writeRow(row));
    });
  }

  #countPass(): void {
    if (this.#counts) this.#gates.countPass();
  }

  /** By columns: each tile, and all rows of it. */
  #writeTiles(): void {
    const { f, kernel, columns, counters, context } = this.#frame;
    const { lanes } = context.image.machine;
    const { rows } = counters;
    const column = f.local('i32');
    const row = f.local('i32');
    this.#items.writeConstants();
    f.i32.const(0);
    f.set(column);
    whileLess(f, column, columns, lanes, () => {
      const words = this.#wordsOfTile(column);
      this.#items.writeColumns((write) => this.#forTile(column, write));
      f.i32.const(0);
      f.set(row);
      whileLess(f, row, rows, 1, () => {
        this.#startRow(row);
        this.#items.writeRow();
        this.#forTile(column, () => this.#items.writeItems());
        this.#gates.countTile(words);
      });
    });
    if (kernel.code.length === 0) f.nop();
  }

  /** Each vector, or item, of a tile. */
  #forTile(column: Local, write: () => void): void {
    const { f, context, vector, columns } = this.#frame;
    const { lanes } = context.image.machine;
    if (this.#frame.mode.mode !== 'scalar') {
      this.#frame.at(column, undefined, () => {
        for (let unroll = 0; unroll < lanes / vector; unroll++) {
          this.#frame.unroll = unroll;
          write();
        }
        this.#frame.unroll = 0;
      });
      return;
    }
    const item = f.local('i32');
    const end = f.local('i32');
    f.get(column);
    f.set(item);
    f.get(column);
    f.i32.const(lanes);
    f.i32.add();
    f.tee(end);
    f.i32.const(columns);
    f.get(end);
    f.i32.const(columns);
    f.i32.lt_s();
    f.select();
    f.set(end);
    whileLess(f, item, end, 1, () => this.#frame.at(item, undefined, write));
  }

  /** The words of a tile, by items to a word: a number where they are the same for all. */
  #wordsOfTile(column: Local): (itemsPerWord: number) => number | Local {
    const { f, columns, counters, context } = this.#frame;
    const { lanes } = context.image.machine;
    const words = new Map<number, number | Local>();
    for (const { itemsPerWord, predicated } of counters.accesses) {
      if (predicated === undefined || words.has(itemsPerWord)) continue;
      if (lanes % itemsPerWord === 0 && columns % lanes === 0) {
        words.set(itemsPerWord, lanes / itemsPerWord);
        continue;
      }
      // last / items - first / items + 1
      const count = f.local('i32');
      const last = f.local('i32');
      f.get(column);
      f.i32.const(lanes - 1);
      f.i32.add();
      f.tee(last);
      f.i32.const(columns - 1);
      f.get(last);
      f.i32.const(columns - 1);
      f.i32.lt_s();
      f.select();
      f.i32.const(itemsPerWord);
      f.i32.div_u();
      f.get(column);
      f.i32.const(itemsPerWord);
      f.i32.div_u();
      f.i32.sub();
      f.i32.const(1);
      f.i32.add();
      f.set(count);
      words.set(itemsPerWord, count);
    }
    return (itemsPerWord) => words.get(itemsPerWord) ?? 1;
  }

  /** Whether an earlier row may change what a later row's gate tests, as in a recurrent projection. */
  #storesInto(field: number): boolean {
    return this.#frame.kernel.code.some(
      ({ mnemonic, operands: [, target] }) =>
        mnemonic === 'st' && target?.is === 'field' && target.field === field,
    );
  }

  #startRow(row: Local): void {
    this.#frame.pre = row;
    for (const [line, { operands }] of this.#frame.kernel.code.entries()) {
      for (const operand of operands) {
        if (operand.is === 'field' && operand.role === 'syn') this.#frame.startRow(operand.field, row);
      }
      if (this.#frame.kernel.code[line]?.mnemonic === 'reduce') this.#reduces.start(line);
    }
  }

  #writeRow(row: Local): void {
    const { f } = this.#frame;
    this.#startRow(row);
    this.#items.writeUniform();
    this.#writeColumns();
    for (const [line, { mnemonic }] of this.#frame.kernel.code.entries()) {
      if (mnemonic === 'reduce') this.#reduces.finish(line, row);
    }
    this.#countPass();
    f.nop();
  }

  /** Every visited tile, a block of columns at a time. */
  #writeColumns(): void {
    const { f } = this.#frame;
    const { lanes } = this.#frame.context.image.machine;
    const column = f.local('i32');
    if (this.#gates.visited === undefined) {
      const isScalar = this.#frame.mode.mode === 'scalar';
      const lane = this.#frame.draws > 0 && lanes !== this.#frame.block ? f.local('i32') : undefined;
      f.i32.const(this.#frame.firstColumn);
      f.set(column);
      whileLess(f, column, this.#frame.pastColumns, this.#frame.block, () => {
        if (lane !== undefined) this.#setLane(lane, column);
        this.#frame.at(column, lane, () => this.#writeBlock());
      });
      if (isScalar) this.#stepPastEnd();
      return;
    }
    const { tiles } = this.#gates.visited;
    const next = f.local('i32');
    const end = f.local('i32');
    const lane = lanes === this.#frame.block ? undefined : f.local('i32');
    f.i32.const(0);
    f.set(next);
    whileLess(f, next, tiles, 1, () => {
      f.get(this.#frame.scaled(next, 4));
      f.i32.load(this.#frame.scratch.tiles);
      f.i32.const(lanes);
      f.i32.mul();
      f.set(column);
      if (lanes === this.#frame.block) {
        this.#frame.at(column, undefined, () => this.#writeBlock());
        return;
      }
      const isScalar = this.#frame.mode.mode === 'scalar';
      f.get(column);
      f.i32.const(lanes);
      f.i32.add();
      f.set(end);
      whileLess(f, column, end, this.#frame.block, () => {
        if (lane !== undefined) this.#setLane(lane, column);
        if (!isScalar) {
          this.#frame.at(column, lane, () => this.#writeBlock());
          return;
        }
        // Past the last column only the generators step.
        f.get(column);
        f.i32.const(this.#frame.columns);
        f.i32.lt_s();
        f.if(
          () => this.#frame.at(column, lane, () => this.#writeBlock()),
          () => {
            for (let draw = 0; draw < this.#frame.draws; draw++) {
              this.#generators.putLaneAddress(column);
              this.#generators.stepScalar();
              f.drop();
            }
          },
        );
      });
    });
  }

  #setLane(lane: Local, column: Local): void {
    this.#frame.f.get(column);
    this.#frame.f.i32.const(this.#frame.context.image.machine.lanes);
    this.#frame.f.i32.rem_u();
    this.#frame.f.i32.const(2);
    this.#frame.f.i32.shl();
    this.#frame.f.set(lane);
  }

  /** Scalar code: the idle lanes of the last tile step their generators too. */
  #stepPastEnd(): void {
    const { lanes } = this.#frame.context.image.machine;
    const used = this.#frame.columns % lanes;
    if (used === 0) return;
    this.#generators.stepIdle(lanes, ({ lane }) => {
      lane();
      this.#frame.f.i32.const(used);
      this.#frame.f.i32.ge_u();
    });
  }

  #writeBlock(): void {
    for (let unroll = 0; unroll < this.#frame.block / this.#frame.vector; unroll++) {
      this.#frame.unroll = unroll;
      this.#items.writeBody();
    }
    this.#frame.unroll = 0;
  }
}
