import { bindingAdvice, boundBy, energyAdvice, energyIn } from '../../advice.ts';
import { scaleOf } from '../../text/format.ts';
import {
  type DesignFigure,
  type DesignPoint,
  type DesignSpace,
  figuresOf,
  frontOf,
  listed,
  shortNames,
} from '../designs.ts';
import { type Cell, type Draw, dataTable, figure, numberCell } from '../figure.ts';
import { html, Markup } from '../markup.ts';
import { type Dot, frontChart } from '../options/fronts.ts';
import type { Section } from '../section.ts';
import { adaptive, sequential, series } from '../theme.ts';

/** Many designs: filters, a plot of any two figures, details on demand, and a table of all. */
export function designExplorer(space: DesignSpace, draw: Draw): Section {
  const figures = figuresOf(space);
  const select = (name: string, text: string) =>
    html`<label><span>${text}</span><select name="${name}"></select></label>`;
  return {
    id: 'designs-explorer',
    title: 'Designs',
    short: 'Designs',
    body:
      figures.length === 0
        ? allDesigns(space, figures)
        : html`<div id="explorer">
<div class="controls" hidden>
<div class="pick">${[
            select('y', 'up'),
            select('x', 'across'),
            select('colour', 'colour'),
          ]}<label><span>name</span><input type="search" name="text"></label>
<label class="check"><input type="checkbox" name="front"> <span>only the front</span></label>
<button type="button" class="save" name="all">Show all</button></div>
<div class="filters"></div>
</div>
<p class="count" aria-live="polite"></p>
${pairFigure(space, 'designs-plot', ['energyPj', 'accuracy'], draw)}
<div class="details" aria-live="polite"></div>
</div>
<script type="application/json" id="explorer-data">${new Markup(explorerData(space, figures))}</script>
${allDesigns(space, figures)}`,
  };
}

/** What the script knows of the designs, in few bytes: figures and parts by position. */
function explorerData({ axes, points }: DesignSpace, figures: readonly DesignFigure[]): string {
  const unitsOf = (of: (point: DesignPoint) => Readonly<Record<string, number>>) => [
    ...new Set(points.flatMap((point) => Object.keys(of(point)))),
  ];
  const units = unitsOf(({ energyPj }) => energyPj);
  const areaUnits = unitsOf(({ areaUm2 }) => areaUm2);
  const rounded = (value: number | null | undefined) => (value == null ? null : Number(value.toPrecision(7)));
  const data = {
    axes,
    figures: figures.map(({ key, title, unit, size, better }) => ({ key, title, unit, size, better })),
    units,
    areaUnits,
    colours: series.map(adaptive),
    scale: sequential,
    designs: points.map((point) => ({
      n: point.name,
      c: point.choices.map((choice, axis) => axes[axis]?.values.indexOf(choice ?? '') ?? -1),
      f: figures.map(({ key }) => rounded(point.figures[key])),
      e: units.map((unit) => rounded(point.energyPj[unit] ?? 0)),
      a: areaUnits.map((unit) => rounded(point.areaUm2[unit] ?? 0)),
      s: point.status,
      r: point.reason,
      p: point.onFront,
      q: point.frontShare,
      o: point.settings,
      w: adviceOf(point),
    })),
  };
  // A name may hold anything, the end of a script included.
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

export function adviceOf({ bound, trainingBound, energyPj }: DesignPoint): string[] {
  return [
    ...bindingAdvice('Inference', bound),
    ...bindingAdvice('Training', trainingBound),
    ...energyAdvice('an inference', energyPj),
  ];
}

function allDesigns({ axes, points, draws }: DesignSpace, figures: readonly DesignFigure[]) {
  const statuses = points.some(({ status }) => status !== 'done');
  return dataTable({
    id: 'designs-all',
    caption: 'All designs',
    columns: [
      { head: 'design' },
      ...axes.map(({ name }) => ({ head: name })),
      ...figures.map(({ title, key, csv }) => ({ head: title, csv: `${key} [${csv}]`, number: true })),
      { head: 'on the front', csv: 'onFront' },
      ...(draws > 0 ? [{ head: 'of the draws', csv: 'frontShare', number: true }] : []),
      ...(statuses ? [{ head: 'status' }, { head: 'reason' }] : []),
    ],
    rows: points.map((point): Cell[] => [
      point.name,
      ...point.choices.map((choice) => choice ?? '–'),
      ...figures.map(({ key, format }) => numberCell(point.figures[key], format)),
      { text: point.onFront ? 'yes' : '', value: String(point.onFront) },
      ...(draws > 0 ? [numberCell(point.frontShare, (share) => `${(100 * share).toFixed(0)} %`)] : []),
      ...(statuses ? [point.status, point.reason ?? ''] : []),
    ]),
  });
}

/** Pairs of figures that architects look at. */
const pairs = [
  ['areaUm2', 'accuracy'],
  ['latencyNs', 'energyPj'],
  ['areaUm2', 'energyPj'],
  ['bits', 'accuracy'],
] as const;

export function fronts(space: DesignSpace, draw: Draw): Section | undefined {
  const known = new Set(figuresOf(space).map(({ key }) => key));
  const shown = pairs.filter((pair) => pair.every((key) => known.has(key)));
  if (shown.length === 0) return undefined;
  return {
    id: 'fronts',
    title: 'What can be had for what',
    short: 'Trade-offs',
    body: html`<p>Designs that no other betters in both figures are joined; they need not be on the front of all that was wanted.</p>
<div class="plots">${shown.map((pair) => pairFigure(space, `front-${pair.join('-')}`, pair, draw))}</div>
`,
  };
}

/** A picture of two figures of all designs. */
function pairFigure(
  space: DesignSpace,
  id: string,
  [across, up]: readonly [DesignFigure['key'], DesignFigure['key']],
  draw: Draw,
): Markup {
  const all = figuresOf(space);
  const x = all.find(({ key }) => key === across) ?? all[0];
  const y = all.find(({ key }) => key === up) ?? all[0];
  if (x === undefined || y === undefined) return new Markup('');
  const points = space.points.filter(({ figures }) => figures[x.key] !== null && figures[y.key] !== null);
  const best = new Set(frontOf(points, [x, y]));
  const front = points.filter((_, index) => best.has(index));
  const labels = shortNames(front, space);
  const [ofX, ofY] = [x, y].map((which) => along(which, points));
  if (ofX === undefined || ofY === undefined) return new Markup('');
  const dotOf = (point: DesignPoint, label: string): Dot => ({
    label,
    name: `${point.name}: ${y.format(point.figures[y.key] ?? 0)}, ${x.format(point.figures[x.key] ?? 0)}`,
    x: ofX.of(point),
    y: ofY.of(point),
  });
  const chart = frontChart({
    front: front.map((point, at) => dotOf(point, labels[at] ?? '')),
    others: points.filter((_, index) => !best.has(index)).map((point) => dotOf(point, '')),
    xName: ofX.name,
    yName: ofY.name,
  });
  const title = `${y.title[0]?.toUpperCase() ?? ''}${y.title.slice(1)} against ${x.title}`;
  return figure({
    id,
    title,
    alt: `${title}: ${points.length} designs, ${front.length} of which no other betters in both. The table of all designs has the figures.`,
    svg: draw(id, chart),
    data: () => ({
      id: `${id}-table`,
      caption: title,
      columns: [
        { head: 'design' },
        { head: `${x.title} [${x.csv}]`, number: true },
        { head: `${y.title} [${y.csv}]`, number: true },
        { head: 'not bettered in both' },
      ],
      rows: points.map((point, index) => [
        point.name,
        numberCell(point.figures[x.key], String),
        numberCell(point.figures[y.key], String),
        String(best.has(index)),
      ]),
    }),
  });
}

/** A figure in the units of an axis. */
function along(which: DesignFigure, points: readonly DesignPoint[]) {
  const inUnits = ({ figures }: DesignPoint) => (figures[which.key] ?? 0) / which.size;
  const most = points.reduce((largest, point) => Math.max(largest, Math.abs(inUnits(point))), 0);
  const isPlain = which.unit === '%' || which.unit === 'mm2';
  const { size, prefix } = isPlain ? { size: 1, prefix: '' } : scaleOf(most);
  return {
    of: (point: DesignPoint) => inUnits(point) / size,
    name: `${which.title}, ${prefix}${which.unit === 'mm2' ? 'mm²' : which.unit}`,
  };
}

/** What one would change next: designs that the same thing binds, or whose energy goes to the same unit, are told together. */
export function advice(space: DesignSpace): Section | undefined {
  const { points } = listed(space);
  const names = shortNames(points, space);
  const groups = told.flatMap((tell) => {
    const alike = new Map<string, { readonly name: string; readonly share: number }[]>();
    for (const [at, point] of points.entries()) {
      const parts = Object.entries(tell.of(point));
      const all = parts.reduce((sum, [, part]) => sum + part, 0);
      const [most] = parts.sort(([, one], [, other]) => other - one);
      if (most === undefined || all === 0) continue;
      const entry = { name: names[at] ?? '', share: most[1] / all };
      alike.set(most[0], [...(alike.get(most[0]) ?? []), entry]);
    }
    return [...alike]
      .sort(([, one], [, other]) => other.length - one.length)
      .map(([what, designs]) => ({
        sentence: tell.say(
          what,
          designs.map(({ share }) => share),
        ),
        designs: designs.map(({ name }) => name),
      }));
  });
  if (groups.length === 0) return undefined;
  const isOne = points.length === 1;
  return {
    id: 'advice',
    title: 'What to change next',
    short: 'Next',
    body: html`<ul class="advice">
${groups.map(
  ({ sentence, designs }) =>
    html`<li>${sentence}${
      isOne
        ? null
        : html` <span class="note">${designs.length === points.length ? 'All designs.' : designs.join(' · ')}</span>`
    }</li>
`,
)}</ul>
${
  isOne || points.length === space.points.length
    ? null
    : html`<p class="note">Of the ${points.length} designs that are worth a look; the details of a design tell it of any.</p>
`
}`,
  };
}

const told: readonly {
  readonly of: (point: DesignPoint) => Readonly<Record<string, number>>;
  readonly say: (what: string, shares: readonly number[]) => string;
}[] = [
  { of: ({ bound }) => bound, say: (what, shares) => boundBy('Inference', what, shares) },
  { of: ({ trainingBound }) => trainingBound, say: (what, shares) => boundBy('Training', what, shares) },
  { of: ({ energyPj }) => energyPj, say: (what, shares) => energyIn('an inference', what, shares) },
  {
    of: ({ trainingEnergyPj }) => trainingEnergyPj,
    say: (what, shares) => energyIn('a training sample', what, shares),
  },
];
