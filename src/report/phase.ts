import type { SourceKind } from '../hardware/index.ts';
import { type Counters, type Image, price } from '../image/index.ts';

/** What was counted while training, or while testing. */
export interface PhaseCounts {
  readonly samples: number;
  /** Share answered right; null without samples. */
  readonly accuracy: number | null;
  readonly counters: Counters;
}

export interface KernelCounts {
  /** `kernel(population or projection)`, or what a clear or test is called. */
  readonly name: string;
  /** What one of its items counts as: a synaptic operation, a weight update, or neither. */
  readonly counts: 'sop' | 'update' | null;
  readonly runs: number;
  /** Rows visited, or passes over a population. */
  readonly passes: number;
  readonly tiles: number;
  /** Active items in them. */
  readonly items: number;
  /** Tiles scanned to make the masks of its gates. */
  readonly scannedTiles: number;
  readonly cycles: number;
  /** What sets its cycles per tile. */
  readonly boundBy: string;
  readonly wordsRead: number;
  readonly wordsWritten: number;
}

export interface PhaseReport {
  readonly accuracy: number | null;
  readonly samples: number;
  readonly counters: {
    readonly steps: number;
    readonly cycles: number;
    /** Synaptic operations: weights accumulated into neurons. */
    readonly sops: number;
    /** Weight updates: shadow weights visited by a learning rule. */
    readonly updates: number;
    /** Spikes emitted, by population; for the input, supplied. */
    readonly spikes: Readonly<Record<string, number>>;
    readonly router: {
      readonly pushes: number;
      readonly pops: number;
      readonly drops: number;
      readonly stalls: number;
    };
    readonly byKernel: readonly KernelCounts[];
    readonly byBank: readonly {
      readonly name: string;
      readonly wordsRead: number;
      readonly wordsWritten: number;
    }[];
  };
  readonly energyPj: {
    readonly total: number;
    readonly byUnit: Readonly<Record<string, number>>;
    /** Dynamic energy of each kernel; router, leakage and static power are not in it. */
    readonly byKernel: readonly { readonly name: string; readonly energyPj: number }[];
    /** How much rests on figures of which kind. */
    readonly bySourceKind: Readonly<Partial<Record<SourceKind, number>>>;
  };
  readonly latencyNs: number;
  /** Total energy over synaptic operations; null without any. */
  readonly energyPjPerSop: number | null;
  /** The same, per sample; null without samples. */
  readonly perSample: Pick<PhaseReport, 'counters' | 'energyPj' | 'latencyNs'> | null;
}

/** Prices what was counted. */
export function phaseReport(image: Image, { samples, accuracy, counters: counts }: PhaseCounts): PhaseReport {
  const priced = price(counts, image.costs);
  const byKernel = image.work.map((name, index): KernelCounts => {
    const work = counts.work[index];
    if (work === undefined) throw new Error(`no counts for ${name}`);
    const { runs, passes, tiles, items, scannedTiles, reads, writes } = work;
    return {
      name,
      counts: image.kernels[index]?.counts ?? null,
      runs,
      passes,
      tiles,
      items,
      scannedTiles,
      cycles: priced.workCycles[index] ?? 0,
      boundBy: image.costs.work[index]?.boundBy ?? '',
      wordsRead: sum(reads),
      wordsWritten: sum(writes),
    };
  });
  const itemsThatCount = (as: 'sop' | 'update') =>
    sum(byKernel.filter((kernel) => kernel.counts === as).map(({ items }) => items));
  const sops = itemsThatCount('sop');
  const counters: PhaseReport['counters'] = {
    steps: counts.steps,
    cycles: priced.cycles,
    sops,
    updates: itemsThatCount('update'),
    spikes: Object.fromEntries(image.populations.map(({ name }, index) => [name, counts.spikes[index] ?? 0])),
    router: { pushes: counts.pushes, pops: counts.pops, drops: counts.drops, stalls: counts.stalls },
    byKernel,
    byBank: image.banks.map(({ name }, bank) => ({
      name,
      wordsRead: sum(counts.work.map(({ reads }) => reads[bank] ?? 0)),
      wordsWritten: sum(counts.work.map(({ writes }) => writes[bank] ?? 0)),
    })),
  };
  const { total, byUnit, byWork, bySourceKind } = priced.energyPj;
  const energyPj: PhaseReport['energyPj'] = {
    total,
    byUnit,
    byKernel: image.work.map((name, index) => ({ name, energyPj: byWork[index] ?? 0 })),
    bySourceKind,
  };
  const { latencyNs } = priced;
  return {
    accuracy,
    samples,
    counters,
    energyPj,
    latencyNs,
    energyPjPerSop: sops === 0 ? null : total / sops,
    perSample: samples === 0 ? null : divide({ counters, energyPj, latencyNs }, samples),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Every number in a value divided; names stay. */
function divide<T>(value: T, by: number): T {
  const walk = (part: unknown): unknown => {
    if (typeof part === 'number') return part / by;
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value) as T;
}
