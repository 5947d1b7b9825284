import { largest } from '../../text/index.ts';
import { scoredPhase } from '../report.ts';
import type { ChipReport, PhaseReport, Report } from '../schema.ts';
import { amount, grouped, percent, time } from './format.ts';
import { type Style, table } from './table.ts';

/** The contents and the work of each core of a chip, and the traffic between cores; empty for a single core. */
export function chipTables(report: Report, style: Style): string[] {
  const { chip } = report;
  const { on, phase } = scoredPhase(report);
  const shown = report.train.samples > 0 ? report.train : phase;
  const { network } = shown.counters;
  if (chip === undefined || network === undefined) return [];
  const name = shown === phase ? on : 'train';
  return [coreTable(chip, network, name, shown.samples, style), networkTable(report, on, style)];
}

type Network = NonNullable<PhaseReport['counters']['network']>;

/** More rows would say less: beyond this, a table has the least, the median and the most of all cores. */
const mostCores = 64;

function coreTable(
  { cores }: ChipReport,
  { timePs, busyPs, sent, received }: Network,
  phase: string,
  samples: number,
  style: Style,
): string {
  const heads = [`cores, ${phase}, a sample`, 'neurons', 'bits', 'of copies', 'busy', 'packets out', 'in'];
  if (cores.length > mostCores) return table(heads, spreadRows(), 'llrrrrr', style);
  return table(
    heads,
    cores.map(({ core, slices, totalBits, copyBits, sumBits }) => [
      `core ${core}`,
      slices.map(({ population, first, last }) => `${population} ${first}-${last}`).join(', '),
      grouped(totalBits),
      grouped(copyBits + sumBits),
      percent((busyPs[core] ?? 0) / timePs),
      amount((sent[core] ?? 0) / samples),
      amount((received[core] ?? 0) / samples),
    ]),
    'llrrrrr',
    style,
  );

  /** The least, the median and the most of all cores, column by column. */
  function spreadRows(): string[][] {
    const columns: readonly (readonly [number[], (value: number) => string])[] = [
      [cores.map(({ totalBits }) => totalBits), grouped],
      [cores.map(({ copyBits, sumBits }) => copyBits + sumBits), grouped],
      [cores.map(({ core }) => (busyPs[core] ?? 0) / timePs), percent],
      [cores.map(({ core }) => (sent[core] ?? 0) / samples), amount],
      [cores.map(({ core }) => (received[core] ?? 0) / samples), amount],
    ];
    return ['least', 'median', 'most'].map((name, at) => [
      `${name} of ${grouped(cores.length)} cores`,
      '',
      ...columns.map(([values, shown]) =>
        shown(values.toSorted((a, b) => a - b)[Math.floor(((values.length - 1) * at) / 2)] ?? 0),
      ),
    ]);
  }
}

/** The traffic of the network, and the causes of the time of phases. */
function networkTable(report: Report, on: string, style: Style): string {
  const phases = Object.entries({ train: report.train, [on]: scoredPhase(report).phase }).flatMap(
    ([name, { counters, samples }]) =>
      counters.network === undefined || samples === 0 ? [] : [{ name, samples, network: counters.network }],
  );
  const perSample = (count: (network: Network) => number) => (network: Network, samples: number) =>
    amount(count(network) / samples);
  const share = (part: (network: Network) => number) => (network: Network) =>
    percent(part(network) / network.timePs);
  type Row = readonly [string, (network: Network, samples: number) => string];
  const isLossy = phases.some(({ network }) => network.lost !== undefined);
  const lost: readonly Row[] = isLossy ? [['packets lost', perSample((network) => network.lost ?? 0)]] : [];
  const rows: readonly Row[] = [
    ['packets of spikes', perSample(({ send, values }) => send - values)],
    ['packets of values', perSample(({ values }) => values)],
    ...lost,
    ['hops', perSample(({ hopX, hopY }) => hopX + hopY)],
    ['packets on the busiest link', perSample(({ loads }) => largest(loads, 0))],
    ['barriers', perSample(({ barrier }) => barrier)],
    ['time', ({ timePs }, samples) => time(timePs / 1000 / samples)],
    ['set by a core that computes and sends', share(({ sendingPs }) => sendingPs)],
    ['by a core that receives', share(({ receivingPs }) => receivingPs)],
    ['by a link', share(({ linkPs }) => linkPs)],
    ['at barriers', share(({ barrierPs }) => barrierPs)],
  ];
  return table(
    ['network, a sample', ...phases.map(({ name }) => name)],
    rows.map(([what, of]) => [what, ...phases.map(({ network, samples }) => of(network, samples))]),
    'lr',
    style,
  );
}
