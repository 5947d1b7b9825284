import {
  addAt,
  type BoundKernel,
  emittingPopulation,
  type Image,
  layoutOf,
  type Memory,
  type Projection,
  type WorkTally,
} from '../../image/index.ts';
import type { Lanes } from './lanes.ts';
import type { Strip } from './strip.ts';

/** Runs one bound kernel over its domain: makes the masks of its gates, walks rows and tiles, counts what it visits. */
export class KernelRunner {
  readonly #kernel: BoundKernel;
  readonly #image: Image;
  readonly #memory: Memory;
  readonly #counter: WorkTally;
  readonly #lanes: Lanes;
  readonly #strip: Strip;
  readonly #columns: number;
  readonly #projection: Projection | undefined;

  constructor(kernel: BoundKernel, image: Image, memory: Memory, counter: WorkTally, lanes: Lanes) {
    this.#kernel = kernel;
    this.#image = image;
    this.#memory = memory;
    this.#counter = counter;
    this.#lanes = lanes;
    const active = new Uint8Array(lanes.stripTiles * image.core.lanes);
    this.#strip = { tiles: 0, from: 0, to: 0, column: 0, synapse: 0, pre: 0, active };
    this.#columns = kernel.columns ?? image.populations[emittingPopulation(image, kernel)]?.size ?? 0;
    this.#projection = kernel.projection === undefined ? undefined : image.projections[kernel.projection];
  }

  /**
   * @param neuron the neuron that the event names, for kernels that need one
   * @param post the post-synaptic neuron that it names, for kernels over one synapse
   */
  run(neuron: number, post: number): void {
    this.#counter.runs += 1;
    const mask = this.#kernel.columnGate === undefined ? undefined : this.#scan(this.#kernel.columnGate);
    switch (this.#kernel.domain) {
      case 'neurons':
        this.#pass((visit) => visit(0, this.#columns, 0), mask);
        break;
      case 'neuron':
        this.#pass((visit) => visit(neuron, 1, 0), mask);
        break;
      case 'row':
        this.#row(neuron, mask);
        break;
      case 'synapse':
        this.#synapse(neuron, post);
        break;
      case 'synapses': {
        const rows = this.#kernel.rowGate === undefined ? undefined : this.#scan(this.#kernel.rowGate);
        const count = this.#kernel.rows ?? (this.#projection?.segments.rowStart.length ?? 1) - 1;
        if (this.#kernel.order === 'columns') {
          this.#tilesOfRows(count);
          break;
        }
        for (let row = 0; row < count; row++) if (rows === undefined || rows[row]) this.#row(row, mask);
        break;
      }
      case 'weights': {
        const { weightRows = 0, weightRowLength = 0 } = this.#projection ?? {};
        this.#pass((visit) => {
          for (let row = 0; row < weightRows; row++) visit(0, weightRowLength, row * weightRowLength);
        }, mask);
        break;
      }
    }
  }

  /** Reads a gate's field whole and tests |x| >= 1: not zero for integers, the same dead zone for floats. */
  #scan(gate: number): Uint8Array {
    const field = this.#image.fields[gate];
    if (field === undefined) throw new Error(`no field ${gate}`);
    const layout = layoutOf(this.#image, field);
    addAt(this.#counter.reads, layout.bank, layout.wordsPerRow * layout.rows);
    this.#counter.scannedTiles += Math.ceil(field.count / this.#image.core.lanes);
    const access = this.#memory.access(this.#image, field);
    return Uint8Array.from({ length: field.count }, (_, item) => Number(Math.abs(access.read(item)) >= 1));
  }

  #row(row: number, mask: Uint8Array | undefined): void {
    if (this.#projection === undefined) return;
    const { segments } = this.#projection;
    this.#strip.pre = row;
    this.#pass((visit) => {
      const end = segments.rowStart[row + 1] ?? 0;
      for (let s = segments.rowStart[row] ?? 0; s < end; s++) {
        const first = segments.firstPost[s] ?? 0;
        const length = Math.min(segments.length[s] ?? 0, this.#columns - first);
        if (length > 0) visit(first, length, segments.firstWeight[s] ?? 0);
      }
    }, mask);
  }

  /** Tile by tile of a dense projection's columns, all rows of it: a pass each. */
  #tilesOfRows(rows: number): void {
    const { lanes } = this.#image.core;
    const { rowStart, firstWeight } = this.#projection?.segments ?? {};
    for (let column = 0; column < this.#columns; column += lanes) {
      const count = Math.min(lanes, this.#columns - column);
      this.#lanes.startPass();
      this.#lanes.startSegment();
      for (let row = 0; row < rows; row++) {
        const strip = this.#strip;
        strip.pre = row;
        strip.tiles = 1;
        strip.column = column;
        strip.synapse = (firstWeight?.[rowStart?.[row] ?? 0] ?? 0) + column;
        strip.from = 0;
        strip.to = count;
        this.#counter.tiles += 1;
        this.#counter.items += activate(strip, undefined, column, column + count);
        this.#lanes.execute(strip);
      }
      this.#strip.tiles = 0;
      this.#counter.passes += 1;
    }
  }

  /** The synapse of two neurons; where none leads from one to the other, nothing. */
  #synapse(pre: number, post: number): void {
    if (this.#projection === undefined) return;
    const { rowStart, firstPost, firstWeight, length } = this.#projection.segments;
    this.#strip.pre = pre;
    for (let s = rowStart[pre] ?? 0; s < (rowStart[pre + 1] ?? 0); s++) {
      const offset = post - (firstPost[s] ?? 0);
      if (offset < 0 || offset >= (length[s] ?? 0)) continue;
      this.#pass((visit) => visit(post, 1, (firstWeight[s] ?? 0) + offset), undefined);
      return;
    }
  }

  /**
   * One pass: segment by segment (the synapses of a row may lie in several), tile by tile. A tile without an active column is skipped, unless the core gates by
   * clock only. Neighbouring visited tiles are carried out together, as a strip, as far as the kernel allows. A pass
   * that visits no tile is none.
   */
  #pass(
    runs: (visit: (firstColumn: number, count: number, firstSynapse: number) => void) => void,
    mask: Uint8Array | undefined,
  ): void {
    const { lanes, columnGate } = this.#image.core;
    const strip = this.#strip;
    let isStarted = false;
    const execute = (): void => {
      if (strip.tiles === 0) return;
      if (!isStarted) this.#lanes.startPass();
      isStarted = true;
      this.#lanes.execute(strip);
      strip.tiles = 0;
    };
    runs((firstColumn, count, firstSynapse) => {
      this.#lanes.startSegment();
      const end = firstColumn + count;
      for (let column = firstColumn - (firstColumn % lanes); column < end; column += lanes) {
        if (strip.tiles === 0) {
          strip.column = column;
          strip.synapse = firstSynapse + column - firstColumn;
          strip.from = Math.max(0, firstColumn - column);
        }
        const from = Math.max(column, firstColumn);
        const to = Math.min(column + lanes, end);
        const items = activate(strip, mask, from, to);
        if (items === 0 && columnGate === 'skip-tile') {
          execute();
          continue;
        }
        this.#counter.tiles += 1;
        this.#counter.items += items;
        strip.tiles += 1;
        strip.to = to - strip.column;
        if (strip.tiles === this.#lanes.stripTiles) execute();
      }
      execute();
    });
    if (!isStarted) return;
    this.#counter.passes += 1;
    this.#lanes.endPass(strip);
  }
}

/** Marks which of the columns `from` up to `to` are active, and counts them. */
function activate(strip: Strip, mask: Uint8Array | undefined, from: number, to: number): number {
  if (mask === undefined) {
    strip.active.fill(1, from - strip.column, to - strip.column);
    return to - from;
  }
  let items = 0;
  for (let column = from; column < to; column++) {
    const active = mask[column] ?? 0;
    strip.active[column - strip.column] = active;
    items += active;
  }
  return items;
}
