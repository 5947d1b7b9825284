import { isUnknown } from '../figures.ts';
import { lifeMetricNames, lifeMetricTitles } from '../life.ts';
import type { DesignKey, StudyDesign, StudyReport } from '../schema-study.ts';
import { type Spread, spread } from '../statistics.ts';
import { valueInWords } from '../studied.ts';
import { area, energy, grouped, percent, time, unknown } from './format.ts';
import { frontTables } from './front-tables.ts';
import { type Style, table } from './table.ts';

/**
 * A study as tables: of a sweep its cells, its designs over their seeds, and cautions about their figures; of a search
 * its front.
 *
 * @param around the name of a design of a search, from which each step is shown, too
 */
export function studyTables(study: StudyReport, style: Style, around?: string): string {
  const { cells } = study;
  if (cells === undefined) return frontTables(study, around, style);
  const { designs } = study;
  const score = scoreOf(study);
  const { heads, of } = choices(study);
  const runs = table(
    [...heads, 'seed', score.name, ...figureHead, ''],
    cells.map((cell) => [
      ...of(cell),
      shown(cell.seed, String),
      shown(cell.regression?.sMAPE ?? cell.figures.accuracy, score.format),
      ...figuresOf(cell),
      cell.status === 'failed' ? `failed: ${cell.reason}` : (cell.reason ?? ''),
    ]),
    `l${'r'.repeat(heads.length - 1)}rrrrrrrl`,
    style,
  );
  const summary = table(
    [...heads, 'n', `mean ${score.name}`, 'standard deviation', 'standard error', ...figureHead],
    designs.map((design) => {
      const { n, mean, standardDeviation, standardError } = design.regression?.sMAPE ?? accuracyOf(design);
      const scores = [mean, standardDeviation, standardError].map((value) => shown(value, score.format));
      return [...of(design), String(n), ...scores, ...figuresOf(design)];
    }),
    'lr',
    style,
  );
  return [runs, summary, ...lifeTable(study, style), ...remarkTable(study, style)].join('\n\n');
}

/** What answers are measured by: accuracy, or an error where samples ask for numbers. */
function scoreOf({ cells = [], scoredOn }: StudyReport) {
  const asksForNumbers = cells.some(({ regression }) => regression !== undefined);
  const name = asksForNumbers ? 'sMAPE' : 'accuracy';
  return {
    name: scoredOn === 'test' ? name : `validation ${name}`,
    format: (value: number): string => (asksForNumbers ? value.toFixed(2) : percent(value, 2)),
  };
}

/** The accuracy of a design over its seeds; a single one has no spread. */
function accuracyOf({ figures: { accuracy }, spreads }: StudyDesign): Spread {
  return spreads?.accuracy ?? spread(accuracy === null ? [] : [accuracy]);
}

/** Precision and axes as columns. Paths of parameters are shown by name alone. */
function choices({ axes }: StudyReport) {
  const paths = axes.flatMap(({ path }) => (path === 'precision' ? [] : [path]));
  return {
    heads: ['precision', ...paths.map((path) => path.replace(/^program\.parameters\./, ''))],
    of: ({ precision, values }: DesignKey): string[] => [
      precision,
      ...paths.map((path) => valueInWords(values[path])),
    ],
  };
}

/** Remembering and forgetting in the lives of designs: means and standard deviations over their seeds. */
function lifeTable(study: StudyReport, style: Style): string[] {
  const { heads, of } = choices(study);
  const lives = study.designs.flatMap((design) =>
    design.life === undefined ? [] : [{ design, life: design.life }],
  );
  if (lives.length === 0) return [];
  const metrics = lifeMetricNames.filter((metric) => lives.some(({ life }) => life[metric].mean !== null));
  const around = ({ mean, standardDeviation }: Spread): string =>
    mean === null
      ? '-'
      : `${percent(mean, 2)}${standardDeviation === null ? '' : ` ± ${percent(standardDeviation, 2)}`}`;
  return [
    table(
      [...heads, 'lives', ...metrics.map((metric) => lifeMetricTitles[metric])],
      lives.map(({ design, life }) => [
        ...of(design),
        String(design.n),
        ...metrics.map((metric) => around(life[metric])),
      ]),
      'lr',
      style,
    ),
  ];
}

/** The remarks of all designs, without repetition. */
function remarkTable(study: StudyReport, style: Style): string[] {
  const { of } = choices(study);
  const rows = study.designs.flatMap((design) =>
    design.remarks.map(({ about, text }) => [
      of(design).join(' '),
      about === 'energy' || about === 'area' ? `* ${about}` : about,
      text,
    ]),
  );
  return rows.length === 0 ? [] : [table(['remarks', '', ''], rows, 'l', style)];
}

const figureHead = ['bits', 'area', 'energy, training', 'energy, inference', 'latency, inference'];

/** Memory and area, then energy and latency of a sample; an asterisk marks an energy or area with a remark. */
function figuresOf({ figures, remarks }: Pick<StudyDesign, 'figures' | 'remarks'>): string[] {
  const markOf = (of: string) => (remarks.some(({ about }) => about === of) ? ' *' : '');
  const energyOf = (name: 'energyPj' | 'trainingEnergyPj'): string =>
    isUnknown(figures, name)
      ? `${unknown}${markOf('energy')}`
      : shown(figures[name], (pj) => `${energy(pj)}${markOf('energy')}`);
  return [
    shown(figures.bits, grouped),
    shown(figures.areaUm2, (um2) => `${area(um2)}${markOf('area')}`),
    energyOf('trainingEnergyPj'),
    energyOf('energyPj'),
    shown(figures.latencyNs, time),
  ];
}

function shown(value: number | null, format: (value: number) => string): string {
  return value === null ? '-' : format(value);
}
