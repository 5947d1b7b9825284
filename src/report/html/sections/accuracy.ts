import { command, option } from '../../../text/index.ts';
import { shareOfPj } from '../../known.ts';
import type { Spread } from '../../statistics.ts';
import { scaleOf } from '../../text/format.ts';
import { column, figure, missing, numbers, tabled } from '../figure.ts';
import type { RunReport } from '../input.ts';
import { html, type Markup } from '../markup.ts';
import { errorBarChart, type Mark } from '../options/error-bars.ts';
import { noAccuracy, type Section, unknownNote } from '../section.ts';
import { type DesignRuns, hasUnknownEnergies, isRegression, type PageSubject, spreadOf } from '../study.ts';

/** A quantity that test accuracy is plotted against. */
interface Against {
  readonly id: string;
  readonly title: string;
  readonly axisName: string;
  readonly unit: string;
  /** In bits or joules; null if a run has no such value. */
  readonly of: (report: RunReport) => number | null;
}

const memories: readonly Against[] = [
  {
    id: 'accuracy-memory-training',
    title: 'Accuracy against memory for learning',
    axisName: 'all that learning needs',
    unit: 'bit',
    of: ({ memory }) => memory.totalBits,
  },
  {
    id: 'accuracy-memory-inference',
    title: 'Accuracy against memory for inference',
    axisName: 'what inference alone needs',
    unit: 'bit',
    of: ({ memory }) => memory.inferenceBits,
  },
];

const energies: readonly Against[] = (['train', 'test'] as const).map((phase) => {
  const name = phase === 'train' ? 'a training sample' : 'a test sample';
  return {
    id: `accuracy-energy-${phase}`,
    title: `Accuracy against energy of ${name}`,
    axisName: `energy of ${name}`,
    unit: 'J',
    of: (report: RunReport) => {
      const { perSample } = report[phase];
      return shareOfPj(perSample?.energyPj.total ?? null, 1e12);
    },
  };
});

export const accuracyAgainstMemory: Section = {
  id: 'accuracy-memory',
  title: 'Accuracy against memory',
  short: 'Accuracy / memory',
  of: ({ study }) =>
    isRegression(study.designs)
      ? noAccuracy()
      : html`<div class="plots">${memories.map((against) => scatter(study, against))}</div>${howToRead(study)}`,
};

export const accuracyAgainstEnergy: Section = {
  id: 'accuracy-energy',
  title: 'Accuracy against energy',
  short: 'Accuracy / energy',
  of: ({ study }) =>
    isRegression(study.designs)
      ? noAccuracy()
      : html`<div class="plots">${energies.map((against) => scatter(study, against))}</div>${unknownNote(study.designs)}${howToRead(study)}`,
};

function scatter(study: PageSubject, against: Against): Markup {
  const marks = marksOf(study.designs, against);
  const largest = Math.max(0, ...marks.map(({ x }) => x.mean ?? 0));
  // What is unknown has a note of its own.
  if (marks.length === 0 && study.designs.every(hasUnknownEnergies) && against.unit === 'J') return html``;
  if (marks.length === 0) {
    return missing(`${against.title}: no run has both. Runs with test samples and at least one epoch do.`);
  }
  const { size, prefix } = scaleOf(largest);
  const scaled = marks.map(({ x, runs, ...mark }) => ({
    ...mark,
    x: scaleSpread(x, 1 / size),
    runs: runs.map((run) => ({ ...run, x: run.x / size })),
  }));
  const chart = errorBarChart(scaled, `${against.axisName}, ${prefix}${against.unit}`, 'test accuracy, %');
  return figure({
    id: against.id,
    title: against.title,
    alt: `${against.title}: ${scaled.map(({ label, x, y }) => `${label} ${y.mean?.toFixed(2)} % at ${x.mean?.toPrecision(3)} ${prefix}${against.unit}`).join('; ')}`,
    picture: chart,
    data: () => marksTable(marks, against),
  });
}

/** Single runs are in the table of all runs. */
function marksTable(marks: readonly Mark[], { axisName, unit }: Against) {
  return tabled(marks, [
    column('design', ({ label }) => label),
    numbers('runs', ({ y }) => y.n),
    numbers(`${axisName} [${unit}]`, ({ x }) => x.mean),
    numbers('standard deviation', ({ x }) => x.standardDeviation),
    numbers('standard error', ({ x }) => x.standardError),
    numbers('test accuracy [%]', ({ y }) => y.mean),
    numbers('standard deviation [%]', ({ y }) => y.standardDeviation),
    numbers('standard error [%]', ({ y }) => y.standardError),
  ]);
}

/** The designs that have both values; accuracy in percent. */
export function marksOf(designs: readonly DesignRuns[], { of }: Pick<Against, 'of'>): Mark[] {
  return designs.flatMap((design): Mark[] => {
    const runs = design.runs.flatMap(({ report }) => {
      const [x, y] = [of(report), report.test.accuracy];
      const name = `${design.label}, seed ${report.provenance.seed}: ${(100 * (y ?? 0)).toFixed(2)} %`;
      return x === null || y === null ? [] : [{ name, x, y: 100 * y }];
    });
    const y = scaleSpread(
      spreadOf(design, ({ test }) => test.accuracy),
      100,
    );
    return runs.length === 0 ? [] : [{ label: design.label, x: spreadOf(design, of), y, runs }];
  });
}

function scaleSpread({ n, mean, standardDeviation, standardError }: Spread, by: number): Spread {
  const scaled = (value: number | null) => (value === null ? null : value * by);
  return {
    n,
    mean: scaled(mean),
    standardDeviation: scaled(standardDeviation),
    standardError: scaled(standardError),
  };
}

function howToRead({ designs }: PageSubject): Markup {
  const isSpread = designs.some(({ runs }) => runs.length > 1);
  return html`<p class="note">${
    isSpread
      ? 'Means over seeds with error bars of one standard error; faint marks are single runs.'
      : `One run for each design: error bars need several seeds, such as ${command('sweep EXPERIMENT', option('seeds', '1,2,3'))}.`
  }</p>
`;
}
