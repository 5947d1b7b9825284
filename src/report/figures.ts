import { valueAt } from '../text/index.ts';
import { scoredPhase } from './report.ts';
import type { Report } from './schema.ts';
import { type Spread, spread } from './statistics.ts';
import type { FigureUnit } from './text/format.ts';

/** A figure of a run, or of a design over its seeds. */
interface FigureSpec {
  /** In formulas, in the results of studies and in their tables. */
  readonly name: string;
  /** In files. */
  readonly unit: FigureUnit;
  /**
   * Leads to a number in a report, or null. `scored` stands for `test` or `validation`, whichever it has. Absent where
   * the figure follows from others.
   */
  readonly path?: string;
}

const [trained, scored] = ['train.perSample', 'scored.perSample'];

/** The figures of studies, in the order of their tables. */
export const figures = [
  { name: 'accuracy', unit: 'share', path: 'scored.accuracy' },
  { name: 'energyPj', unit: 'pJ', path: `${scored}.energyPj.total` },
  { name: 'trainingEnergyPj', unit: 'pJ', path: `${trained}.energyPj.total` },
  { name: 'latencyNs', unit: 'ns', path: `${scored}.latencyNs` },
  { name: 'trainingLatencyNs', unit: 'ns', path: `${trained}.latencyNs` },
  { name: 'powerMw', unit: 'mW' },
  { name: 'cycles', unit: 'cycle', path: `${scored}.counters.cycles` },
  { name: 'trainingCycles', unit: 'cycle', path: `${trained}.counters.cycles` },
  { name: 'trainingUpdates', unit: 'count', path: `${trained}.counters.updates` },
  { name: 'areaUm2', unit: 'um2', path: 'core.area.totalUm2' },
  { name: 'bits', unit: 'bit', path: 'memory.totalBits' },
  { name: 'inferenceBits', unit: 'bit', path: 'memory.inferenceBits' },
] as const satisfies readonly FigureSpec[];

export type FigureName = (typeof figures)[number]['name'];
export const figureNames: readonly FigureName[] = figures.map(({ name }) => name);

/** In files. */
export const figureUnit = Object.fromEntries(figures.map(({ name, unit }) => [name, unit])) as {
  readonly [Each in (typeof figures)[number] as Each['name']]: Each['unit'];
};

/** The figures that a search may want, and what it calls them; and what pages call them, in their order. */
export const wantedFigures = [
  { name: 'accuracy', objective: 'accuracy', title: 'accuracy' },
  { name: 'energyPj', objective: 'energy', title: 'energy of an inference' },
  { name: 'latencyNs', objective: 'latency', title: 'latency of an inference' },
  { name: 'powerMw', objective: 'power', title: 'power during an inference' },
  { name: 'areaUm2', objective: 'area', title: 'area' },
  { name: 'bits', objective: 'bits', title: 'memory for learning' },
  { name: 'inferenceBits', objective: 'inferenceBits', title: 'memory for inference' },
  { name: 'trainingEnergyPj', objective: 'trainingEnergy', title: 'energy of a training sample' },
  { name: 'trainingLatencyNs', objective: 'trainingLatency', title: 'latency of a training sample' },
] as const satisfies readonly { name: FigureName; objective: string; title: string }[];

export type ObjectiveName = (typeof wantedFigures)[number]['objective'];
/** In the order of {@link figures}. */
export const objectiveNames: readonly ObjectiveName[] = figureNames.flatMap(
  (name) => wantedFigures.find((wanted) => wanted.name === name)?.objective ?? [],
);

/** Of any two figures but accuracies, the smaller one. */
export function betterOf(name: FigureName): 'more' | 'less' {
  return name === 'accuracy' ? 'more' : 'less';
}

/** Figures with the power of an inference: its energy, static and dynamic, over its latency. 1 pJ in 1 ns is 1 mW. */
export function withPower(figures: Figures): Figures {
  const { energyPj, latencyNs } = figures;
  return { ...figures, powerMw: energyPj === null || !latencyNs ? null : energyPj / latencyNs };
}

/** The number at a path of a report, with `scored` standing for `test` or `validation`; null if there is none. */
export function figureAt(report: Report, path: string): number | null {
  return numberAtPath({ ...report, scored: scoredPhase(report).phase }, path);
}

/** The number at a path of an object; null if there is none. */
export function numberAtPath(object: object, path: string): number | null {
  const value = valueAt(object, path.split('.'));
  return typeof value === 'number' ? value : null;
}

/**
 * Figures of a design. Energies and latencies are those of a sample, the mean over seeds: of an inference, unless they
 * are called those of training, as are updates of weights. `areaUm2` is that of all cores of its chip, `bits` the
 * memory that learning needs.
 */
export type Figures = Readonly<Record<FigureName, number | null>>;
/** The same over the seeds of a design. */
export type FigureSpreads = Readonly<Record<FigureName, Spread>>;

/** @param valuesOf values of a figure, one for each seed that has it */
export function figureSpreads(valuesOf: (name: FigureName) => readonly number[]): FigureSpreads {
  const entries = figureNames.map((name) => [name, spread(valuesOf(name))]);
  return Object.fromEntries(entries) as FigureSpreads;
}

export function meansOf(spreads: FigureSpreads): Figures {
  const entries = figureNames.map((name) => [name, spreads[name].mean]);
  return Object.fromEntries(entries) as Figures;
}

/** The figures of a design without any. */
export const noFigures: Figures = meansOf(figureSpreads(() => []));

/** The figures that tell whether an energy is unknown. */
type Sampled = Pick<Figures, 'energyPj' | 'latencyNs' | 'trainingEnergyPj' | 'trainingLatencyNs'>;

/** Whether a figure of a design is an energy that nobody knows: its samples have run, as they have a latency. */
export function isUnknown(known: Sampled, name: FigureName): boolean {
  if (name === 'energyPj' || name === 'powerMw') return known.energyPj === null && known.latencyNs !== null;
  if (name === 'trainingEnergyPj') return known.trainingEnergyPj === null && known.trainingLatencyNs !== null;
  return false;
}
