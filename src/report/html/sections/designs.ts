import { command, option } from '../../../text/index.ts';
import { boundBy, energyIn } from '../../advice.ts';
import { column, numberCell, numbers, numeric, tabled } from '../../text/columns.ts';
import { percent } from '../../text/format.ts';
import {
  absent,
  type DesignFigure,
  type DesignPoint,
  type DesignSpace,
  figuresOf,
  firstPair,
  listed,
  shortNames,
  wantedFirst,
} from '../designs.ts';
import { dataTable, figure } from '../figure.ts';
import { html, Markup } from '../markup.ts';
import { packDesigns } from '../packed.ts';
import { pairOf } from '../pair.ts';
import { type Section, unknownNote } from '../section.ts';

/** Many designs: filters, a plot of any two figures, details on demand, and a table of all. */
export const designExplorer: Section = {
  id: 'designs-explorer',
  title: 'Designs',
  short: 'Designs',
  of({ space }) {
    const figures = wantedFirst(space);
    const pair = firstPair(space);
    if (pair === undefined) return allDesigns(space, figures);
    return html`<div id="explorer">
<div class="controls" hidden></div>
<p class="count" aria-live="polite"></p>
${pairFigure(space, 'designs-plot', pair)}
<div class="details" aria-live="polite"></div>
</div>
<script type="text/plain" id="explorer-data">${packDesigns(space)}</script>
${allDesigns(space, figures)}`;
  },
};

const whole = (share: number): string => percent(share, 0);

function allDesigns({ axes, points, draws }: DesignSpace, figures: readonly DesignFigure[]) {
  const statuses = points.some(({ status }) => status !== 'done');
  return dataTable({
    id: 'designs-all',
    caption: 'All designs',
    ...tabled(points, [
      column('design', ({ name }) => name),
      ...figures.map(({ title, key, csv, format }) =>
        numeric(
          title,
          (point: DesignPoint) => numberCell(point.figures[key], format, absent(point, key)),
          `${key} [${csv}]`,
        ),
      ),
      ...axes.map(({ name }, axis) => column(name, ({ choices }: DesignPoint) => choices[axis] ?? '–')),
      column(
        'on the front',
        ({ onFront }) => ({ text: onFront ? 'yes' : '', value: String(onFront) }),
        'onFront',
      ),
      draws > 0 && numbers('of the draws', ({ frontShare }) => frontShare, whole, 'frontShare'),
      draws > 0 && column('how sure', ({ standing }) => standing ?? '', 'standing'),
      draws > 0 &&
        numbers('constraints met', ({ constraintShare }) => constraintShare, whole, 'constraintShare'),
      statuses && column('status', ({ status }) => status),
      statuses && column('reason', ({ reason }) => reason ?? ''),
    ]),
  });
}

/** Pairs of figures that architects look at. */
const pairs = [
  ['bits', 'accuracy'],
  ['inferenceBits', 'accuracy'],
  ['trainingEnergyPj', 'accuracy'],
  ['energyPj', 'accuracy'],
  ['areaUm2', 'accuracy'],
  ['latencyNs', 'energyPj'],
  ['areaUm2', 'energyPj'],
] as const;

export const fronts: Section = {
  id: 'fronts',
  title: 'What can be had for what',
  short: 'Trade-offs',
  of({ space }) {
    const { points } = space;
    const known = new Set(figuresOf(space).map(({ key }) => key));
    const shown = pairs.filter((pair) => pair.every((key) => known.has(key)));
    if (shown.length === 0 || points.length < 2) return undefined;
    return html`<p>Designs that no other betters in both figures are joined; they need not be on the front of all that was wanted.</p>
${unknownNote(points)}<div class="plots">${shown.map((pair) => pairFigure(space, `front-${pair.join('-')}`, pair))}</div>
<p class="note">${
      points.some(({ seeds }) => seeds > 1)
        ? 'Means over seeds, with error bars of one standard error.'
        : `One run for each design: error bars need several seeds, such as ${command('sweep EXPERIMENT', option('seeds', '1,2,3'))}.`
    }</p>
`;
  },
};

/** A picture of two figures of all designs. */
function pairFigure(
  space: DesignSpace,
  id: string,
  keys: readonly [DesignFigure['key'], DesignFigure['key']],
): Markup {
  const all = figuresOf(space);
  const [x, y] = keys.map((key) => all.find((known) => known.key === key) ?? all[0]);
  if (x === undefined || y === undefined) return new Markup('');
  const { title, chart, points, front, inWords } = pairOf(space, space.points, [x, y]);
  return figure({
    id,
    title,
    alt: `${title}: ${inWords}`,
    picture: chart,
    data: () => ({
      ...tabled(points, [
        column('design', ({ name }) => name),
        numbers(`${x.title} [${x.csv}]`, (point) => x.of(point)),
        numbers(`${y.title} [${y.csv}]`, (point) => y.of(point)),
        column('not bettered in both', (point) => String(front.has(point))),
      ]),
    }),
  });
}

/** Next changes: designs with the same bottleneck, or with most energy in the same unit, are listed together. */
export const advice: Section = {
  id: 'advice',
  title: 'What to change next',
  short: 'Next',
  of({ space }) {
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
    return html`<ul class="advice">
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
}`;
  },
};

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
