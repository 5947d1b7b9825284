import { scoredPhase } from './report.ts';
import type { Report } from './schema.ts';
import { type Spread, spread } from './statistics.ts';

/** A figure of a cell, or of a design over its seeds. */
interface FigureSpec {
  /** In formulas, in the results of searches and in tables of designs. */
  readonly name: string;
  /** In the results of sweeps. */
  readonly column: string;
  readonly unit: 'share' | 'bit' | 'cycle' | 'pJ' | 'ns' | 'um2';
  /** Leads to a number in a report, or null. `scored` stands for `test` or `validation`, whichever it has. */
  readonly path: string;
}

const [trained, scored] = ['train.perSample', 'scored.perSample'];

/** The figures of studies, in the order of `summary.csv`. */
export const figures = [
  { name: 'accuracy', column: 'accuracy', unit: 'share', path: 'scored.accuracy' },
  { name: 'bits', column: 'memoryBits', unit: 'bit', path: 'memory.totalBits' },
  { name: 'inferenceBits', column: 'inferenceBits', unit: 'bit', path: 'memory.inferenceBits' },
  { name: 'areaUm2', column: 'areaUm2', unit: 'um2', path: 'core.area.totalUm2' },
  {
    name: 'trainingCycles',
    column: 'trainCyclesPerSample',
    unit: 'cycle',
    path: `${trained}.counters.cycles`,
  },
  {
    name: 'trainingEnergyPj',
    column: 'trainEnergyPjPerSample',
    unit: 'pJ',
    path: `${trained}.energyPj.total`,
  },
  { name: 'trainingLatencyNs', column: 'trainLatencyNsPerSample', unit: 'ns', path: `${trained}.latencyNs` },
  { name: 'cycles', column: 'inferenceCyclesPerSample', unit: 'cycle', path: `${scored}.counters.cycles` },
  { name: 'energyPj', column: 'inferenceEnergyPjPerSample', unit: 'pJ', path: `${scored}.energyPj.total` },
  { name: 'latencyNs', column: 'inferenceLatencyNsPerSample', unit: 'ns', path: `${scored}.latencyNs` },
] as const satisfies readonly FigureSpec[];
export type Figure = (typeof figures)[number];

/** The number at a path of a report, with `scored` standing for `test` or `validation`; null if there is none. */
export function figureAt(report: Report, path: string): number | null {
  return valueAt({ ...report, scored: scoredPhase(report).phase }, path);
}

/**
 * A figure of a report; null if it has none. An area of 0 is none: the hw-model states none, or the core is on an FPGA.
 *
 * @param scored the phase that `scored` stands for
 */
export function figureOf(report: object, { path, unit }: Figure, scored: object): number | null {
  const value = valueAt({ ...report, scored }, path);
  return unit === 'um2' && value === 0 ? null : value;
}

/** The number at a path of an object; null if there is none. */
function valueAt(object: object, path: string): number | null {
  let value: unknown = object;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return typeof value === 'number' ? value : null;
}

/** The figures that tables of designs have. */
const designNames = [
  'accuracy',
  'energyPj',
  'trainingEnergyPj',
  'latencyNs',
  'trainingLatencyNs',
  'areaUm2',
  'bits',
  'inferenceBits',
] as const satisfies readonly Figure['name'][];
export type DesignFigureName = (typeof designNames)[number];

/**
 * Figures of a design. Energies and latencies are those of a sample, the mean over seeds: of an inference, unless they
 * are called those of training. `areaUm2` is that of all cores of its chip, `bits` the memory that learning needs.
 */
export type ExploredFigures = Readonly<Record<DesignFigureName, number | null>>;
/** The same over the seeds of a design. */
export type FigureSpreads = Readonly<Record<DesignFigureName, Spread>>;

/** @param valuesOf values of a figure, one for each seed that has it */
export function figureSpreads(valuesOf: (name: DesignFigureName) => readonly number[]): FigureSpreads {
  const entries = designNames.map((name) => [name, spread(valuesOf(name))]);
  return Object.fromEntries(entries) as FigureSpreads;
}

export function meansOf(spreads: FigureSpreads): ExploredFigures {
  const entries = designNames.map((name) => [name, spreads[name].mean]);
  return Object.fromEntries(entries) as ExploredFigures;
}

/** The figures of a design without any. */
export const noFigures: ExploredFigures = meansOf(figureSpreads(() => []));

/** The figures that tell whether an energy is unknown. */
type Sampled = Pick<ExploredFigures, 'energyPj' | 'latencyNs' | 'trainingEnergyPj' | 'trainingLatencyNs'>;

/** Whether a figure of a design is an energy that nobody knows: its samples have run, as they have a latency. */
export function isUnknown(figures: Sampled, name: DesignFigureName): boolean {
  if (name === 'energyPj') return figures.energyPj === null && figures.latencyNs !== null;
  if (name === 'trainingEnergyPj')
    return figures.trainingEnergyPj === null && figures.trainingLatencyNs !== null;
  return false;
}
