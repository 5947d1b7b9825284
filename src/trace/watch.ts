import type { Chip } from '../chips/index.ts';
import type { Dataset } from '../data/index.ts';
import { defaultEngine, type Probe, type Processor } from '../engine/index.ts';
import { type Cell, lastingStages, Session } from '../experiment/index.ts';
import { fieldRange, type PlacedCore, type ProgramView, writtenFields } from '../image/index.ts';
import { at } from '../text/index.ts';

/** The values that a kernel gave to a field, over all its runs. */
export interface KernelWrites {
  /** `kernel(population or projection)`, as in the counters. */
  readonly kernel: string;
  readonly field: string;
  readonly runs: number;
  /** Items that it computed: neurons or synapses. */
  readonly items: number;
  /** How often an item of the field had another value after a run than before. */
  readonly changes: number;
  /** Mean and largest size of these changes, in units of the field; 0 without any. */
  readonly meanChange: number;
  readonly largestChange: number;
  /** The numbers that the field can hold; null for floats. */
  readonly holds: readonly [low: number, high: number] | null;
  /** The least and the greatest number in the field after any run; null if the kernel never ran. */
  readonly seen: readonly [least: number, greatest: number] | null;
  /**
   * The share of items that stand at the end of what the field can hold, after each run: at its greatest number, or for
   * a signed field at its least. null for flags and floats, which do not saturate.
   */
  readonly saturated: number | null;
}

/**
 * Trains a cell and watches what the kernels write: whether values saturate, and whether updates are rounded away. The
 * fields that a kernel writes are read before and after each of its runs, so this takes many times as long as training
 * does.
 *
 * A kernel that waits for room in the FIFO is credited with what others write meanwhile. A sum over rows that several
 * cores put together is written between kernels, and is left out.
 *
 * @param data already limited
 * @param engine does not affect the result
 * @param chips chips that the cell may host; default: the bundled ones
 * @throws PlasticoreError `data` if the data set does not fit the network
 */
export function watchWrites(
  cell: Cell,
  data: Dataset,
  engine: string = defaultEngine,
  chips?: readonly Chip[],
): KernelWrites[] {
  const { image } = cell;
  const watched = image.kernels.map((kernel, work) =>
    writtenFields(kernel)
      .filter((field) => image.cores.some((core) => isWritten(core, work, field)))
      .map((field) => new Watch(image, field)),
  );
  const session: Session = new Session(cell, data, {
    engine,
    chips,
    stages: lastingStages(cell, data),
    watch: {
      core: (index) => {
        const core = (): Processor => at(session.machine.cores, index);
        return { probe: probeOf(at(image.cores, index), watched, core) };
      },
    },
  });
  while (session.stage.part === 'train') {
    if (session.isStageDone) session.enterNext();
    else session.next();
  }
  const { work } = session.host.counters();
  return watched.flatMap((watches, kernel) =>
    watches.map((watch): KernelWrites => {
      const { runs = 0, items = 0 } = work[kernel] ?? {};
      return { kernel: image.work[kernel] ?? '', ...watch.result(), runs, items };
    }),
  );
}

/** Whether a core's part of a kernel of the program writes items of a field. */
function isWritten({ image, work: wholes, fields }: PlacedCore, work: number, field: number): boolean {
  return image.kernels.some(
    (kernel, own) =>
      wholes[own] === work && writtenFields(kernel).some((part) => fields[part]?.field === field),
  );
}

/** Compares what each run of a kernel leaves on a core of what it writes with what was there before. */
function probeOf(
  { image, work: wholes, fields }: PlacedCore,
  watched: readonly (readonly Watch[])[],
  core: () => Processor,
): Probe {
  const stores = image.kernels.map((kernel, work) =>
    writtenFields(kernel).flatMap((field) => {
      const watch = watched[wholes[work] ?? -1]?.find((one) => one.field === fields[field]?.field);
      return watch === undefined ? [] : [{ field, watch }];
    }),
  );
  const before: Float64Array[][] = [];
  return {
    began: (work) => before.push((stores[work] ?? []).map(({ field }) => core().read(field))),
    ended: (work) => {
      const earlier = before.pop() ?? [];
      for (const [index, { field, watch }] of (stores[work] ?? []).entries())
        watch.compare(earlier[index] ?? new Float64Array(), core().read(field));
    },
  };
}

/** A field, as one kernel leaves it. */
class Watch {
  readonly field: number;
  readonly #name: string;
  readonly #range: { readonly low: number; readonly high: number } | undefined;
  readonly #isFlag: boolean;
  readonly #ends: ReadonlySet<number>;
  #least = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;
  #values = 0;
  #atEnds = 0;
  #changes = 0;
  #changed = 0;
  #largest = 0;

  constructor({ fields }: ProgramView, index: number) {
    const field = fields[index];
    if (field === undefined) throw new Error(`no field ${index}`);
    this.field = index;
    this.#name = field.name;
    this.#isFlag = field.kind === 'flag';
    this.#range = field.storage === 'float32' ? undefined : fieldRange(field);
    const { low = 0, high = 0 } = this.#range ?? {};
    this.#ends = new Set(low < 0 ? [low, high] : [high]);
  }

  compare(before: Float64Array, after: Float64Array): void {
    this.#values += after.length;
    for (const [item, value] of after.entries()) {
      if (value < this.#least) this.#least = value;
      if (value > this.#greatest) this.#greatest = value;
      if (this.#ends.has(value)) this.#atEnds += 1;
      const change = Math.abs(value - (before[item] ?? 0));
      if (change === 0) continue;
      this.#changes += 1;
      this.#changed += change;
      this.#largest = Math.max(this.#largest, change);
    }
  }

  result(): Omit<KernelWrites, 'kernel' | 'runs' | 'items'> {
    const isSaturating = this.#range !== undefined && !this.#isFlag;
    return {
      field: this.#name,
      changes: this.#changes,
      meanChange: this.#changes === 0 ? 0 : this.#changed / this.#changes,
      largestChange: this.#largest,
      holds: this.#range === undefined ? null : [this.#range.low, this.#range.high],
      seen: this.#values === 0 ? null : [this.#least, this.#greatest],
      saturated: isSaturating && this.#values > 0 ? this.#atEnds / this.#values : null,
    };
  }
}
