import { Mesh } from '../../../hardware/index.ts';
import { largest } from '../../../text/index.ts';
import { shareOfPj } from '../../known.ts';
import { column, numbers, numeric, tabled } from '../../text/columns.ts';
import { amount, grouped, percent, time } from '../../text/format.ts';
import type { DataTable } from '../data-source.ts';
import { dataTable, figure } from '../figure.ts';
import type { RunReport } from '../input.ts';
import { html, type Markup } from '../markup.ts';
import { lookOf } from '../options/stacks.ts';
import { type MeshLoad, meshSvg, nameOf } from '../pictures/mesh.ts';
import { energyCell, pictured, type Section } from '../section.ts';
import {
  anyReport,
  type DesignRuns,
  hasRun,
  meanOf,
  type PerSample,
  type PhaseName,
  phases,
  phaseTitles,
} from '../study.ts';
import { partsOf } from './energy.ts';
import { type StackedFigure, stackedFigures } from './stacked.ts';

type Chip = NonNullable<RunReport['chip']>;
type Network = NonNullable<PerSample['counters']['network']>;

/** Only of runs on chips of many cores. */
export const coresAndNetwork: Section = {
  id: 'chip',
  title: 'Cores and the network between them',
  short: 'Cores',
  of({ study }) {
    const onChips = study.designs.filter((design) => anyReport(design).chip !== undefined);
    if (onChips.length === 0) return undefined;
    const { designs, note } = pictured(onChips);
    return html`<h3 class="group">Mesh</h3>
<p>Cores by the share of the time that they compute, links by the packets that pass them. Time includes the barriers at which cores wait for each other.</p>
${note}<div class="plots">${designs.flatMap((design, index) => meshFigures(design, index + 1))}</div>
<h3 class="group">Time, by what set it</h3>
<p>A step has phases, each as long as its slowest core or link; then cores wait for each other at a barrier.</p>
${timeBySetter(onChips)}
<h3 class="group">What the network takes</h3>
${networkTable(study.designs)}`;
  },
};

/** The mean of something that the network counts; null if the phase has no samples. */
function meanOfNetwork(
  design: DesignRuns,
  phase: PhaseName,
  of: (network: Network) => number,
): number | null {
  return meanOf(design, phase, ({ counters: { network } }) => (network === undefined ? 0 : of(network)));
}

/** A mesh for each phase, with tables of cores and links. */
function meshFigures(design: DesignRuns, number: number): Markup[] {
  const { chip } = anyReport(design);
  const present = phases.filter((phase) => meanOfNetwork(design, phase, () => 0) !== null);
  return chip === undefined
    ? []
    : present.map((phase) => meshFigure(design, chip, phase, `mesh-${number}-${phase}`));
}

function meshFigure(design: DesignRuns, chip: Chip, phase: PhaseName, id: string): Markup {
  const mean = (of: (network: Network) => number): number => meanOfNetwork(design, phase, of) ?? 0;
  const mesh = new Mesh(chip);
  const busy = chip.cores.map(({ core }) => mean(share(({ busyPs }) => busyPs[core] ?? 0)));
  const loads = Array.from({ length: 4 * mesh.tiles }, (_, link) =>
    mean((network) => network.loads[link] ?? 0),
  );
  const shares = new Map(chip.cores.map(({ core }, at) => [core, busy[at]]));
  const load: MeshLoad = {
    shape: chip,
    busy: Array.from({ length: mesh.cores }, (_, core) => shares.get(core)),
    loads,
  };
  const title = `Mesh, ${phaseTitles[phase]}, ${design.label}`;
  const most = largest(busy);
  const busiestCore = chip.cores[busy.indexOf(most)]?.core ?? 0;
  const heaviest = largest(loads);
  const note =
    `The busiest core is ${busiestCore}, ${percent(most)} of the time` +
    (heaviest === 0
      ? '; no link carries anything.'
      : `; the busiest link leads ${nameOf(mesh, loads.indexOf(heaviest))}, ${amount(heaviest)} packets a sample.`);
  return figure({
    id,
    title,
    alt: `${title}: ${mesh.columns} x ${mesh.rows} tiles. ${note} The tables below have the figures.`,
    picture: meshSvg(load),
    note,
    data: coreTable(chip, mesh, busy, mean, `${id}-cores`, title),
    more: linkTable(mesh, loads, `${id}-links`, title),
  });
}

function coreTable(
  { cores }: Chip,
  mesh: Mesh,
  busy: readonly number[],
  mean: (of: (network: Network) => number) => number,
  id: string,
  title: string,
): DataTable {
  const packets =
    (way: 'sent' | 'received') =>
    ({ core }: Chip['cores'][number]) =>
      mean((network) => network[way][core] ?? 0);
  return {
    id,
    caption: `${cores.length > mostRows ? `The ${mostRows} busiest of ${cores.length} cores` : 'Cores'}. ${title}`,
    ...tabled(busiest(cores, busy), [
      column('core', ({ core }) => String(core)),
      column('tile x, y', ({ core }) => {
        const tile = mesh.tileOf[core] ?? 0;
        return `${mesh.x[tile]}, ${mesh.y[tile]}`;
      }),
      column('neurons', ({ slices }) =>
        slices.map(({ population, first, last }) => `${population} ${first}-${last}`).join(', '),
      ),
      numbers('bits', ({ totalBits }) => totalBits, grouped),
      numbers('of copies', ({ copyBits }) => copyBits, grouped, 'copyBits'),
      numbers('of partial sums', ({ sumBits }) => sumBits, grouped, 'sumBits'),
      numbers('busy', ({ busyShare }) => busyShare, percent, 'busyShare'),
      numbers('packets out', packets('sent'), amount, 'packetsSentPerSample'),
      numbers('packets in', packets('received'), amount, 'packetsReceivedPerSample'),
    ]),
  };
}

/** More rows would make the page slow to open. */
const mostRows = 100;

/** The cores in order, or if there are too many, the busiest of them. */
function busiest(cores: Chip['cores'], busy: readonly number[]) {
  const all = cores.map((core, at) => ({ ...core, busyShare: busy[at] ?? 0 }));
  return all.length > mostRows
    ? all.toSorted((a, b) => b.busyShare - a.busyShare || a.core - b.core).slice(0, mostRows)
    : all;
}

function linkTable(mesh: Mesh, loads: readonly number[], id: string, title: string): Markup | null {
  const used = loads
    .map((load, link) => ({ load, link }))
    .filter(({ load }) => load > 0)
    .sort((a, b) => b.load - a.load);
  if (used.length === 0) return null;
  const which = used.length > mostRows ? `The ${mostRows} busiest of ${used.length} links` : 'Links';
  return dataTable({
    id,
    caption: `${which}. ${title}`,
    ...tabled(used.slice(0, mostRows), [
      column('link', ({ link }) => nameOf(mesh, link)),
      numbers('packets a sample', ({ load }) => load, amount, 'packetsPerSample'),
    ]),
  });
}

/** A part of the time of all steps. */
function share(part: (network: Network) => number): (network: Network) => number {
  return (network) => (network.timePs === 0 ? 0 : part(network) / network.timePs);
}

const setters = {
  'a core that computes and sends': 'sendingPs',
  'a core that receives': 'receivingPs',
  'a link': 'linkPs',
  barriers: 'barrierPs',
} as const;

function timeBySetter(designs: readonly DesignRuns[]): Markup {
  const figures = phases.flatMap((phase): StackedFigure[] => {
    const stacks = partsOf(designs, phase, ({ counters: { network } }) =>
      Object.fromEntries(
        Object.entries(setters).map(([name, counter]) => [name, (network?.[counter] ?? 0) / 1000]),
      ),
    );
    if (stacks.bars.length === 0) return [];
    return [
      {
        id: `time-${phase}`,
        title: `Time of a sample, ${phaseTitles[phase]}, by what set it`,
        stacks,
        look: lookOf(stacks, 'time', 's', 1e9, time),
        part: 'set by',
        unit: 'ns',
      },
    ];
  });
  return stackedFigures(figures, Object.keys(setters));
}

/** Packets that a design's network loses in a sample; null where it can lose none. */
function lostIn(design: DesignRuns, phase: PhaseName): number | null {
  const { perSample } = anyReport(design)[phase];
  return perSample?.counters.network?.lost === undefined
    ? null
    : meanOfNetwork(design, phase, ({ lost = 0 }) => lost);
}

/** A row for each design and phase. A single core, for comparison, has no network. */
function networkTable(designs: readonly DesignRuns[]): Markup {
  const isLossy = designs.some(
    (design) => lostIn(design, 'test') !== null || lostIn(design, 'train') !== null,
  );
  const rows = designs.flatMap((design) =>
    phases.flatMap((phase) => (hasRun(design, phase) ? [{ design, phase }] : [])),
  );
  type Row = (typeof rows)[number];
  const chipOf = ({ design }: Row) => anyReport(design).chip;
  const mean = (head: string, of: (network: Network) => number, csv?: string, format = amount) =>
    numbers(
      head,
      (row: Row) => (chipOf(row) === undefined ? null : meanOfNetwork(row.design, row.phase, of)),
      format,
      csv,
    );
  const energyOf = ({ design, phase }: Row) => {
    const total = meanOf(design, phase, ({ energyPj }) => energyPj.total);
    const network = meanOf(design, phase, ({ energyPj }) => energyPj.byUnit.network ?? 0);
    return { total, network: total === null ? null : network };
  };
  const network = (row: Row) => {
    const isOnChip = chipOf(row) !== undefined;
    return energyCell(isOnChip ? energyOf(row).network : null, isOnChip);
  };
  const networkShare = (row: Row) => {
    const isOnChip = chipOf(row) !== undefined;
    const { total, network: own } = energyOf(row);
    const part = isOnChip && total !== null ? shareOfPj(own, total) : null;
    return energyCell(part, isOnChip, (share) => percent(share, 2));
  };
  const copyBits = (row: Row) =>
    chipOf(row)?.cores.reduce((sum, { copyBits: own, sumBits }) => sum + own + sumBits, 0);
  return dataTable({
    id: 'network',
    caption: 'Network, per sample',
    ...tabled(rows, [
      column('design', ({ design }) => design.label),
      column('phase', ({ phase }) => phaseTitles[phase]),
      numbers('cores', (row) => chipOf(row)?.cores.length ?? 1),
      mean('packets of spikes', ({ send, values }) => send - values, 'spikePackets'),
      mean('of values', ({ values }) => values, 'valuePackets'),
      isLossy && numbers('lost', ({ design, phase }) => lostIn(design, phase), amount, 'lostPackets'),
      mean('hops', ({ hopX, hopY }) => hopX + hopY),
      mean('barriers', ({ barrier }) => barrier),
      mean(
        'time at barriers',
        share(({ barrierPs }) => barrierPs),
        'barrierShare',
        percent,
      ),
      numeric('energy of the network', network, 'networkEnergyPj'),
      numeric('of all energy', networkShare, 'networkEnergyShare'),
      numbers('bits of copies and sums', copyBits, grouped, 'copyAndSumBits'),
    ]),
  });
}
