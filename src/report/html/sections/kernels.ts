import { amount, percent } from '../../text/format.ts';
import { dataTable, missing, numberCell, type TableCell } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import type { Section } from '../section.ts';
import { anyReport, type DesignRuns, meanOf, type PerSample, type PhaseName, phases } from '../study.ts';
import { energyCell } from './unknown.ts';

export const kernelBounds: Section = {
  id: 'kernels',
  title: 'What binds each kernel',
  short: 'Kernels',
  render({ study: { designs } }) {
    const hasCore = designs.every((design) => anyReport(design).core !== undefined);
    return html`<p>A kernel starts a tile of neighbouring columns each interval; its interval is set by the resource that is busiest: <em>issue</em> (one tile a cycle), a class of units, or a bank’s ports. Busiest: how much of the interval the three busiest resources work in a full tile; the CSV file has all. Means over seeds, per sample; kernels that did not run are left out.</p>
${hasCore ? null : missing('These reports do not say how busy each resource is. Repeat the runs to see it.')}${designs.map(kernelTables)}`;
  },
};

const phaseNames: Readonly<Record<PhaseName, string>> = { train: 'training', test: 'test' };

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
  return first === undefined ? [] : [`${first.name} ${percent(first.share)} in ${phaseNames[phase]}`];
}

function kernelTable(design: DesignRuns, phase: PhaseName, index: number): Markup | null {
  const rows = kernelRows(design, phase);
  if (rows.length === 0) return null;
  return dataTable({
    id: `kernels-${index + 1}-${phase}`,
    caption: `Kernels at ${design.label}, ${phaseNames[phase]}`,
    columns: [
      { head: 'kernel' },
      { head: 'items', csv: 'itemsPerSample', number: true },
      { head: 'tiles', csv: 'tilesPerSample', number: true },
      { head: 'cycles', csv: 'cyclesPerSample', number: true },
      { head: 'of all', csv: 'shareOfCycles', number: true },
      { head: 'cycles an item', csv: 'cyclesPerItem', number: true },
      { head: 'lanes in use', csv: 'lanesInUse', number: true },
      { head: 'bound by', csv: 'boundBy' },
      { head: 'energy', csv: 'energyPjPerSample', number: true },
      { head: 'busiest', csv: 'utilisation' },
    ],
    rows,
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
  const all = of(({ counters }) => counters.cycles);
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

export function kernelRows(design: DesignRuns, phase: PhaseName): TableCell[][] {
  const lanes = anyReport(design).core.lanes;
  return kernelShares(design, phase).map(
    ({ name, boundBy, items, tiles, cycles, share, pj, utilisation }): TableCell[] => {
      const inUse = tiles === 0 || items === 0 ? null : items / (tiles * lanes);
      const busy = Object.entries(utilisation)
        .filter(([, busyShare]) => busyShare > 0)
        .sort(([, a], [, b]) => b - a);
      return [
        name,
        numberCell(items, amount),
        numberCell(tiles, amount),
        numberCell(cycles, amount),
        numberCell(share, (ofAll) => percent(ofAll)),
        numberCell(items === 0 ? null : cycles / items, (value) => value.toPrecision(3)),
        numberCell(inUse, (ofLanes) => percent(ofLanes, 0)),
        boundBy,
        energyCell(pj, true),
        { text: listed(busy.slice(0, 3)) || '–', value: listed(busy) },
      ];
    },
  );
}

function listed(shares: readonly (readonly [string, number])[]): string {
  return shares.map(([resource, share]) => `${resource} ${percent(share, 0)}`).join(', ');
}
