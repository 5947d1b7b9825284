import { isUnknown } from '../figures.ts';
import type { Remark } from '../schema.ts';
import type { Spread } from '../statistics.ts';
import { type Axis, type DesignKey, type Figures, type Sweep, valueInWords } from '../sweep.ts';
import { area, energy, grouped, percent, time, unknown } from './format.ts';
import { type Style, table } from './table.ts';

/** A sweep as tables: its cells, its designs over their seeds, and cautions about their figures. */
export function sweepTables({ scoredOn, axes, designs, cells }: Sweep, style: Style): string {
  const asksForNumbers = cells.some(({ regression }) => regression !== undefined);
  const score = asksForNumbers ? 'sMAPE' : 'accuracy';
  const accuracy = scoredOn === 'test' ? score : `validation ${score}`;
  const shownScore = (value: number): string => (asksForNumbers ? value.toFixed(2) : percent(value, 2));
  const heads = axisHeads(axes);
  const runs = table(
    ['precision', ...heads, 'seed', accuracy, ...figureHead, ''],
    cells.map((row) => [
      ...designOf(row, axes),
      shown(row.seed, String),
      shown(row.regression?.sMAPE ?? row.accuracy, shownScore),
      ...figuresOf(row),
      row.status === 'failed' ? `failed: ${row.reason}` : (row.reason ?? ''),
    ]),
    `l${'r'.repeat(axes.length)}rrrrrrrl`,
    style,
  );
  const summary = table(
    ['precision', ...heads, 'n', `mean ${accuracy}`, 'standard deviation', 'standard error', ...figureHead],
    designs.map((row) => {
      const { n, mean, standardDeviation, standardError } = row.regression?.sMAPE ?? row.accuracy;
      const scores = [mean, standardDeviation, standardError].map((value) => shown(value, shownScore));
      return [...designOf(row, axes), String(n), ...scores, ...figuresOf(row)];
    }),
    'lr',
    style,
  );
  return [
    runs,
    summary,
    ...lifeTable({ axes, designs }, style),
    ...remarkTable({ axes, designs }, style),
  ].join('\n\n');
}

/** Remembering and forgetting in the lives of designs: means and standard deviations over their seeds. */
function lifeTable({ axes, designs }: Pick<Sweep, 'axes' | 'designs'>, style: Style): string[] {
  const lives = designs.flatMap((design) =>
    design.life === undefined ? [] : [{ design, life: design.life }],
  );
  if (lives.length === 0) return [];
  const named = [
    ['averageAccuracy', 'average accuracy'],
    ['incrementalAccuracy', 'over stages'],
    ['forgetting', 'forgetting'],
    ['backwardTransfer', 'backward transfer'],
    ['forwardTransfer', 'forward transfer'],
  ] as const;
  const metrics = named.filter(([metric]) => lives.some(({ life }) => life[metric].mean !== null));
  const around = ({ mean, standardDeviation }: Spread): string =>
    mean === null
      ? '-'
      : `${percent(mean, 2)}${standardDeviation === null ? '' : ` ± ${percent(standardDeviation, 2)}`}`;
  return [
    table(
      ['precision', ...axisHeads(axes), 'lives', ...metrics.map(([, name]) => name)],
      lives.map(({ design, life }) => [
        ...designOf(design, axes),
        String(design.accuracy.n),
        ...metrics.map(([metric]) => around(life[metric])),
      ]),
      'lr',
      style,
    ),
  ];
}

/** The remarks of all designs, without repetition. */
function remarkTable({ axes, designs }: Pick<Sweep, 'axes' | 'designs'>, style: Style): string[] {
  const rows = designs.flatMap((design) =>
    design.remarks.map(({ about, text }) => [
      designOf(design, axes).join(' '),
      about === 'energy' || about === 'area' ? `* ${about}` : about,
      text,
    ]),
  );
  return rows.length === 0 ? [] : [table(['remarks', '', ''], rows, 'l', style)];
}

/** Paths of axes; parameters by name alone. */
function axisHeads(axes: readonly Axis[]): string[] {
  return axes.map(({ path }) => path.replace(/^program\.parameters\./, ''));
}

function designOf({ precision, values }: DesignKey, axes: readonly Axis[]): string[] {
  return [precision, ...axes.map(({ path }) => valueInWords(values[path]))];
}

const figureHead = ['bits', 'area', 'energy, training', 'energy, inference', 'latency, inference'];

type Shown = Pick<
  Figures,
  | 'memoryBits'
  | 'areaUm2'
  | 'trainEnergyPjPerSample'
  | 'trainLatencyNsPerSample'
  | 'inferenceEnergyPjPerSample'
  | 'inferenceLatencyNsPerSample'
> & { readonly remarks: readonly Remark[] };

/** Memory and area, then energy and latency per sample; an asterisk marks an energy or area with a remark. */
function figuresOf(row: Shown): string[] {
  const markOf = (of: Remark['about']) => (row.remarks.some(({ about }) => about === of) ? ' *' : '');
  const known = {
    energyPj: row.inferenceEnergyPjPerSample,
    latencyNs: row.inferenceLatencyNsPerSample,
    trainingEnergyPj: row.trainEnergyPjPerSample,
    trainingLatencyNs: row.trainLatencyNsPerSample,
  };
  const energyOf = (name: keyof typeof known, pj: number | null): string =>
    isUnknown(known, name)
      ? `${unknown}${markOf('energy')}`
      : shown(pj, (own) => `${energy(own)}${markOf('energy')}`);
  return [
    shown(row.memoryBits, grouped),
    shown(row.areaUm2, (um2) => `${area(um2)}${markOf('area')}`),
    energyOf('trainingEnergyPj', row.trainEnergyPjPerSample),
    energyOf('energyPj', row.inferenceEnergyPjPerSample),
    shown(row.inferenceLatencyNsPerSample, time),
  ];
}

function shown(value: number | null, format: (value: number) => string): string {
  return value === null ? '-' : format(value);
}
