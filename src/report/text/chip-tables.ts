import { largest } from '../../text/index.ts';
import { scoredPhase } from '../report.ts';
import type { ChipReport, PhaseReport, Report } from '../schema.ts';
import { column, filedCell, numbers, numeric } from './columns.ts';
import { amount, grouped, percent, time } from './format.ts';
import { type Style, table, textTable } from './table.ts';

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
  type Core = ChipReport['cores'][number];
  const title = `cores, ${phase}, a sample`;
  const figures = [
    numbers('bits', ({ totalBits }: Core) => totalBits, grouped),
    numbers('of copies', ({ copyBits, sumBits }: Core) => copyBits + sumBits, grouped),
    numbers('busy', ({ core }: Core) => (busyPs[core] ?? 0) / timePs, percent),
    numbers('packets out', ({ core }: Core) => (sent[core] ?? 0) / samples, amount),
    numbers('in', ({ core }: Core) => (received[core] ?? 0) / samples, amount),
  ];
  if (cores.length <= mostCores)
    return textTable(
      cores,
      [
        column(title, ({ core }) => `core ${core}`),
        column('neurons', ({ slices }) =>
          slices.map(({ population, first, last }) => `${population} ${first}-${last}`).join(', '),
        ),
        ...figures,
      ],
      style,
    );
  return textTable(
    ['least', 'median', 'most'],
    [
      column(title, (name) => `${name} of ${grouped(cores.length)} cores`),
      column('neurons', () => ''),
      ...figures.map(({ head, of }) => {
        const cells = cores.map((core, at) => of(core, at));
        cells.sort((a, b) => Number(filedCell(a)) - Number(filedCell(b)));
        return numeric(head, (_name: string, at) => cells[Math.floor(((cells.length - 1) * at) / 2)]);
      }),
    ],
    style,
  );
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
