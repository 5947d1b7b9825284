import { amount, energy, grouped, scaleOf, time, unknown } from '../../text/format.ts';
import { dataTable, figure, noFigure, numberCell, type TableCell } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { type ScalingLine, scalingChart } from '../options/cores.ts';
import {
  anyReport,
  type DesignRuns,
  hasRun,
  identityOf,
  labelsOf,
  meanOf,
  type PhaseName,
  phases,
  phaseTitles,
} from '../study.ts';
import { unknownNote } from './unknown.ts';

/** The figures over the number of cores; null if the phase has no samples, or nobody knows them. */
interface Quantity {
  readonly id: string;
  readonly title: string;
  readonly of: (design: DesignRuns, phase: PhaseName) => number | null;
  readonly format: (value: number) => string;
  /** The unit of the axis, for a value in seconds or joules; absent for a plain number. */
  readonly unit?: { readonly name: string; readonly size: number };
  /** Whether it is the same in all phases. */
  readonly isStatic?: boolean;
}

const bits: Quantity = {
  id: 'copies',
  title: 'Bits of copies and partial sums, all cores',
  of: (design) =>
    (anyReport(design).chip?.cores ?? []).reduce((sum, { copyBits, sumBits }) => sum + copyBits + sumBits, 0),
  format: grouped,
  isStatic: true,
};

const quantities: readonly Quantity[] = [
  {
    id: 'time',
    title: 'Time of a sample',
    of: (design, phase) => meanOf(design, phase, ({ latencyNs }) => latencyNs),
    format: time,
    unit: { name: 's', size: 1e9 },
  },
  {
    id: 'energy',
    title: 'Energy of a sample',
    of: (design, phase) => meanOf(design, phase, ({ energyPj }) => energyPj.total),
    format: energy,
    unit: { name: 'J', size: 1e12 },
  },
  {
    id: 'packets',
    title: 'Packets between cores, a sample',
    of: (design, phase) => meanOf(design, phase, ({ counters }) => counters.network?.send ?? 0),
    format: amount,
  },
];

/** How many cores hold a design. */
function coresOf(design: DesignRuns): number {
  return anyReport(design).chip?.cores.length ?? 1;
}

/** The costs of a design on different numbers of cores; null if all have the same number. */
export function scaling(designs: readonly DesignRuns[]): Markup | null {
  if (new Set(designs.map(coresOf)).size < 2) return null;
  const lines = linesOf(designs);
  const shown = quantities.flatMap((quantity) => {
    const drawn = lines.flatMap(({ label, designs: alike }, colour) =>
      phases.flatMap((phase): ScalingLine[] =>
        lineOf(alike, quantity, phase, `${label}, ${phaseTitles[phase]}`, colour),
      ),
    );
    return drawn.length === 0 ? [] : [scalingFigure(quantity, drawn)];
  });
  const copies = lines.flatMap(({ label, designs: alike }, colour) =>
    lineOf(alike, bits, 'test', label, colour),
  );
  return html`<h3 class="group">Scaling over cores</h3>
<p>Designs that differ only in their number of cores share a line; on one core, nothing travels and nothing is copied.</p>
${unknownNote(designs)}<div class="plots">${shown}${scalingFigure(bits, copies)}</div>
${scalingTable(designs)}`;
}

/** Designs that differ in their placement alone, ordered by their cores. */
function linesOf(
  designs: readonly DesignRuns[],
): { readonly label: string; readonly designs: readonly DesignRuns[] }[] {
  const groups = new Map<
    string,
    { readonly identity: Readonly<Record<string, string>>; readonly designs: readonly DesignRuns[] }
  >();
  for (const design of designs) {
    const { settings = '', ...others } = identityOf(anyReport(design));
    const kept = settings.split(' ').filter((setting) => !setting.startsWith('program.placement'));
    const identity = { ...others, settings: kept.join(' ') };
    const key = JSON.stringify(identity);
    groups.set(key, { identity, designs: [...(groups.get(key)?.designs ?? []), design] });
  }
  const all = [...groups.values()];
  const labels = labelsOf(all.map(({ identity }) => identity));
  return all.map(({ designs: alike }, index) => ({
    label: labels[index] ?? '',
    designs: [...alike].sort((a, b) => coresOf(a) - coresOf(b)),
  }));
}

function lineOf(
  designs: readonly DesignRuns[],
  { of, format, unit, isStatic = false }: Quantity,
  phase: PhaseName,
  name: string,
  colour: number,
): ScalingLine[] {
  const points = designs.flatMap((design) => {
    const value = of(design, phase);
    if (value === null) return [];
    return [{ cores: coresOf(design), value: value / (unit?.size ?? 1), shown: format(value) }];
  });
  return points.length === 0 ? [] : [{ name, isDashed: phase === 'test' && !isStatic, colour, points }];
}

function scalingFigure({ id, title, unit }: Quantity, lines: readonly ScalingLine[]): Markup {
  const most = Math.max(...lines.flatMap(({ points }) => points.map(({ value }) => value)));
  const { size, prefix } = unit === undefined ? { size: 1, prefix: '' } : scaleOf(most);
  const scaled = lines.map((line) => ({
    ...line,
    points: line.points.map((point) => ({ ...point, value: point.value / size })),
  }));
  const yName = unit === undefined ? title.toLowerCase() : `${id}, ${prefix}${unit.name}`;
  return figure({
    id: `scaling-${id}`,
    title,
    alt: `${title}, over the number of cores. The table below has the figures.`,
    picture: scalingChart(scaled, yName),
    data: () => ({
      id: `scaling-${id}-table`,
      columns: [
        { head: 'designs' },
        { head: 'cores', number: true },
        { head: unit === undefined ? id : `${id} [${unit.name}]`, number: true },
      ],
      rows: lines.flatMap(({ name, points }) =>
        points.map(({ cores, value }): TableCell[] => [
          name,
          numberCell(cores, String),
          numberCell(value, String),
        ]),
      ),
    }),
  });
}

function scalingTable(designs: readonly DesignRuns[]): Markup {
  const sorted = [...designs].sort((a, b) => coresOf(a) - coresOf(b));
  const inNs = { head: 'time', csv: 'timeNs' };
  const inPj = { head: 'energy', csv: 'energyPj' };
  const packets = { head: 'packets', csv: 'packets' };
  const columns = phases.flatMap((phase) =>
    [inNs, inPj, packets].map(({ head, csv }) => ({
      head: `${head}, ${phaseTitles[phase]}`,
      csv: `${phase}.${csv}`,
      number: true,
    })),
  );
  return dataTable({
    id: 'scaling',
    caption: 'Scaling over cores, per sample',
    columns: [
      { head: 'design' },
      { head: 'cores', number: true },
      ...columns,
      { head: 'bits of copies and sums', csv: 'copyAndSumBits', number: true },
    ],
    rows: sorted.map((design): TableCell[] => [
      design.label,
      numberCell(coresOf(design), String),
      ...phases.flatMap((phase) =>
        quantities.map(({ of, format, id }) => {
          const isUnknown = id === 'energy' && hasRun(design, phase);
          return numberCell(of(design, phase), format, isUnknown ? unknown : noFigure);
        }),
      ),
      numberCell(bits.of(design, 'test'), bits.format),
    ]),
  });
}
