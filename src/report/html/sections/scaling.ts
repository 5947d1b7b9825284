import { largest } from '../../../text/index.ts';
import { amount, energy, grouped, scaleOf, time, unknown } from '../../text/format.ts';
import {
  type DesignFigure,
  type DesignPoint,
  type DesignSpace,
  figuresOf,
  shortNames,
  unitFor,
} from '../designs.ts';
import { column, dataTable, figure, noFigure, numberCell, numbers, numeric, tabled } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { type ScalingLine, scalingChart } from '../options/bars.ts';
import { capital } from '../pair.ts';
import { type Section, unknownNote } from '../section.ts';
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

/** The figures over the number of cores; null if the phase has no samples, or nobody knows them. */
interface Quantity {
  readonly id: string;
  /** Its name in the CSV file, with its unit. */
  readonly csv: string;
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
  csv: 'copyAndSumBits',
  title: 'Bits of copies and partial sums, all cores',
  of: (design) =>
    (anyReport(design).chip?.cores ?? []).reduce((sum, { copyBits, sumBits }) => sum + copyBits + sumBits, 0),
  format: grouped,
  isStatic: true,
};

const quantities: readonly Quantity[] = [
  {
    id: 'time',
    csv: 'timeNs',
    title: 'Time of a sample',
    of: (design, phase) => meanOf(design, phase, ({ latencyNs }) => latencyNs),
    format: time,
    unit: { name: 's', size: 1e9 },
  },
  {
    id: 'energy',
    csv: 'energyPj',
    title: 'Energy of a sample',
    of: (design, phase) => meanOf(design, phase, ({ energyPj }) => energyPj.total),
    format: energy,
    unit: { name: 'J', size: 1e12 },
  },
  {
    id: 'packets',
    csv: 'packets',
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
      ...tabled(
        lines.flatMap(({ name, points }) => points.map((point) => ({ name, ...point }))),
        [
          column('designs', ({ name }) => name),
          numbers('cores', ({ cores }) => cores),
          numbers(unit === undefined ? id : `${id} [${unit.name}]`, ({ value }) => value),
        ],
      ),
    }),
  });
}

function scalingTable(designs: readonly DesignRuns[]): Markup {
  const cellOf =
    ({ of, format, id }: Quantity, phase: PhaseName) =>
    (design: DesignRuns) => {
      const isUnknown = id === 'energy' && hasRun(design, phase);
      return numberCell(of(design, phase), format, isUnknown ? unknown : noFigure);
    };
  return dataTable({
    id: 'scaling',
    caption: 'Scaling over cores, per sample',
    ...tabled(
      designs.toSorted((a, b) => coresOf(a) - coresOf(b)),
      [
        column('design', ({ label }) => label),
        numbers('cores', coresOf),
        ...phases.flatMap((phase) =>
          quantities.map((quantity) =>
            numeric(
              `${quantity.id}, ${phaseTitles[phase]}`,
              cellOf(quantity, phase),
              `${phase}.${quantity.csv}`,
            ),
          ),
        ),
        numbers('bits of copies and sums', (design) => bits.of(design, 'test'), grouped, bits.csv),
      ],
    ),
  });
}

/** More lines would not be told apart. */
const mostLines = 7;

/** Designs that differ in their number of cores alone. */
interface Family {
  readonly name: string;
  /** By ascending number of cores. */
  readonly points: readonly DesignPoint[];
}

/** What more cores bring, where their number is a choice: of the families with designs on the front. */
export const designScaling: Section = {
  id: 'designs-scaling',
  title: 'Scaling over cores',
  short: 'Scaling',
  of({ space }) {
    const axis = space.axes.findIndex(({ name }) => name === 'cores');
    const families = familiesOf(space, axis);
    if (families.length === 0) return undefined;
    const figures = figuresOf(space).filter(({ key }) => ['latencyNs', 'energyPj', 'areaUm2'].includes(key));
    const coresOf = ({ choices }: DesignPoint) => Number(choices[axis]);
    const shown = figures.map((which) => {
      const lines = families.map(
        ({ name, points }, colour): ScalingLine => ({
          name,
          isDashed: false,
          colour,
          points: points.flatMap((point) => {
            const value = point.figures[which.key];
            const shownAs = which.format(value ?? 0);
            return value === null ? [] : [{ cores: coresOf(point), value, shown: shownAs }];
          }),
        }),
      );
      return familyFigure(which, lines);
    });
    return html`<p>Designs that differ only in their number of cores share a line; the lines are those of designs on the front.</p>
<div class="plots">${shown}</div>
`;
  },
};

function familiesOf(space: DesignSpace, axis: number): Family[] {
  if (axis < 0) return [];
  const families = new Map<string, DesignPoint[]>();
  for (const point of space.points.filter(({ status }) => status !== 'misfit' && status !== 'failed')) {
    const key = JSON.stringify(point.choices.map((choice, at) => (at === axis ? null : choice)));
    families.set(key, [...(families.get(key) ?? []), point]);
  }
  const kept = [...families.values()]
    .filter((points) => points.length > 1 && points.some(({ onFront }) => onFront))
    .map((points) => points.sort((a, b) => Number(a.choices[axis]) - Number(b.choices[axis])))
    .sort((a, b) => b.length - a.length)
    .slice(0, mostLines);
  // Their first designs are told apart by all but their cores.
  const axes = space.axes.map((own, at) => (at === axis ? { ...own, name: '' } : own));
  const firsts = kept.flatMap(([first]) =>
    first === undefined ? [] : [{ ...first, choices: first.choices.with(axis, undefined) }],
  );
  const names = shortNames(firsts, { axes });
  return kept.map((points, at) => ({ name: names[at] ?? '', points }));
}

function familyFigure(which: DesignFigure, lines: readonly ScalingLine[]) {
  const most = largest(
    lines.flatMap(({ points }) => points.map(({ value }) => value)),
    0,
  );
  const unit = unitFor(which, most);
  const scaled = lines.map((line) => ({
    ...line,
    points: line.points.map((point) => ({ ...point, value: point.value / unit.size })),
  }));
  const id = `designs-scaling-${which.key}`;
  const title = `${capital(which.title)} over cores`;
  return figure({
    id,
    title,
    alt: `${title}: a line for each of ${lines.length} families of designs that differ in their cores alone.`,
    picture: scalingChart(scaled, `${which.title}, ${unit.name}`),
    data: () => ({
      ...tabled(
        lines.flatMap(({ name, points }) => points.map((point) => ({ name, ...point }))),
        [
          column('designs', ({ name }) => name),
          numbers('cores', ({ cores }) => cores),
          numbers(`${which.title} [${which.unit}]`, ({ value }) => value / which.size),
        ],
      ),
    }),
  });
}
