import {
  type BoundKernel,
  type CoreImage,
  emittingPopulation,
  indexLayoutOf,
  isDense,
  layoutOf,
  type Memory,
  neuronIn,
  type Projection,
  spikingPopulation,
  valueIn,
  type WorkTally,
} from '../../image/index.ts';
import { addAt, at, isSet } from '../../text/index.ts';
import type { Tile } from './generator.ts';
import type { Lanes } from './lanes.ts';
import type { WorkWatch } from './stored-fields.ts';
import { TouchedWords } from './words.ts';

/** Visits consecutive items: the column of the first one, their number, and the number of the first synapse. */
type Visit = (firstColumn: number, count: number, firstSynapse: number) => void;

/** For each neuron of a gated population, whether its gate is open. */
type Mask = Uint8Array | undefined;

/** Runs one bound kernel over its domain: evaluates its gates, walks rows and tiles, and counts the items it visits. */
export class KernelRunner {
  readonly #kernel: BoundKernel;
  readonly #image: CoreImage;
  readonly #memory: Memory;
  readonly #counter: WorkTally;
  readonly #lanes: Lanes;
  readonly #stalls: () => number;
  readonly #visited: (() => void) | undefined;
  readonly #watch: WorkWatch | undefined;
  readonly #tile: Tile;
  readonly #columns: number;
  /** Whether its rows are cut into segments, which it looks up one by one. */
  readonly #looksUp: boolean;
  /** Of a sparse projection: the layout of its index, and the words of it that a row has touched. */
  readonly #index: TouchedWords | undefined;

  /**
   * @param stalls how often pushes have waited for the full FIFO
   * @param visited called after each tile
   */
  constructor(
    kernel: BoundKernel,
    image: CoreImage,
    memory: Memory,
    counter: WorkTally,
    lanes: Lanes,
    stalls: () => number,
    visited?: () => void,
    watch?: WorkWatch,
  ) {
    this.#kernel = kernel;
    this.#image = image;
    this.#memory = memory;
    this.#counter = counter;
    this.#lanes = lanes;
    this.#stalls = stalls;
    this.#visited = visited;
    this.#watch = watch;
    // Without a column gate, all columns stay active.
    const active = new Uint8Array(image.core.lanes).fill(1);
    this.#tile = { from: 0, to: 0, column: 0, synapse: 0, pre: 0, value: 0, active };
    this.#columns = kernel.columns ?? at(image.populations, emittingPopulation(image, kernel)).size;
    const projection = image.projections[kernel.projection ?? -1];
    this.#looksUp = projection !== undefined && !isDense(image, projection);
    const index = image.layouts[indexLayoutOf(kernel, image) ?? -1];
    this.#index = index && new TouchedWords(index, counter, watch);
  }

  /**
   * @param event the neuron that the event names, for kernels that need one, with the value that its spike carries
   * @param post the post-synaptic neuron that the event names, for kernels over one synapse
   */
  run(event: number, post: number): void {
    const { domain, columnGate } = this.#kernel;
    const spiking = spikingPopulation(this.#image, this.#kernel);
    const neuron = neuronIn(spiking, event);
    this.#tile.value = valueIn(spiking, event);
    this.#counter.runs += 1;
    const mask = columnGate === undefined ? undefined : this.#scan(columnGate);
    switch (domain) {
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
      case 'synapses':
        this.#rows(mask);
        break;
      case 'weights': {
        const { weightRows, weightRowLength } = this.#projection;
        this.#pass((visit) => {
          for (let row = 0; row < weightRows; row++) visit(0, weightRowLength, row * weightRowLength);
        }, mask);
        break;
      }
    }
  }

  get #projection(): Projection {
    const { name, projection } = this.#kernel;
    if (projection === undefined) throw new Error(`kernel ${name} is not bound to a projection`);
    return at(this.#image.projections, projection);
  }

  /** Scans a gate's whole field and tests |x| >= 1: non-zero for integers, the same dead zone for floats. */
  #scan(gate: number): Uint8Array {
    const field = at(this.#image.fields, gate);
    const layout = layoutOf(this.#image, field);
    const words = layout.wordsPerRow * layout.rows;
    addAt(this.#counter.reads, layout.bank, words);
    this.#watch?.read(layout.bank, layout.firstWord, words, 'at once');
    this.#counter.scannedTiles += Math.ceil(field.count / this.#image.core.lanes);
    const access = this.#memory.access(this.#image, field);
    return Uint8Array.from({ length: field.count }, (_, item) => Number(Math.abs(access.read(item)) >= 1));
  }

  /** All rows, or those whose gate is open. */
  #rows(mask: Mask): void {
    const { rowGate, rows, order } = this.#kernel;
    const gate = rowGate === undefined ? undefined : this.#scan(rowGate);
    const count = rows ?? this.#projection.segments.rowStart.length - 1;
    if (order === 'columns') {
      this.#tilesOfRows(count);
      return;
    }
    for (let row = 0; row < count; row++) if (gate === undefined || isSet(gate, row)) this.#row(row, mask);
  }

  /** The tiles of a row. If all columns are closed, a core that skips tiles looks up no row of segments. */
  #row(row: number, mask: Mask): void {
    const { rowStart, firstPost, firstWeight, length } = this.#projection.segments;
    this.#tile.pre = row;
    const skipsTiles = this.#image.core.columnGate === 'skip-tile';
    if (this.#looksUp && skipsTiles && mask?.some((open) => open !== 0) === false) return;
    this.#readIndex(at(rowStart, row), at(rowStart, row + 1));
    const { open, closed } = this.#pass((visit) => {
      for (let segment = at(rowStart, row); segment < at(rowStart, row + 1); segment++) {
        const first = at(firstPost, segment);
        const count = Math.min(at(length, segment), this.#columns - first);
        if (count > 0) visit(first, count, at(firstWeight, segment));
      }
    }, mask);
    if (!this.#looksUp) return;
    this.#counter.closedTiles += open + closed === 0 ? 1 : closed;
    if (open === 0) this.#counter.closedRows += 1;
  }

  /**
   * Where the targets of a row are listed, their index is read, also of those whose gate is closed: only the index
   * tells which they are.
   */
  #readIndex(from: number, to: number): void {
    if (this.#index === undefined || from === to) return;
    this.#index.start();
    this.#index.read(from, to - from, 'at once');
  }

  /** Walks a dense projection tile by tile over its columns, with all rows of a tile in one pass. */
  #tilesOfRows(rows: number): void {
    const { lanes } = this.#image.core;
    const { rowStart, firstWeight } = this.#projection.segments;
    for (let column = 0; column < this.#columns; column += lanes) {
      this.#lanes.startPass();
      this.#lanes.startSegment();
      for (let row = 0; row < rows; row++) {
        this.#tile.pre = row;
        const synapse = at(firstWeight, at(rowStart, row)) + column;
        this.#place(column, column, Math.min(column + lanes, this.#columns), synapse);
        this.#execute(activate(this.#tile, undefined));
      }
      this.#counter.passes += 1;
    }
  }

  /** The synapse between two neurons; nothing if they are not connected. */
  #synapse(pre: number, post: number): void {
    const { rowStart, firstPost, firstWeight, length } = this.#projection.segments;
    this.#tile.pre = pre;
    for (let segment = at(rowStart, pre); segment < at(rowStart, pre + 1); segment++) {
      const offset = post - at(firstPost, segment);
      if (offset < 0 || offset >= at(length, segment)) continue;
      this.#pass((visit) => visit(post, 1, at(firstWeight, segment) + offset), undefined);
      return;
    }
  }

  /**
   * One pass: segment by segment (a row's synapses may lie in several), tile by tile. A tile without an active column
   * is skipped, unless the core only clock-gates its columns. If no tile is visited, no pass is counted.
   *
   * @returns the tiles visited and skipped
   */
  #pass(segments: (visit: Visit) => void, mask: Mask): { readonly open: number; readonly closed: number } {
    const { lanes, columnGate } = this.#image.core;
    let open = 0;
    let closed = 0;
    this.#lanes.startPass();
    segments((first, count, firstSynapse) => {
      this.#lanes.startSegment();
      const end = first + count;
      for (let column = first - (first % lanes); column < end; column += lanes) {
        const synapse = firstSynapse + column - first;
        this.#place(column, Math.max(column, first), Math.min(column + lanes, end), synapse);
        const items = activate(this.#tile, mask);
        if (items === 0 && columnGate === 'skip-tile') {
          closed += 1;
          continue;
        }
        open += 1;
        this.#execute(items);
      }
    });
    if (open > 0) {
      this.#counter.passes += 1;
      this.#lanes.endPass(this.#tile);
    }
    return { open, closed };
  }

  /** Sets up the tile that starts at `column`; columns `from` up to, not including, `to` hold items. */
  #place(column: number, from: number, to: number, synapse: number): void {
    const tile = this.#tile;
    tile.column = column;
    tile.from = from - column;
    tile.to = to - column;
    tile.synapse = synapse;
  }

  #execute(items: number): void {
    this.#counter.tiles += 1;
    this.#counter.items += items;
    const stalls = this.#stalls();
    this.#lanes.execute(this.#tile);
    // Pushes of kernels that have run meanwhile wait only while one of this tile does.
    if (this.#stalls() > stalls) this.#counter.suspensions += 1;
    this.#visited?.();
  }
}

/** Marks the active items of a tile, if there is a mask, and counts them. */
function activate({ from, to, column, active }: Tile, mask: Mask): number {
  if (mask === undefined) return to - from;
  let items = 0;
  for (let lane = from; lane < to; lane++) {
    const isActive = isSet(mask, column + lane);
    active[lane] = isActive ? 1 : 0;
    if (isActive) items += 1;
  }
  return items;
}

/** The runs of a kernel: one, plus those that start while it is suspended. */
interface Runs {
  readonly runners: KernelRunner[];
  underWay: number;
}

/**
 * Runs the kernels of an image. A kernel may run again while it is suspended: its stalled push may serve a spike that
 * triggers it. Each such run has registers of its own.
 */
export class KernelRuns {
  readonly #runs: readonly Runs[];
  readonly #start: (kernel: number) => KernelRunner;

  /** @param start makes a runner of a kernel, by index */
  constructor(kernels: number, start: (kernel: number) => KernelRunner) {
    this.#start = start;
    this.#runs = Array.from({ length: kernels }, (_, kernel) => ({ runners: [start(kernel)], underWay: 0 }));
  }

  /**
   * @param neuron the neuron that the event names, for kernels that need one
   * @param post the post-synaptic neuron that the event names, for kernels over one synapse
   */
  run(kernel: number, neuron: number, post: number): void {
    const runs = at(this.#runs, kernel);
    const runner = runs.runners[runs.underWay] ?? this.#start(kernel);
    runs.runners[runs.underWay] = runner;
    runs.underWay += 1;
    try {
      runner.run(neuron, post);
    } finally {
      runs.underWay -= 1;
    }
  }
}
