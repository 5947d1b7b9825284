import { eventScalars, operationNamed } from '../../microcode/index.ts';
import { hasOneRow } from './columns.ts';
import { Constants } from './constants.ts';
import { GateCode } from './gate-code.ts';
import { GeneratorCode } from './generator-code.ts';
import { whileLess } from './idioms.ts';
import { ItemCode } from './item-code.ts';
import { KernelFrame, type ModuleContext } from './kernel-frame.ts';
import { chooseMode } from './mode.ts';
import { partsOf } from './parts.ts';
import { ReduceCode } from './reduce-code.ts';
import { forEachOpenRow } from './row-scan.ts';
import { SegmentCode } from './segment-code.ts';
import { type FunctionBuilder, type Local, ModuleBuilder } from './wasm/index.ts';

/**
 * Writes the code of one run of a kernel into `f`.
 *
 * @param neuron the variable with the neuron that the event names, for kernels that need one
 */
export function writeKernel(f: FunctionBuilder, index: number, context: ModuleContext, neuron: Local): void {
  const kernel = context.image.kernels[index];
  if (kernel === undefined) throw new Error(`no kernel ${index}`);
  const parts = partsOf(kernel, context.image, chooseMode(kernel, context.image));
  for (const [number, part] of parts.entries()) {
    const counts = number === 0;
    withConstants(f, [neuron], (constants, [own = neuron]) => {
      const frame = new KernelFrame(constants.f, constants, index, part.mode, context, own, part);
      if (counts) frame.count(frame.counters.runs, 1);
      new KernelCode(frame, counts).write();
    });
  }
}

/**
 * Writes code that may use constants, behind the code that computes those that it uses.
 *
 * @param variables what the code uses of `f`; it gets them, or what stands for them in the function that is thrown away
 */
export function withConstants(
  f: FunctionBuilder,
  variables: readonly Local[],
  write: (constants: Constants, variables: readonly Local[]) => void,
): void {
  const gathered = gatherConstants((scratch) => {
    const constants = new Constants(scratch);
    write(
      constants,
      variables.map(({ type }) => scratch.local(type)),
    );
    return constants;
  });
  const constants = new Constants(f);
  constants.computeAll(gathered);
  write(constants, variables);
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
export class KernelCode {
  readonly #frame: KernelFrame;
  readonly #gates: GateCode;
  readonly #generators: GeneratorCode;
  readonly #reduces: ReduceCode;
  readonly #items: ItemCode;
  readonly #counts: boolean;
  /** The walk over the segments of a row, where rows are cut. */
  readonly #segments: SegmentCode | undefined;

  /** @param counts whether it counts for all parts of the kernel's columns */
  constructor(frame: KernelFrame, counts = true) {
    this.#frame = frame;
    this.#counts = counts;
    this.#gates = new GateCode(frame);
    this.#generators = new GeneratorCode(frame);
    this.#reduces = new ReduceCode(frame, this.#gates);
    this.#items = new ItemCode(frame, this.#gates, this.#generators, this.#reduces);
    this.#segments = this.#segmentCode();
  }

  #segmentCode(): SegmentCode | undefined {
    const { segmentation, counters, context, kernel } = this.#frame;
    const table = context.map.segments[kernel.projection ?? -1];
    if (segmentation === undefined || counters.segments === undefined || table === undefined)
      return undefined;
    const parts = {
      frame: this.#frame,
      gates: this.#gates,
      generators: this.#generators,
      reduces: this.#reduces,
      items: this.#items,
    };
    return new SegmentCode(parts, segmentation, table, counters.segments);
  }

  /** One run, which the caller counts. */
  write(): void {
    this.#generators.move('load');
    switch (this.#frame.kernel.domain) {
      case 'neuron':
        this.#items.writeUniform();
        this.#writeItem(this.#frame.pre);
        break;
      case 'synapse':
        this.#withRow(this.#frame.pre, () => {
          this.#writeItem(this.#eventsPost());
          this.#finishReduces(this.#frame.pre);
        });
        break;
      case 'neurons':
        this.#gates.whereTilesAreVisited(() => {
          this.#items.writeUniform();
          this.#writeColumns();
          this.#countPass();
        });
        break;
      case 'row':
        this.#whereTilesAreVisited(() => this.#writeRow(this.#frame.pre));
        break;
      case 'synapses':
        if (this.#frame.kernel.order === 'columns') this.#writeTiles();
        else this.#whereTilesAreVisited(() => this.#writeRows());
        break;
      case 'weights':
        this.#writeWeights();
        break;
    }
    this.#generators.move('store');
  }

  #whereTilesAreVisited(body: () => void): void {
    if (this.#segments === undefined) this.#gates.whereTilesAreVisited(body);
    else this.#segments.writeRun(body);
  }

  /** All rows of weights, as one row where nothing lies between them. */
  #writeWeights(): void {
    const { f, kernel, context } = this.#frame;
    const { weightRows = 0 } = context.image.projections[kernel.projection ?? -1] ?? {};
    if (weightRows === 0) return;
    this.#items.writeUniform();
    const row = f.local('i32');
    f.i32.const(0);
    f.set(row);
    const isOne = hasOneRow(kernel, context.image);
    whileLess(f, row, isOne ? 1 : weightRows, 1, () => {
      this.#frame.pre = row;
      this.#startRow(row);
      this.#writeColumns();
    });
    this.#gates.countPass();
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
    if (gate === undefined) {
      whileLess(f, row, count, 1, () => this.#writeRow(row));
      return;
    }
    if (!this.#storesInto(gate)) {
      forEachOpenRow(this.#frame, gate, count, row, () => this.#writeRow(row));
      return;
    }
    this.#gates.keepRows(gate, row, count);
    whileLess(f, row, count, 1, () => {
      this.#gates.putKeptRow(row);
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
        this.#frame.pre = row;
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
        operationNamed(mnemonic).effect.does === 'store' && target?.is === 'field' && target.field === field,
    );
  }

  /** The addresses of a row of weights. */
  #startRow(row: Local): void {
    for (const { operands } of this.#frame.kernel.code) {
      for (const operand of operands) {
        if (operand.is === 'field' && operand.role === 'syn') this.#frame.startRow(operand.field, row);
      }
    }
  }

  #writeRow(row: Local): void {
    if (this.#segments !== undefined) {
      this.#segments.writeRow(row);
      return;
    }
    this.#withRow(row, () => {
      this.#writeColumns();
      this.#finishReduces(row);
      this.#countPass();
    });
    this.#frame.f.nop();
  }

  /** The items of a row, after what they need of it. */
  #withRow(row: Local, items: () => void): void {
    this.#frame.pre = row;
    this.#startRow(row);
    for (const [line, { mnemonic }] of this.#frame.kernel.code.entries()) {
      if (mnemonic === 'reduce') this.#reduces.start(line);
    }
    this.#items.writeUniform();
    items();
  }

  #finishReduces(row: Local): void {
    for (const [line, { mnemonic }] of this.#frame.kernel.code.entries()) {
      if (mnemonic === 'reduce') this.#reduces.finish(line, row);
    }
  }

  /** Every visited tile, a block of columns at a time. */
  #writeColumns(): void {
    const { f } = this.#frame;
    const { lanes } = this.#frame.context.image.machine;
    if (this.#gates.visited === undefined && this.#frame.draws === 0) {
      this.#frame.forBlocks(this.#mostVectors(), (column) => {
        this.#frame.at(column, undefined, () => this.#writeBlock());
      });
      return;
    }
    const column = f.local('i32');
    if (this.#gates.visited === undefined) {
      const isScalar = this.#frame.mode.mode === 'scalar';
      const lane = lanes !== this.#frame.block ? f.local('i32') : undefined;
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

  /** Vectors of a block that no tile bounds. A reduce of floats has a vector of partial sums for each of its four. */
  #mostVectors(): number {
    const { block, vector, mode } = this.#frame;
    return mode.mode === 'scalar' ? 1 : Math.max(4, block / vector);
  }

  #writeBlock(): void {
    this.#frame.forVectors(() => this.#items.writeBody());
    this.#items.finishBlock();
  }
}
