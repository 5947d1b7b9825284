import { does, eventScalars } from '../../../../isa/index.ts';
import { type FunctionBuilder, type Local, whileLess } from '../../builder/index.ts';
import { chooseMode, hasOneRow, partsOf } from '../../plan/analysis/index.ts';
import { KernelFrame, type KernelParts, kernelParts, type ModuleContext } from '../body/index.ts';
import { withConstants } from '../ops/index.ts';
import { ColumnWalk } from './column-walk.ts';
import { forEachOpenRow } from './row-scan.ts';
import { SegmentCode } from './segment-code.ts';
import { TileWalk } from './tile-walk.ts';

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

/** Code of a kernel's walk over its domain: rows, tiles, columns. */
export class KernelCode {
  readonly #frame: KernelFrame;
  readonly #parts: KernelParts;
  readonly #counts: boolean;
  readonly #columns: ColumnWalk;
  /** The walk over the segments of a row, where rows are cut. */
  readonly #segments: SegmentCode | undefined;

  /** @param counts whether it counts for all parts of the kernel's columns */
  constructor(frame: KernelFrame, counts = true) {
    this.#frame = frame;
    this.#counts = counts;
    this.#parts = kernelParts(frame);
    this.#columns = new ColumnWalk(this.#parts);
    this.#segments = this.#segmentCode();
  }

  #segmentCode(): SegmentCode | undefined {
    const { segmentation, counters, context, kernel } = this.#frame;
    const table = context.map.segments[kernel.projection ?? -1];
    if (segmentation === undefined || counters.segments === undefined || table === undefined)
      return undefined;
    return new SegmentCode(this.#parts, segmentation, table, counters.segments);
  }

  /** One run, which the caller counts. */
  write(): void {
    this.#parts.generators.move('load');
    switch (this.#frame.kernel.domain) {
      case 'neuron':
        this.#parts.items.writeUniform();
        this.#writeItem(this.#frame.pre);
        break;
      case 'synapse':
        this.#withRow(this.#frame.pre, () => {
          this.#writeItem(this.#eventsPost());
          this.#finishReduces(this.#frame.pre);
        });
        break;
      case 'neurons':
        this.#parts.gates.whereTilesAreVisited(() => {
          this.#parts.items.writeUniform();
          this.#columns.write();
          this.#countPass();
        });
        break;
      case 'row':
        this.#whereTilesAreVisited(() => this.#writeRow(this.#frame.pre));
        break;
      case 'synapses':
        if (this.#frame.kernel.order === 'columns') new TileWalk(this.#parts).write();
        else this.#whereTilesAreVisited(() => this.#writeRows());
        break;
      case 'weights':
        this.#writeWeights();
        break;
    }
    this.#parts.generators.move('store');
  }

  #whereTilesAreVisited(body: () => void): void {
    if (this.#segments === undefined) this.#parts.gates.whereTilesAreVisited(body);
    else this.#segments.writeRun(body);
  }

  /** All rows of weights, as one row where nothing lies between them. */
  #writeWeights(): void {
    const { f, kernel, context } = this.#frame;
    const { weightRows = 0 } = context.image.projections[kernel.projection ?? -1] ?? {};
    if (weightRows === 0) return;
    this.#parts.items.writeUniform();
    const row = f.local('i32');
    f.i32.const(0);
    f.set(row);
    const isOne = hasOneRow(kernel, context.image);
    whileLess(f, row, isOne ? 1 : weightRows, 1, () => {
      this.#frame.pre = row;
      this.#frame.startRows(row);
      this.#columns.write();
    });
    this.#parts.gates.countPass();
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
    this.#frame.at(column, undefined, () => this.#parts.items.writeBody());
    this.#parts.generators.stepIdle(this.#frame.context.image.core.lanes, (put) => {
      // The item's own lane has stepped.
      put.lane();
      this.#frame.f.get(column);
      this.#frame.f.i32.const(this.#frame.context.image.core.lanes);
      this.#frame.f.i32.rem_u();
      this.#frame.f.i32.ne();
    });
    this.#parts.gates.countPass();
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
    // Unless an earlier row may change what a later row's gate tests, as in a recurrent projection.
    if (!this.#frame.stores(gate)) {
      forEachOpenRow(this.#frame, gate, count, row, () => this.#writeRow(row));
      return;
    }
    this.#parts.gates.keepRows(gate, row, count);
    whileLess(f, row, count, 1, () => {
      this.#parts.gates.putKeptRow(row);
      f.if(() => this.#writeRow(row));
    });
  }

  #countPass(): void {
    if (this.#counts) this.#parts.gates.countPass();
  }

  #writeRow(row: Local): void {
    if (this.#segments !== undefined) {
      this.#segments.writeRow(row);
      return;
    }
    this.#withRow(row, () => {
      this.#columns.write();
      this.#finishReduces(row);
      this.#countPass();
    });
    this.#frame.f.nop();
  }

  /** The items of a row, after what they need of it. */
  #withRow(row: Local, items: () => void): void {
    this.#frame.pre = row;
    this.#frame.startRows(row);
    for (const [line, instruction] of this.#frame.kernel.code.entries()) {
      if (does(instruction, 'reduce')) this.#parts.reduces.start(line);
    }
    this.#parts.items.writeUniform();
    items();
  }

  #finishReduces(row: Local): void {
    for (const [line, instruction] of this.#frame.kernel.code.entries()) {
      if (does(instruction, 'reduce')) this.#parts.reduces.finish(line, row);
    }
  }
}
