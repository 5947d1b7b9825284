import { byKey, largest } from '../../../text/index.ts';
import { column, numbers, tabled } from '../../text/columns.ts';
import {
  type DesignFigure,
  type DesignPoint,
  type DesignSpace,
  figuresOf,
  shortNames,
  unitFor,
} from '../designs.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { scalingChart } from '../options/scaling-lines.ts';
import { capital } from '../pair.ts';
import type { Section } from '../section.ts';

/** More lines would not be told apart. */
const mostLines = 7;

/** Designs that differ in their number of cores alone. */
interface Family {
  readonly name: string;
  /** By ascending number of cores. */
  readonly points: readonly DesignPoint[];
}

/** The figures over the number of cores. */
const scaled: readonly string[] = [
  'latencyNs',
  'energyPj',
  'trainingLatencyNs',
  'trainingEnergyPj',
  'areaUm2',
];

/** What more cores bring, where their number is a choice: of the families with designs on the front first. */
export const designScaling: Section = {
  id: 'designs-scaling',
  title: 'Scaling over cores',
  short: 'Scaling',
  of({ space }) {
    const axis = space.axes.findIndex(({ name }) => name === 'cores');
    const families = familiesOf(space, axis);
    if (families.length === 0) return undefined;
    const figures = figuresOf(space).filter(({ key }) => scaled.includes(key));
    return html`<p>Designs that differ only in their number of cores share a line; if there are many, the lines are those of designs on the front.</p>
<div class="plots">${figures.map((which) => familyFigure(which, families, axis))}</div>
`;
  },
};

function familiesOf(space: DesignSpace, axis: number): Family[] {
  if (axis < 0) return [];
  const families = byKey(
    space.points.filter(({ status }) => status !== 'misfit' && status !== 'failed'),
    ({ choices }) => JSON.stringify(choices.map((choice, at) => (at === axis ? null : choice))),
  );
  const isOnFront = (points: readonly DesignPoint[]) => points.some(({ onFront }) => onFront);
  const kept = [...families.values()]
    .filter((points) => points.length > 1)
    .map((points) => points.sort((a, b) => Number(a.choices[axis]) - Number(b.choices[axis])))
    .sort((a, b) => Number(isOnFront(b)) - Number(isOnFront(a)) || b.length - a.length)
    .slice(0, mostLines);
  // Their first designs are told apart by all but their cores; a single family needs no more of a name.
  const axes = space.axes.map((own, at) => (at === axis ? { ...own, name: '' } : own));
  const firsts = kept.flatMap(([first]) =>
    first === undefined
      ? []
      : [{ ...first, name: 'all designs', choices: first.choices.with(axis, undefined) }],
  );
  const names = shortNames(firsts, { ...space, axes });
  return kept.map((points, at) => ({ name: names[at] ?? '', points }));
}

function familyFigure(which: DesignFigure, families: readonly Family[], axis: number): Markup {
  const dots = families.flatMap(({ name, points }) =>
    points.flatMap((point) => {
      const value = which.of(point);
      return value === null ? [] : [{ name, cores: Number(point.choices[axis]), value }];
    }),
  );
  const unit = unitFor(
    which,
    largest(
      dots.map(({ value }) => value),
      0,
    ),
  );
  const lines = families.map(({ name }) => ({
    name,
    points: dots
      .filter((dot) => dot.name === name)
      .map(({ cores, value }) => ({ cores, value: value / unit.size, shown: which.format(value) })),
  }));
  const title = `${capital(which.title)} over cores`;
  return figure({
    id: `designs-scaling-${which.key}`,
    title,
    alt: `${title}: a line for each of ${lines.length} families of designs that differ in their cores alone.`,
    picture: scalingChart(lines, `${which.title}, ${unit.name}`),
    data: () => ({
      ...tabled(dots, [
        column('designs', ({ name }) => name),
        numbers('cores', ({ cores }) => cores),
        numbers(`${which.title} [${which.unit}]`, ({ value }) => value / which.size),
      ]),
    }),
  });
}
