import { neuronMask } from '../../../image/index.ts';
import { at, wordAt } from '../../../text/index.ts';
import {
  i16x8,
  i32,
  i32x4,
  type Local,
  ModuleBuilder,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../wasm/index.ts';
import { FastCore } from '../fast-core.ts';
import type { MemorySpace } from '../linear-memory.ts';
import type { WordMeasure, WorkCounters } from '../plan/counters/work-counters.ts';
import { elementBytes } from '../plan/memory/memory-map.ts';
import { eachListedRow, type JointPart, type JointPlan } from './joint-plan.ts';

/** What is counted of a part's rows: a byte for each row, and the slots of the core's counters that it is added to. */
interface RowCount {
  readonly ofRow: Uint8Array;
  readonly slots: readonly number[];
}

/** Adds up the counts of the rows of spikes, and the word at which the sums lie. */
interface RowAdder {
  readonly count: (first: number, end: number) => void;
  readonly sums: number;
}

/**
 * Lays out the joint core in a memory in which its parts are to lie, too.
 *
 * @param fields the addresses of post-synaptic fields on which another joint core works already
 */
export function layJoint(
  { image }: JointPlan,
  space: MemorySpace,
  fields: ReadonlyMap<number, number>,
): FastCore {
  return new FastCore(image, {}, { space, fields });
}

/** The addresses of a part's post-synaptic fields, which lie in those of the joint core, by index there. */
export function fieldsInJoint(
  { parts, firstColumns }: JointPlan,
  { module: { map } }: FastCore,
  part: number,
): ReadonlyMap<number, number> {
  return new Map(
    at(parts, part).post.map((field, place) => {
      const area = at(map.fields, at(at(parts, 0).post, place));
      return [field, area.address + elementBytes[area.element] * at(firstColumns, part)];
    }),
  );
}

/**
 * Carries out an event of several cores, see {@link planJoint}: on their own post-synaptic fields, in a memory that
 * all share, and on a copy of their synapses. What it counts are the cores' counters.
 */
export class JointCore {
  readonly #plan: JointPlan;
  readonly #space: MemorySpace;
  readonly #wide: FastCore;
  readonly #cores: readonly FastCore[];
  #words: Uint32Array;
  /** By part: where its runs are counted, as word addresses. */
  readonly #runs: readonly (readonly number[])[];
  /** Adds up the counts of rows; undefined where all rows count alike. */
  readonly #rows: RowAdder | undefined;
  /** Which sum is added to which word, in pairs. */
  readonly #added: Uint32Array;

  /**
   * @param wide see {@link layJoint}
   * @param cores of the parts, with their fields where {@link fieldsInJoint} says
   */
  constructor(plan: JointPlan, space: MemorySpace, wide: FastCore, cores: readonly FastCore[]) {
    this.#plan = plan;
    this.#space = space;
    this.#wide = wide;
    this.#cores = cores;
    const slotsOf = plan.parts.map(({ index }, part) => {
      const { map, counters } = at(this.#cores, part).module;
      const wordOf = (slot: number): number => map.counters / 4 + 2 * slot;
      return { ...at(counters.kernels, index), wordOf };
    });
    this.#runs = slotsOf.map(({ runs, work, wordOf }) =>
      (work.by === 'visits' && work.visits !== undefined ? [runs, work.visits] : [runs]).map(wordOf),
    );
    const counted = plan.parts.flatMap((part, index) => {
      const { work, wordOf } = at(slotsOf, index);
      return rowCounts(part, plan.rows, work).map(({ ofRow, slots }) => ({
        ofRow,
        words: slots.map(wordOf),
      }));
    });
    this.#added = Uint32Array.from(counted.flatMap(({ words }, sum) => words.flatMap((word) => [sum, word])));
    this.#rows = counted.length === 0 ? undefined : this.#countRows(counted.map(({ ofRow }) => ofRow));
    this.#words = new Uint32Array(space.buffer);
    space.onMove(() => {
      this.#words = new Uint32Array(space.buffer);
    });
    this.load();
  }

  #countRows(columns: readonly Uint8Array[]): RowAdder {
    const { rows, image, parts } = this.#plan;
    const width = Math.ceil(columns.length / 16) * 16;
    const table = this.#space.take(rows * width);
    const sums = this.#space.take(4 * width);
    const bytes = new Uint8Array(this.#space.buffer, table, rows * width);
    for (const [column, ofRow] of columns.entries())
      for (let row = 0; row < rows; row++) bytes[row * width + column] = ofRow[row] ?? 0;
    const { source } = at(image.projections, parts[0]?.kernel.projection ?? -1);
    const counts: RowCounts = { table, width, sums, mask: neuronMask(at(image.populations, source)) };
    const module = new WebAssembly.Module(rowCountsModule(counts));
    const { exports } = new WebAssembly.Instance(module, { host: { memory: this.#space.memory } });
    return { ...(exports as unknown as Pick<RowAdder, 'count'>), sums: sums / 4 };
  }

  /** Runs the event for the first `count` of some spikes, each on the cores that it acts on. */
  run(spikes: Uint32Array, count: number): void {
    const wide = this.#wide;
    const first = wide.place(spikes, 0, count);
    const rows = this.#rows;
    if (rows !== undefined)
      for (let done = 0; done < count; done += spikesAtOnce) {
        rows.count(first + 4 * done, first + 4 * Math.min(done + spikesAtOnce, count));
        const added = this.#added;
        for (let place = 0; place < added.length; place += 2)
          this.#add(wordAt(added, place + 1), wordAt(this.#words, rows.sums + wordAt(added, place)));
      }
    wide.triggerPlaced(0, first, count);
  }

  /** Counts runs of a part: the spikes that act on it. */
  countRuns(part: number, runs: number): void {
    for (const word of at(this.#runs, part)) this.#add(word, runs);
  }

  /** Adds to a counter of 64 bits. */
  #add(word: number, more: number): void {
    const words = this.#words;
    const sum = wordAt(words, word) + more;
    words[word] = sum;
    if (sum >= 2 ** 32) words[word + 1] = wordAt(words, word + 1) + 1;
  }

  /** Takes over the cores' synapses, since they have been written. */
  load(): void {
    const { parts, firstColumns, rows } = this.#plan;
    const [first] = parts;
    for (const [place, field] of first?.syn.entries() ?? []) {
      const wide = this.#wide.elementsOf(field);
      const own = parts.map(({ syn }, part) => at(this.#cores, part).elementsOf(at(syn, place)));
      if (first?.segmentation === undefined) {
        for (const [part, { elements, rowStride, layout }] of own.entries())
          for (let row = 0; row < rows; row++) {
            const start = row * rowStride;
            const ofRow = elements.subarray(start, start + layout.rowLength);
            wide.elements.set(ofRow, row * wide.rowStride + at(firstColumns, part));
          }
        continue;
      }
      const to = wide.elements;
      let next = 0;
      eachListedRow(parts, rows, (part, start, end) => {
        const { elements } = at(own, part);
        for (let synapse = start; synapse < end; synapse++) to[next++] = elements[synapse] ?? 0;
      });
    }
  }
}

/** What a visit of each of a part's rows counts, where rows differ. */
function rowCounts({ segmentation }: JointPart, rows: number, work: WorkCounters): RowCount[] {
  if (work.by === 'visits' || segmentation === undefined) return [];
  const { rowStart } = segmentation;
  const count = (of: (first: number, end: number) => number): Uint8Array => {
    const counts = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      const first = rowStart[row] ?? 0;
      const end = rowStart[row + 1] ?? 0;
      if (end > first) counts[row] = of(first, end);
    }
    return counts;
  };
  const words = [...work.words];
  const areItems = ([{ of }]: readonly [WordMeasure, number]): boolean => of === 'columns';
  const items = words.filter(areItems).map(([, slot]) => slot);
  return [
    { ofRow: count(() => 1), slots: [work.passes] },
    { ofRow: count((first, end) => end - first), slots: [work.tiles, work.items, ...items] },
    ...words
      .filter((one) => !areItems(one))
      .map(([{ itemsPerWord }, slot]) => ({
        ofRow: count(
          (first, end) => Math.floor((end - 1) / itemsPerWord) - Math.floor(first / itemsPerWord) + 1,
        ),
        slots: [slot],
      })),
  ];
}

/** Spikes that are counted at once: so many bytes add up to less than 2^16. */
const spikesAtOnce = 256;

/** Where the counts of rows lie. */
interface RowCounts {
  /** One row of counts for each row of synapses, a byte each. */
  readonly table: number;
  /** Counts of a row, a multiple of 16. */
  readonly width: number;
  /** The addends, u32 each. */
  readonly sums: number;
  /** The bits of a spike that are its row. */
  readonly mask: number;
}

/**
 * A module that adds up the counts of the rows of some spikes: `count` (address of the spikes, u32 each; where they
 * end). It sets the sums.
 */
function rowCountsModule({ table, width, sums, mask }: RowCounts): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory('host', 'memory', 1);
  const count = module.function('count', { params: ['i32', 'i32'], results: [] }, (f, first, end) => {
    for (let column = 0; column < width; column += vectorBytes) {
      const low = f.keep(v128.const(Int32Array.of(0, 0, 0, 0)));
      const high = f.keep(v128.const(Int32Array.of(0, 0, 0, 0)));
      const next = f.keep(first);
      whileBelow(f, next, end, 4, () => {
        const row = f.keep(v128.load(i32.load(next).and(mask).times(width), table + column));
        f.set(low, i16x8.add(low, i16x8.extend_low_i8x16_u(row)));
        f.set(high, i16x8.add(high, i16x8.extend_high_i8x16_u(row)));
      });
      const store = (part: Local<'v128'>, to: number): void => {
        f.do(v128.store(0, i32x4.extend_low_i16x8_u(part), sums + 4 * to));
        f.do(v128.store(0, i32x4.extend_high_i16x8_u(part), sums + 4 * to + vectorBytes));
      };
      store(low, column);
      store(high, column + 8);
    }
  });
  module.export('count', count);
  return module.toBytes();
}
