import { cyclesTogether, shareOfPj } from '../known.ts';
import { scoredPhase } from '../report.ts';
import type { FieldMemory, PhaseReport, Report } from '../schema.ts';
import { chipTables } from './chip-tables.ts';
import { column, numbers, numeric } from './columns.ts';
import {
  amount,
  area,
  decimals,
  energy,
  grouped,
  percent,
  power,
  time,
  whileLearning,
  within,
} from './format.ts';
import { lifeTables } from './life-tables.ts';
import { type Style, table, textTable } from './table.ts';

/** The result of a run as tables: accuracy, memory, cycles, energy, operations; per sample unless stated otherwise. */
export function runTables(report: Report, style: Style): string {
  return [
    accuracyTable(report, style),
    ...lifeTables(report.life, style),
    ...remarkTable(report, style),
    memoryTable(report, style),
    ...failingTable(report, style),
    ...areaTable(report, style),
    ...chipTables(report, style),
    kernelTable(report, style),
    ...energyTables(report, style),
    ...activityTable(report, style),
    operationTable(report, style),
  ].join('\n\n');
}

/** The row of a total. */
const all = 'all';

type PerSample = NonNullable<PhaseReport['perSample']>;
type Phases = readonly (readonly [string, PerSample])[];

function phasesOf(report: Report): Phases {
  const { on, phase } = scoredPhase(report);
  return Object.entries({ train: report.train, [on]: phase }).flatMap(([name, { perSample }]) =>
    perSample === null ? [] : [[name, perSample] as const],
  );
}

/** How far the answers of a regression are from the targets. */
function regressionTable(
  report: Report,
  regression: NonNullable<PhaseReport['regression']>,
  style: Style,
): string {
  const { on, phase } = scoredPhase(report);
  return textTable(
    [regression],
    [
      column('', () => on),
      numbers('sMAPE', ({ sMAPE }) => sMAPE, decimals(2)),
      numbers('R2', ({ R2 }) => R2, decimals(4)),
      numbers('sMAPE of their mean', ({ sMAPEOfMean }) => sMAPEOfMean, decimals(2)),
      numbers('samples', () => phase.samples, grouped),
      column('', () => scoredOn(report)),
    ],
    style,
  );
}

/** Where the scored samples are from. */
function scoredOn(report: Report): string {
  const { name } = report.provenance.data;
  return scoredPhase(report).on === 'test' ? name : `held out from the training set of ${name}`;
}

function accuracyTable(report: Report, style: Style): string {
  const { train } = report;
  const { on, phase } = scoredPhase(report);
  if (phase.regression !== undefined) return regressionTable(report, phase.regression, style);
  const rows: string[][] = [];
  if (train.accuracy !== null) {
    rows.push([
      'train, last epoch',
      percent(train.accuracy),
      grouped(train.history.at(-1)?.samples ?? 0),
      whileLearning,
    ]);
  }
  rows.push([
    on,
    phase.accuracy === null ? '-' : percent(phase.accuracy, 2),
    grouped(phase.samples),
    scoredOn(report),
  ]);
  return table(['', 'accuracy', 'samples', ''], rows, 'lrrl', style);
}

/** Cautions about the figures below; empty if there are none. */
function remarkTable({ remarks }: Report, style: Style): string[] {
  if (remarks.length === 0) return [];
  return [
    table(
      ['remarks', ''],
      remarks.map(({ about, text }) => [about, text]),
      'l',
      style,
    ),
  ];
}

function memoryTable({ memory }: Report, style: Style): string {
  const { totalBits, allocatedBits, savings } = memory;
  const fields = textTable<Partial<FieldMemory>>(
    [...memory.fields, { name: all, totalBits, allocatedBits }],
    [
      column('memory', ({ name }) => name),
      column('bank', ({ bank }) => (bank === null ? 'view' : bank)),
      numbers('bits per item', ({ bitsPerItem }) => bitsPerItem),
      numbers('items', ({ count }) => count, grouped),
      numbers('bits', (field) => field.totalBits, grouped),
      numbers('bits of words', (field) => field.allocatedBits, grouped),
      column('needed for', ({ neededFor }) => neededFor),
    ],
    style,
    '',
  );
  if (savings.length === 0) return fields;
  const saved = textTable(
    savings,
    [
      column('saved against FP32', ({ basis }) => basis),
      column('inference weights', ({ inferenceWeights }) => inferenceWeights),
      numbers('', ({ ratio }) => ratio, percent),
    ],
    style,
  );
  return `${fields}\n\n${saved}`;
}

/** The cells of banks that fail; empty if none do. */
function failingTable(report: Report, style: Style): string[] {
  const { failing } = report.memory;
  if (failing === undefined) return [];
  const { seed, errors, banks } = failing;
  const { phase } = scoredPhase(report);
  const found = textTable(
    banks,
    [
      column(`cells that fail, chip ${seed}`, ({ bank }) => bank),
      numeric('rate', ({ rate }) => rate.toExponential(2)),
      numbers('cells', ({ cells }) => cells, grouped),
      errors === 'stuck' && numbers('stuck', ({ stuck }) => stuck, grouped),
    ],
    style,
  );
  const flips = phase.perSample?.counters.flips;
  const met = flips === undefined ? '' : `\n${amount(flips)} of them read wrong in a sample`;
  return [`${found}${met}`];
}

/** The area of a core by unit; empty if nothing says it. */
function areaTable({ core: { area: found } }: Report, style: Style): string[] {
  const { totalUm2, cores, byUnit, interval } = found;
  if (totalUm2 === 0) return [];
  const rows = Object.entries(byUnit)
    .filter(([, um2]) => um2 > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([unit, um2]) => [unit, area(um2), percent((cores * um2) / totalUm2)]);
  const whole = cores === 1 ? 'all' : `all ${grouped(cores)} cores`;
  return [
    table(
      [cores === 1 ? 'area' : 'area of a core', '', ''],
      [[whole, within(totalUm2, interval, area), ''], ...rows],
      'lr',
      style,
    ),
  ];
}

function kernelTable(report: Report, style: Style): string {
  const phases = phasesOf(report);
  const parts = phases.map(([phase, { counters, energyPj }]) => {
    const together = cyclesTogether(counters);
    const rows = counters.byKernel
      .map((kernel, index) => ({ ...kernel, energyPj: energyPj.byKernel[index]?.energyPj ?? null }))
      .filter(({ cycles, energyPj: pj }) => cycles > 0 || (pj ?? 0) > 0)
      .sort((a, b) => b.cycles - a.cycles || (b.energyPj ?? 0) - (a.energyPj ?? 0));
    return textTable(
      rows,
      [
        column(`kernels, ${phase}, a sample`, ({ name }) => name),
        numbers('items', ({ items }) => items, amount),
        numbers('tiles', ({ tiles }) => tiles, amount),
        numbers('words', ({ wordsRead, wordsWritten }) => wordsRead + wordsWritten, amount),
        numbers('cycles', ({ cycles }) => cycles, amount),
        numbers('', ({ cycles }) => (cycles === 0 ? null : cycles / together), percent),
        column('bound by', ({ boundBy }) => boundBy),
        numeric('energy', (kernel) => energy(kernel.energyPj)),
      ],
      style,
    );
  });
  return parts.join('\n\n');
}

/** Where the energy goes, as far as anybody knows. */
function energyTables(report: Report, style: Style): string[] {
  const phases = phasesOf(report).flatMap(([name, { energyPj }]) =>
    energyPj.total === null ? [] : [[name, { ...energyPj, total: energyPj.total }] as const],
  );
  if (phases.length === 0) return [];
  type Energy = (typeof phases)[number][1];
  const side = (title: string, of: (energyPj: Energy) => Readonly<Record<string, number>>) => {
    const most = (name: string) => Math.max(...phases.map(([, phase]) => of(phase)[name] ?? 0));
    const names = [...new Set(phases.flatMap(([, phase]) => Object.keys(of(phase))))].sort(
      (a, b) => most(b) - most(a),
    );
    return table(
      [title, ...phases.flatMap(([phase]) => [phase, ''])],
      names
        .filter((name) => most(name) > 0)
        .map((name) => [
          name,
          ...phases.flatMap(([, phase]) => {
            const pj = of(phase)[name] ?? 0;
            const { total, interval } = phase;
            return [name === all ? within(pj, interval, energy) : energy(pj), percent(pj / total)];
          }),
        ]),
      'lr',
      style,
    );
  };
  return [
    side('energy by unit, a sample', ({ total, byUnit }) => ({ [all]: total, ...byUnit })),
    side('energy by kind of source', ({ bySourceKind }) => bySourceKind),
  ];
}

/** The bits that toggle: as the figures assume, and how much energy follows them, or as they were counted. */
function activityTable(report: Report, style: Style): string[] {
  const { activity } = report.core;
  if (activity === undefined) return [];
  const { togglesPerBit, low, high, measured } = activity;
  if (measured !== undefined)
    return [
      table(
        [`bits that toggle, counted in steps ${measured.first} to ${measured.last}`, ''],
        [
          ...Object.entries(measured.togglesPerBit).map(([part, share]) => [part, percent(share)]),
          ['assumed elsewhere', percent(togglesPerBit)],
        ],
        'lr',
        style,
      ),
    ];
  const phases = phasesOf(report);
  if (phases.every(([, { energyPj }]) => (energyPj.onAssumedToggles?.energyPj ?? 0) === 0)) return [];
  return [
    table(
      ['bits that toggle', '', ...phases.map(([phase]) => `energy that follows them, ${phase}`)],
      [
        [
          'assumed',
          `${percent(togglesPerBit)} (${percent(low)} to ${percent(high)})`,
          ...phases.map(([, { energyPj }]) => {
            const { onAssumedToggles: rests } = energyPj;
            return rests === undefined ? '-' : within(rests.energyPj, rests, energy);
          }),
        ],
      ],
      'lr',
      style,
    ),
  ];
}

/** Energy over latency; as low as the lowest energy over the longest latency, as high as the other way round. */
function meanPower({ energyPj: { total, interval }, latencyNs, latencyInterval }: PerSample): string {
  if (latencyNs === 0) return '-';
  if (total === null) return power(total, latencyNs);
  const bounds = interval && {
    low: interval.low / (latencyInterval?.high ?? latencyNs),
    high: interval.high / (latencyInterval?.low ?? latencyNs),
  };
  return within(total / latencyNs, bounds, (milliwatts) => power(milliwatts, 1));
}

function operationTable(report: Report, style: Style): string {
  const phases = phasesOf(report);
  const row = (name: string, of: (phase: PerSample) => string) => [
    name,
    ...phases.map(([, phase]) => of(phase)),
  ];
  const words = ({ counters }: PerSample) =>
    counters.byBank.map(
      ({ name, wordsRead, wordsWritten }) =>
        [name, `${amount(wordsRead)} read, ${amount(wordsWritten)} written`] as const,
    );
  const { counters: scored } = scoredPhase(report).phase;
  const populations = Object.keys(scored.spikes);
  return table(
    ['operations, a sample', ...phases.map(([phase]) => phase)],
    [
      ...populations.map((name) =>
        row(`spikes of ${name}`, ({ counters }) => amount(counters.spikes[name] ?? 0)),
      ),
      row('synaptic operations', ({ counters }) => amount(counters.sops)),
      row('weight updates', ({ counters }) => amount(counters.updates)),
      ...scored.byBank.map(({ name }) =>
        row(`words, ${name} bank`, (phase) => words(phase).find(([bank]) => bank === name)?.[1] ?? ''),
      ),
      row('cycles', ({ counters }) => amount(counters.cycles)),
      row('latency', ({ latencyNs, latencyInterval }) => within(latencyNs, latencyInterval, time)),
      row('energy', ({ energyPj: { total, interval } }) => within(total, interval, energy)),
      row('power', meanPower),
      row('energy per synaptic operation', ({ energyPj: { total }, counters }) =>
        counters.sops === 0 ? '-' : energy(shareOfPj(total, counters.sops)),
      ),
    ],
    'lr',
    style,
  );
}
