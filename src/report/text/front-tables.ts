import { asFlag, option, spellOptions } from '../../text/index.ts';
import { mostOf } from '../advice.ts';
import { figureUnit, isUnknown } from '../figures.ts';
import { violationOf } from '../front.ts';
import { lacking, type Miss, type Objective, type StudyDesign, type StudyReport } from '../schema-study.ts';
import { valueInWords } from '../studied.ts';
import { amount, inUnit, percent, unknown } from './format.ts';
import { type Style, table } from './table.ts';

/** The result of a search as tables: its front, and what one step from a chosen design brings. */
export function frontTables(found: StudyReport, around: string | undefined, style: Style): string {
  return [
    found.front.length === 0 ? emptyFront(found) : frontTable(found, style),
    ...howSure(found),
    ...statusTable(found, style),
    ...constraintTable(found, style),
    ...idleAxes(found),
    ...(around === undefined ? [] : [stepTable(found, around, style)]),
  ].join('\n\n');
}

/** The designs that no other dominates, the best in the first objective first. */
function frontTable({ axes, objectives, constraints, designs }: StudyReport, style: Style): string {
  const front = designs.filter(({ onFront }) => onFront);
  const [first] = objectives;
  const costOf = (design: StudyDesign) =>
    first === undefined ? 0 : (design.figures[first.figure] ?? 0) * (first.better === 'more' ? -1 : 1);
  const met = constraints.length === 0 ? [] : ['constraints met'];
  return table(
    ['front', ...objectives.map(({ name }) => name), 'on the front', ...met, 'inference bound by'],
    [...front]
      .sort((a, b) => costOf(a) - costOf(b))
      .map((design) => [
        valuesOf(design, axes),
        ...objectives.map((objective) => shownFigure(objective, design)),
        standingOf(design),
        ...met.map(() => shownShare(design.constraintShare)),
        mostOf(design.parts?.bound ?? {}) ?? '',
      ]),
    `l${'r'.repeat(objectives.length)}l${met.map(() => 'r').join('')}l`,
    style,
  );
}

/** `surely, 99 %`: the share of the draws in which a design is on the front. */
function standingOf({ standing, frontShare }: StudyDesign): string {
  return standing === null ? '-' : `${standing}, ${shownShare(frontShare)}`;
}

function shownShare(share: number | null): string {
  return share === null ? '-' : percent(share, 0);
}

/** The designs that a table of the front leaves out. */
function howSure({ designs, objectives, seeds }: StudyReport): string[] {
  const perhaps = designs.filter(({ standing }) => standing === 'perhaps');
  const others = perhaps.filter(({ onFront }) => !onFront).length;
  const needsSeeds = seeds.length === 1 && objectives.some(({ figure }) => figure === 'accuracy');
  return [
    ...(others === 0 ? [] : [`${others} more ${others === 1 ? 'is' : 'are'} perhaps on the front`]),
    ...(perhaps.length > 0 && needsSeeds
      ? [
          `with one seed, no accuracy is sure: ${spellOptions(option('seeds', '1-3'), asFlag)} runs the designs near the front with further seeds`,
        ]
      : []),
  ];
}

/** Why no design is on the front. */
function emptyFront({ designs, objectives }: StudyReport): string {
  if (designs.length === 0) return 'no design has figures yet';
  const done = designs.filter(({ status }) => status === 'done');
  if (done.length === 0 && designs.some(({ status }) => status === 'unknown'))
    return 'no design is on the front: nobody knows a figure that is wanted';
  if (done.length === 0) return 'no design is on the front: none runs and meets all constraints';
  const missing = objectives.filter(({ figure }) => done.every(({ figures }) => figures[figure] === null));
  const names = missing.map(({ name }) => name).join(' and ');
  return `no design is on the front: nothing was counted for ${names}`;
}

/** Axes that change no figure, such as those that something else overrules. */
function idleAxes({ axes, designs }: StudyReport): string[] {
  return axes.flatMap(({ name, path }) => {
    const groups = new Map<string, Set<string>>();
    let isCompared = false;
    for (const design of designs.filter(({ status }) => status === 'done')) {
      const others = axes.filter((axis) => axis.path !== path).map((axis) => chosenValue(design, axis.path));
      const key = JSON.stringify(others);
      const figures = groups.get(key);
      isCompared ||= figures !== undefined;
      groups.set(key, (figures ?? new Set()).add(JSON.stringify(design.figures)));
    }
    const isIdle = isCompared && [...groups.values()].every((figures) => figures.size === 1);
    return isIdle ? [`axis ${name} changes no figure`] : [];
  });
}

/** How many designs there are of each kind; nothing if all have figures. */
function statusTable({ designs }: StudyReport, style: Style): string[] {
  const rows = Object.entries(lacking).flatMap(([status, what]) => {
    const some = designs.filter((design) => design.status === status);
    const [first] = some.toSorted(byNearness);
    const met = status === 'outside' ? (first?.constraintShare ?? 0) : 0;
    const perhaps = met === 0 ? '' : `, which it meets in ${percent(met, 0)} of the draws`;
    return first === undefined
      ? []
      : [[String(some.length), what, `${first.name}: ${first.reason}${perhaps}`]];
  });
  return rows.length === 0 ? [] : [table(['designs', '', 'the nearest, or the first'], rows, 'rll', style)];
}

function byNearness(a: StudyDesign, b: StudyDesign): number {
  const [near, far] = [violationOf(a.misses ?? []), violationOf(b.misses ?? [])];
  return near === far ? 0 : near - far;
}

/** Where no design meets all constraints: how many meet each, and how near the others come. */
function constraintTable({ front, constraints, designs }: StudyReport, style: Style): string[] {
  const priced = designs.filter(({ status }) => status === 'done' || status === 'outside');
  if (front.length > 0 || constraints.length < 2 || priced.length === 0) return [];
  const rows = constraints.map((constraint) => {
    const missing = priced.flatMap(({ name, misses = [] }) =>
      misses.filter((miss) => miss.constraint === constraint).map((miss) => ({ ...miss, name, misses })),
    );
    const [nearest] = missing.toSorted((a, b) => (a.by ?? Infinity) - (b.by ?? Infinity));
    return [
      constraint,
      `${priced.length - missing.length} of ${priced.length}`,
      String(missing.filter(({ misses }) => misses.length === 1).length),
      missing.length < priced.length ? '' : nearestMiss(nearest),
    ];
  });
  return [table(['constraint', 'met by', 'missed alone by', 'nearest'], rows, 'lrrl', style)];
}

function nearestMiss(nearest: (Pick<StudyDesign, 'name'> & Miss) | undefined): string {
  if (nearest === undefined) return '';
  return nearest.figure === null ? nearest.name : `${nearest.name}: ${amount(nearest.figure)}`;
}

/** Finite differences: the change by one step along each axis. */
function stepTable({ axes, objectives, designs }: StudyReport, name: string, style: Style): string {
  const chosen = designs.find((design) => design.name === name);
  if (chosen === undefined) throw new Error(`no design ${name}`);
  if (chosen.figures.accuracy === null && chosen.reason !== null)
    return `${name} has no figures to start from: ${chosen.reason}`;
  const rows = axes.flatMap(({ path, name: axis, values }) => {
    const at = values.findIndex((value) => isAt(chosen, path, value));
    return [-1, 1].flatMap((step) => {
      const value = values[at + step];
      const isStep = (design: StudyDesign) =>
        axes.every((other) =>
          other.path === path
            ? isAt(design, path, value)
            : isAt(design, other.path, chosenValue(chosen, other.path)),
        );
      const other = at + step < 0 || at + step >= values.length ? undefined : designs.find(isStep);
      if (other === undefined) return [];
      return [
        [
          `${axis} ${valueInWords(values[at])} → ${valueInWords(value)}`,
          ...objectives.map((objective) => changeOf(objective, chosen, other)),
          other.reason ?? '',
        ],
      ];
    });
  });
  const head = [`from ${name}`, ...objectives.map((objective) => objective.name), ''];
  return table(head, rows, `l${'r'.repeat(objectives.length)}l`, style);
}

function chosenValue(design: StudyDesign, path: string): unknown {
  return path === 'precision' ? design.precision : design.values[path];
}

function isAt(design: StudyDesign, path: string, value: unknown): boolean {
  return JSON.stringify(chosenValue(design, path)) === JSON.stringify(value);
}

function changeOf({ figure, unit }: Objective, from: StudyDesign, to: StudyDesign): string {
  const [before, after] = [from.figures[figure], to.figures[figure]];
  if (before === null || after === null) return '-';
  if (unit === 'share') return `${signed(100 * (after - before), 2)} points`;
  return before === 0 ? '-' : `${signed(100 * (after / before - 1), 1)} %`;
}

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return value > 0 ? `+${text}` : text;
}

function valuesOf(design: StudyDesign, axes: StudyReport['axes']): string {
  return axes
    .map(({ path, name }) =>
      path === 'precision' ? design.precision : `${name} ${valueInWords(design.values[path])}`,
    )
    .join(', ');
}

/** A figure; an accuracy with its standard error, in points. */
function shownFigure({ figure }: Objective, { figures, accuracyError }: StudyDesign): string {
  const value = figures[figure];
  if (value === null) return isUnknown(figures, figure) ? unknown : '-';
  return figure === 'accuracy' && accuracyError !== null
    ? `${(100 * value).toFixed(2)} ± ${percent(accuracyError, 2)}`
    : inUnit[figureUnit[figure]](value);
}
