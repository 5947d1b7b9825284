import { cyclesTogether } from '../../known.ts';
import { column, numbers, numeric, type TableCell, tabled } from '../../text/columns.ts';
import { amount, digits, percent } from '../../text/format.ts';
import type { DataTable } from '../data-source.ts';
import { dataTable, missing } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { energyCell, type Section } from '../section.ts';
import {
  anyReport,
  type DesignRuns,
  meanOf,
  type PerSample,
  type PhaseName,
  phases,
  phaseTitles,
} from '../study.ts';

export const kernelBounds: Section = {
  id: 'kernels',
  title: 'What binds each kernel',
  short: 'Kernels',
  of({ study: { designs } }) {
    const hasCore = designs.every((design) => anyReport(design).core !== undefined);
    return html`<p>A kernel starts a tile of neighbouring columns each interval; its interval is set by the resource that is busiest: <em>issue</em> (one tile a cycle), a class of units, or a bank’s ports. Busiest: how much of the interval the three busiest resources work in a full tile; the CSV file has all. Means over seeds, per sample; kernels that did not run are left out.</p>
${hasCore ? null : missing('These reports do not say how busy each resource is. Repeat the runs to see it.')}${designs.map(kernelTables)}`;
  },
};

/** Collapsed, because few readers want ten columns for each kernel. The kernel that takes longest is named outside. */
function kernelTables(design: DesignRuns, index: number): Markup {
  const { lanes, clockMhz } = anyReport(design).core ?? {};
  const core = lanes === undefined ? '' : `, ${lanes} lanes at ${clockMhz} MHz`;
  const longest = phases.flatMap((phase) => longestKernel(design, phase));
  return html`<details><summary>${design.label}${core}${longest.length === 0 ? '' : `; most cycles: ${longest.join(', ')}`}</summary>
${phases.map((phase) => kernelTable(design, phase, index))}</details>
`;
}

function longestKernel(design: DesignRuns, phase: PhaseName): string[] {
  const [first] = kernelShares(design, phase);
  return first === undefined ? [] : [`${first.name} ${percent(first.share)} in ${phaseTitles[phase]}`];
}

function kernelTable(design: DesignRuns, phase: PhaseName, index: number): Markup | null {
  const table = kernelFigures(design, phase);
  if (table.rows.length === 0) return null;
  return dataTable({
    id: `kernels-${index + 1}-${phase}`,
    caption: `Kernels at ${design.label}, ${phaseTitles[phase]}`,
    ...table,
  });
}

interface KernelShare {
  readonly name: string;
  readonly boundBy: string;
  readonly items: number;
  readonly tiles: number;
  readonly cycles: number;
  /** Share of all cycles of a sample. */
  readonly share: number;
  /** Null where nobody knows it. */
  readonly pj: number | null;
  /** For each resource, the share of the kernel's interval during which it is busy. */
  readonly utilisation: Readonly<Record<string, number>>;
}

/** Kernels that ran, most cycles first. */
function kernelShares(design: DesignRuns, phase: PhaseName): KernelShare[] {
  const report = anyReport(design);
  const of = (what: (perSample: PerSample) => number) => meanOf(design, phase, what) ?? 0;
  const all = of(({ counters }) => cyclesTogether(counters));
  return (report[phase].perSample?.counters.byKernel ?? [])
    .map(({ name, boundBy }, index): KernelShare => {
      const kernel = (perSample: PerSample) => perSample.counters.byKernel[index];
      const items = of((perSample) => kernel(perSample)?.items ?? 0);
      const tiles = of((perSample) => kernel(perSample)?.tiles ?? 0);
      const cycles = of((perSample) => kernel(perSample)?.cycles ?? 0);
      const pj = meanOf(design, phase, ({ energyPj }) => energyPj.byKernel[index]?.energyPj ?? null);
      const utilisation = report.core.kernels[index]?.utilisation ?? {};
      return { name, boundBy, items, tiles, cycles, share: cycles / all, pj, utilisation };
    })
    .filter(({ cycles }) => cycles > 0)
    .sort((a, b) => b.cycles - a.cycles);
}

/** The columns and rows of a table of kernels. */
export function kernelFigures(design: DesignRuns, phase: PhaseName): Pick<DataTable, 'columns' | 'rows'> {
  const { lanes } = anyReport(design).core;
  const inUse = ({ items, tiles }: KernelShare) =>
    tiles === 0 || items === 0 ? null : items / (tiles * lanes);
  const perItem = ({ items, cycles }: KernelShare) => (items === 0 ? null : cycles / items);
  return tabled(kernelShares(design, phase), [
    column('kernel', ({ name }) => name),
    numbers('items', ({ items }) => items, amount, 'itemsPerSample'),
    numbers('tiles', ({ tiles }) => tiles, amount, 'tilesPerSample'),
    numbers('cycles', ({ cycles }) => cycles, amount, 'cyclesPerSample'),
    numbers('of all', ({ share }) => share, percent, 'shareOfCycles'),
    numbers('cycles an item', perItem, digits(3), 'cyclesPerItem'),
    numbers('lanes in use', inUse, (ofLanes) => percent(ofLanes, 0), 'lanesInUse'),
    column('bound by', ({ boundBy }) => boundBy, 'boundBy'),
    numeric('energy', ({ pj }) => energyCell(pj, true), 'energyPjPerSample'),
    column('busiest', busiest, 'utilisation'),
  ]);
}

/** The three busiest resources; all of them in the CSV file. */
function busiest({ utilisation }: KernelShare): TableCell {
  const busy = Object.entries(utilisation)
    .filter(([, busyShare]) => busyShare > 0)
    .sort(([, a], [, b]) => b - a);
  return { text: listed(busy.slice(0, 3)) || '–', value: listed(busy) };
}

function listed(shares: readonly (readonly [string, number])[]): string {
  return shares.map(([resource, share]) => `${resource} ${percent(share, 0)}`).join(', ');
}
