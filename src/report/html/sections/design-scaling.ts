import { largest } from '../../../text/index.ts';
import {
  type DesignFigure,
  type DesignPoint,
  type DesignSpace,
  figuresOf,
  shortNames,
  unitFor,
} from '../designs.ts';
import { column, figure, numbers, tabled } from '../figure.ts';
import { html } from '../markup.ts';
import { type ScalingLine, scalingChart } from '../options/cores.ts';
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
      return scalingFigure(which, lines);
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

function scalingFigure(which: DesignFigure, lines: readonly ScalingLine[]) {
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
