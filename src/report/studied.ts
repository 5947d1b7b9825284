import { tableOf } from '../text/index.ts';
import {
  type FigureSpreads,
  type Figures,
  figureSpreads,
  figures,
  meansOf,
  numberAtPath,
  withPower,
} from './figures.ts';
import { type LifeMetrics, lifeMetricNames } from './life.ts';
import { scoredPhase } from './report.ts';
import type { Remark, Report } from './schema.ts';
import type { DesignParts, Parts, StudyCell, StudyDesign } from './schema-study.ts';
import { mean, spread } from './statistics.ts';

/** What a run says of its design. */
export interface RunFigures extends Pick<StudyCell, 'figures' | 'regression' | 'life'> {
  readonly parts: DesignParts;
  readonly scoredSamples: number;
  readonly remarks: readonly Remark[];
}

/** What several runs say of their design: means and spreads over the seeds. */
export interface MeanFigures extends Pick<StudyDesign, 'figures' | 'regression' | 'life' | 'n'> {
  readonly spreads: FigureSpreads;
  readonly parts: DesignParts;
  /** Of each run. */
  readonly scoredSamples: number;
  readonly remarks: readonly Remark[];
}

/** The parts of a report that say what its design is worth. */
export interface ReportedRun extends Pick<Report, 'remarks'> {
  readonly train: ReportedPhase;
  readonly memory: Pick<Report['memory'], 'totalBits' | 'inferenceBits'>;
  readonly core: {
    readonly area: Pick<Report['core']['area'], 'totalUm2' | 'cores' | 'byUnit' | 'bySource' | 'interval'>;
  };
  readonly life?: LifeMetrics | undefined;
}

/** The part of a report on a phase that says what its samples took. */
export interface ReportedPhase
  extends Pick<NonNullable<Report['test']>, 'accuracy' | 'samples' | 'regression'> {
  readonly perSample: {
    readonly counters: {
      readonly cycles: number;
      readonly updates: number;
      readonly byKernel: readonly { readonly cycles: number; readonly boundBy: string }[];
    };
    readonly energyPj: Omit<Parts, 'interval'> & {
      readonly total: number | null;
      readonly interval?: Parts['interval'] | null;
    };
    readonly latencyNs: number;
  } | null;
}

export function figuresOfReport(report: Report): RunFigures {
  return figuresOfRun(report, scoredPhase(report).phase);
}

/** @param scored the phase of the run that was scored */
export function figuresOfRun(run: ReportedRun, scored: ReportedPhase): RunFigures {
  const { train, core, remarks, life } = run;
  const { regression, samples } = scored;
  const { totalUm2, cores, byUnit, bySource, interval } = core.area;
  const ofAllCores = (parts: Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(Object.entries(parts).map(([name, um2]) => [name, um2 * cores]));
  const entries = figures.map(({ name, unit, ...from }) => {
    const value = 'path' in from ? numberAtPath({ ...run, scored }, from.path) : null;
    // An area of 0 is none: the hw-model states none, or the core is on an FPGA.
    return [name, unit === 'um2' && value === 0 ? null : value];
  });
  return {
    figures: withPower(Object.fromEntries(entries) as Figures),
    parts: {
      energyPj: energyParts(scored),
      trainingEnergyPj: energyParts(train),
      areaUm2: {
        ...{ byUnit: ofAllCores(byUnit), bySource: ofAllCores(bySource) },
        ...(totalUm2 > 0 && { interval }),
      },
      bound: boundOf(scored.perSample?.counters.byKernel ?? []),
      trainingBound: boundOf(train.perSample?.counters.byKernel ?? []),
    },
    scoredSamples: samples,
    remarks,
    ...(regression !== undefined && { regression: { sMAPE: regression.sMAPE, R2: regression.R2 } }),
    ...(life !== undefined && { life: byMetric((name) => life[name]) }),
  };
}

function energyParts({ perSample }: ReportedPhase): Parts {
  if (perSample === null || perSample.energyPj.total === null) return { byUnit: {}, bySource: {} };
  const { byUnit, bySource, interval } = perSample.energyPj;
  return { byUnit, bySource, ...(interval && { interval }) };
}

/** Shares of the cycles by what bounds them. */
function boundOf(
  work: readonly { readonly cycles: number; readonly boundBy: string }[],
): Record<string, number> {
  const all = work.reduce((sum, { cycles }) => sum + cycles, 0);
  const shares = tableOf<number>();
  for (const { cycles, boundBy } of work)
    if (cycles > 0) shares[boundBy] = (shares[boundBy] ?? 0) + cycles / all;
  return shares;
}

/** Sums up the runs of a design, one for each seed. */
export function meanFigures(runs: readonly RunFigures[]): MeanFigures {
  const spreads = figureSpreads((name) => runs.flatMap((run) => run.figures[name] ?? []));
  const remarks = new Map(runs.flatMap((run) => run.remarks).map((remark) => [remark.text, remark]));
  const numbers = runs.flatMap(({ regression }) => regression ?? []);
  const lives = runs.flatMap(({ life }) => life ?? []);
  const partsOf = (part: 'energyPj' | 'trainingEnergyPj' | 'areaUm2'): Parts => {
    const intervals = runs.flatMap(({ parts }) => parts[part].interval ?? []);
    const [low, high] = (['low', 'high'] as const).map((bound) => mean(intervals.map((own) => own[bound])));
    return {
      byUnit: meanByName(runs.map(({ parts }) => parts[part].byUnit)),
      bySource: meanByName(runs.map(({ parts }) => parts[part].bySource)),
      ...(low != null && high != null && { interval: { low, high } }),
    };
  };
  return {
    n: runs.length,
    figures: meansOf(spreads),
    spreads,
    parts: {
      energyPj: partsOf('energyPj'),
      trainingEnergyPj: partsOf('trainingEnergyPj'),
      areaUm2: partsOf('areaUm2'),
      bound: meanByName(runs.map(({ parts }) => parts.bound)),
      trainingBound: meanByName(runs.map(({ parts }) => parts.trainingBound)),
    },
    scoredSamples: Math.min(...runs.map(({ scoredSamples }) => scoredSamples)),
    remarks: [...remarks.values()],
    ...(numbers.length > 0 && {
      regression: {
        sMAPE: spread(numbers.map(({ sMAPE }) => sMAPE)),
        R2: spread(numbers.flatMap(({ R2 }) => R2 ?? [])),
      },
    }),
    ...(lives.length > 0 && { life: byMetric((name) => spread(lives.flatMap((life) => life[name] ?? []))) }),
  };
}

function byMetric<T>(make: (name: keyof LifeMetrics) => T): Readonly<Record<keyof LifeMetrics, T>> {
  const entries = lifeMetricNames.map((name) => [name, make(name)]);
  return Object.fromEntries(entries) as Record<keyof LifeMetrics, T>;
}

/** A missing name counts as zero. */
function meanByName(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(all.flatMap((one) => Object.keys(one)));
  return Object.fromEntries([...names].map((name) => [name, mean(all.map((one) => one[name] ?? 0)) ?? 0]));
}

/** A varied value as files have it: scalars as they are, anything else as JSON. */
export function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** A varied value as people read it: `read 1, write 1` for a mapping, `8 16` for a list. */
export function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueInWords).join(' ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, own]) => `${name} ${valueInWords(own)}`)
      .join(', ');
  return shownValue(value);
}
