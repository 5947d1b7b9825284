import { energy, type Report, scoredPhase, spread } from '../../src/report/index.ts';
import { known, percent, table } from './common.ts';

/** What the tables call each experiment. */
const networks: Readonly<Record<string, string>> = {
  undervolt: 'mnist-snn',
  'undervolt-conv': 'mnist-csnn',
  'undervolt-speech': 'speech-snn',
};

/** The most accuracy that may be lost, as a share. */
const mostLost = 0.01;

/** Banks below their supply: what chips answer right with the weights of a sound core, and once they have learnt on. */
export function undervoltTables(reports: readonly Report[]): Readonly<Record<string, string>> {
  const studies = studiesOf(reports);
  if (studies.length === 0) return {};
  return {
    undervolt: table(
      ['banks at', 'cells that fail', 'before, %', 'after learning on, %', 'chips'],
      studies.flatMap(({ name, points }) =>
        points.map((point) => [
          `${name}, ${point.supplyV} V`,
          point.rate.toPrecision(2),
          around(point.before),
          around(point.after),
          String(point.before.length),
        ]),
      ),
    ),
    undervoltLeast: table(
      ['least supply for a loss of one point', 'before', 'after learning on'],
      studies.map(({ name, points }) => [name, leastOf(points, 'before'), leastOf(points, 'after')]),
    ),
  };
}

/** What an inference takes at each supply, after learning on. */
export function undervoltCostTables(reports: readonly Report[]): Readonly<Record<string, string>> {
  return {
    undervoltCosts: table(
      ['banks at', 'an inference', 'of it banks', 'saved'],
      studiesOf(reports).flatMap(({ name, points }) =>
        points.map(({ supplyV, energyPj, banksPj }) => [
          `${name}, ${supplyV} V`,
          energy(mean(energyPj)),
          `${percent(mean(banksPj) / mean(energyPj), 0)} %`,
          `${percent(1 - mean(energyPj) / mean(points[0]?.energyPj ?? []), 0)} %`,
        ]),
      ),
    ),
  };
}

function studiesOf(
  reports: readonly Report[],
): { readonly name: string; readonly points: readonly Point[] }[] {
  return Object.entries(networks).flatMap(([experiment, name]) => {
    const own = reports.filter(({ provenance }) => provenance.experiment === experiment);
    return own.length === 0 ? [] : [{ name, points: pointsOf(own) }];
  });
}

/** All chips at one supply. */
interface Point {
  readonly supplyV: number;
  readonly rate: number;
  /** Accuracies by chip. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly energyPj: readonly number[];
  readonly banksPj: readonly number[];
}

/** The supplies of a study, the highest first. */
function pointsOf(reports: readonly Report[]): Point[] {
  const supplies = [...new Set(reports.map(supplyOf))].sort((a, b) => b - a);
  return supplies.map((supplyV): Point => {
    const own = reports.filter((report) => supplyOf(report) === supplyV);
    const accuracyAfter = (stage: number) =>
      own.flatMap(({ life }) => life?.tests.find((test) => test.stage === stage)?.accuracy ?? []);
    const perSample = own.flatMap((report) => scoredPhase(report).phase.perSample ?? []);
    return {
      supplyV,
      rate: own[0]?.memory.failing?.banks[0]?.rate ?? 0,
      before: accuracyAfter(-1),
      after: accuracyAfter(0),
      energyPj: perSample.map(({ energyPj }) => known(energyPj.total)),
      banksPj: perSample.map(({ energyPj }) =>
        Object.entries(energyPj.byUnit).reduce(
          (sum, [unit, pj]) => (unit.endsWith(' bank') || unit === 'leakage' ? sum + pj : sum),
          0,
        ),
      ),
    };
  });
}

function supplyOf({ provenance }: Report): number {
  const path = 'hw.bankSupplyV=';
  const own = provenance.settings.find((setting) => setting.startsWith(path));
  if (own === undefined) throw new Error('a run of undervolt at no supply of its own');
  return Number(own.slice(path.length));
}

/**
 * The least supply down to which no supply loses more than a point on average, against a sound chip that has learnt as
 * much.
 */
function leastOf(points: readonly Point[], when: 'before' | 'after'): string {
  const [sound] = points;
  if (sound === undefined) return '-';
  const whole = mean(sound[when]);
  const fails = points.findIndex((point) => whole - mean(point[when]) > mostLost);
  const least = points[(fails < 0 ? points.length : fails) - 1];
  return least === undefined ? '-' : `${least.supplyV} V${fails < 0 ? ' or less' : ''}`;
}

function mean(values: readonly number[]): number {
  return spread(values).mean ?? Number.NaN;
}

function around(values: readonly number[]): string {
  const { mean: middle, standardDeviation } = spread(values);
  if (values.length === 1) return percent(middle, 1);
  const lowest = values.length === 0 ? null : Math.min(...values);
  return `${percent(middle, 1)} ± ${percent(standardDeviation, 1)} (least ${percent(lowest, 1)})`;
}
