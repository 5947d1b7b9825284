import { restsOnActivity } from '../hardware/index.ts';
import {
  type Counters,
  energyBounds,
  fifoCounts,
  leftInFifo,
  type NetworkCounts,
  type Price,
  type ProgramView,
  price,
  timeBounds,
} from '../image/index.ts';
import { sum } from '../text/index.ts';
import { knownEnergyPj, shareOfPj } from './known.ts';
import type { Regression } from './regression.ts';
import type { KernelCounts, PhaseReport } from './schema.ts';

/** The counts of one phase: training, or the scored samples. */
export interface PhaseCounts {
  readonly samples: number;
  /** Share of correct answers; null without samples. */
  readonly accuracy: number | null;
  /** Accuracy of always giving the most frequent answer. */
  readonly chance?: number | undefined;
  /** How far answers are from numbers. */
  readonly regression?: Regression | undefined;
  readonly counters: Counters;
}

/** Items of the kernels that do one kind of work. */
export function itemsThatCount(
  { kernels }: Pick<ProgramView, 'kernels'>,
  { work }: Counters,
  as: 'sop' | 'update',
): number {
  return sum(kernels.map(({ counts }, index) => (counts === as ? (work[index]?.items ?? 0) : 0)));
}

/** Prices what was counted. */
export function phaseReport(
  image: ProgramView,
  { samples, accuracy, chance, regression, counters: counts }: PhaseCounts,
): PhaseReport {
  const priced = price(counts, image.costs);
  const byKernel = image.work.map((name, index): KernelCounts => {
    const work = counts.work[index];
    if (work === undefined) throw new Error(`no counts for ${name}`);
    const { reads, writes, ...counted } = work;
    return {
      name,
      counts: image.kernels[index]?.counts ?? null,
      ...counted,
      cycles: priced.workCycles[index] ?? 0,
      boundBy: image.costs.work[index]?.boundBy ?? '',
      wordsRead: sum(reads),
      wordsWritten: sum(writes),
    };
  });
  const sops = itemsThatCount(image, counts, 'sop');
  const counters: PhaseReport['counters'] = {
    steps: counts.steps,
    cycles: priced.cycles,
    sops,
    updates: itemsThatCount(image, counts, 'update'),
    spikes: Object.fromEntries(image.populations.map(({ name }, index) => [name, counts.spikes[index] ?? 0])),
    router: { ...fifoCounts(counts), left: leftInFifo(counts) },
    ...(counts.flips !== undefined && { flips: counts.flips }),
    ...(counts.network !== undefined && { network: shownNetwork(counts.network) }),
    byKernel,
    byBank: image.banks.map(({ name }, bank) => ({
      name,
      wordsRead: sum(counts.work.map(({ reads }) => reads[bank] ?? 0)),
      wordsWritten: sum(counts.work.map(({ writes }) => writes[bank] ?? 0)),
    })),
  };
  const energyPj = energyReport(image, priced);
  const { latencyNs } = priced;
  const latencyInterval = timeBounds(priced, image.costs);
  const latency = { latencyNs, ...(latencyInterval && { latencyInterval }) };
  return {
    accuracy,
    samples,
    counters,
    energyPj,
    ...latency,
    energyPjPerSop: sops === 0 ? null : shareOfPj(energyPj.total, sops),
    ...(chance === undefined ? {} : { chance }),
    ...(regression === undefined ? {} : { regression }),
    perSample: samples === 0 ? null : divide({ counters, energyPj, ...latency }, samples),
  };
}

function energyReport({ costs, work }: ProgramView, priced: Price): PhaseReport['energyPj'] {
  const total = knownEnergyPj(priced, costs);
  if (total === null)
    return {
      total,
      byUnit: {},
      byKernel: work.map((name) => ({ name, energyPj: null })),
      bySource: {},
      bySourceKind: {},
      interval: null,
    };
  const { byUnit, byWork, bySource, bySourceKind } = priced.energyPj;
  const rests = restsOnActivity(byUnit, costs);
  return {
    total,
    byUnit,
    byKernel: work.map((name, index) => ({ name, energyPj: byWork[index] ?? 0 })),
    bySource,
    bySourceKind,
    interval: energyBounds(priced, costs),
    ...(rests !== undefined && {
      onAssumedToggles: {
        energyPj: rests.part,
        low: rests.part * rests.interval.low,
        high: rests.part * rests.interval.high,
      },
    }),
  };
}

/** With lists that the report may own. */
function shownNetwork({ busyPs, sent, received, loads, ...counts }: NetworkCounts) {
  return { ...counts, busyPs: [...busyPs], sent: [...sent], received: [...received], loads: [...loads] };
}

/** Divides every number in a value; names stay. */
function divide<T>(value: T, by: number): T {
  const walk = (part: unknown): unknown => {
    if (typeof part === 'number') return part / by;
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value) as T;
}
