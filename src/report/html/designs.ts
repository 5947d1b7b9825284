import { bindingAdvice, energyAdvice } from '../advice.ts';
import {
  betterOf,
  type FigureName,
  type Figures,
  figureUnit,
  isUnknown,
  type ObjectiveName,
  wantedFigures,
} from '../figures.ts';
import { frontOf } from '../front.ts';
import type { Standing, StudyStatus } from '../schema-study.ts';
import { grouped, inUnit, percent, scaleOf, unknown } from '../text/format.ts';
import { noFigure } from './figure.ts';

/** A design on pages about many of them, from a search or from runs. Figures are per sample, means over seeds. */
export interface DesignPoint {
  readonly name: string;
  /** The choice on each axis, in the order of the axes; undefined where it is not among the axis' values. */
  readonly choices: readonly (string | undefined)[];
  readonly status: StudyStatus;
  readonly reason: string | null;
  readonly figures: Figures;
  /** Runs that the figures are means of. */
  readonly seeds: number;
  /** Of the means over seeds; of a search's accuracy, over samples, too. None for a single seed. */
  readonly standardErrors: Readonly<Partial<Record<FigureName, number>>>;
  readonly energyPj: ByName;
  readonly trainingEnergyPj: ByName;
  readonly areaUm2: ByName;
  readonly bound: ByName;
  readonly trainingBound: ByName;
  readonly onFront: boolean;
  readonly frontShare: number | null;
  readonly standing: Standing | null;
  readonly constraintShare: number | null;
  readonly settings: readonly string[];
}

export type ByName = Readonly<Record<string, number>>;

export interface DesignAxis {
  readonly name: string;
  readonly values: readonly string[];
}

/** Many designs, and what tells them apart. */
export interface DesignSpace {
  readonly experiment: string;
  readonly scoredOn: 'test' | 'validation';
  readonly axes: readonly DesignAxis[];
  /** The axis whose choice each short name begins with, if there is one: the precision of runs. */
  readonly leading?: number | undefined;
  /** The objectives of the front by name, with their figures. */
  readonly objectives: readonly string[];
  readonly wanted: readonly FigureName[];
  readonly points: readonly DesignPoint[];
  /** How often figures were drawn within their intervals; 0 if they were not. */
  readonly draws: number;
}

/** `surely, in 98 % of the draws`. */
export function standingInWords({
  standing,
  frontShare,
}: Pick<DesignPoint, 'standing' | 'frontShare'>): string {
  const share = `in ${percent(frontShare ?? 0, 0)} of the draws`;
  return standing === null ? share : `${standing}, ${share}`;
}

/** Units of area by the names that they have elsewhere: `banks.weight` is the weight bank. */
export function readableUnits(areaUm2: ByName): ByName {
  const named = Object.entries(areaUm2).map(([unit, area]): [string, number] => [
    unit.replace(/^banks\.(.+)$/, '$1 bank').replace(/^operations\.(\w+)\.(.+)$/, '$1 $2'),
    area,
  ]);
  return Object.fromEntries(named);
}

/** What may be an axis of a plot of designs: how it is called, printed and drawn. */
export interface DesignQuantity {
  readonly key: string;
  readonly title: string;
  /** Undefined if neither is. */
  readonly better: 'more' | 'less' | undefined;
  /** The unit of axes, and how many of the quantity's own unit one of it is. */
  readonly unit: string;
  readonly size: number;
  readonly format: (value: number) => string;
  /** Null for a design that has no such value. */
  readonly of: (point: Pick<DesignPoint, 'figures' | 'choices'>) => number | null;
}

/** A figure of designs. */
export interface DesignFigure extends DesignQuantity {
  readonly key: FigureName;
  readonly objective: ObjectiveName;
  readonly better: 'more' | 'less';
  /** Its unit in files and in JSON. */
  readonly csv: string;
}

/** The units of plots by those of files, how many of the latter one is, and how a figure is told. */
const plotted = {
  share: { unit: '%', size: 0.01, format: inUnit.share },
  pJ: { unit: 'J', size: 1e12, format: inUnit.pJ },
  ns: { unit: 's', size: 1e9, format: inUnit.ns },
  mW: { unit: 'W', size: 1e3, format: inUnit.mW },
  um2: { unit: 'mm2', size: 1e6, format: inUnit.um2 },
  bit: { unit: 'bit', size: 1, format: (bits: number) => `${grouped(bits)} bits` },
} as const;

export const designFigures = wantedFigures.map(
  ({ name: key, objective, title }): DesignFigure => ({
    ...{ key, objective, title, csv: figureUnit[key], ...plotted[figureUnit[key]], better: betterOf(key) },
    of: ({ figures }) => figures[key],
  }),
);

/** What may be an axis: the figures that some design has, and the choices that are numbers. */
export function quantitiesOf(space: DesignSpace): DesignQuantity[] {
  const choices = space.axes.flatMap(({ name, values }, axis): DesignQuantity[] =>
    values.length > 1 && areNumbers(values)
      ? [
          {
            key: `axis:${name}`,
            title: name,
            better: undefined,
            unit: '',
            size: 1,
            format: String,
            of: ({ choices }) => (choices[axis] === undefined ? null : Number(choices[axis])),
          },
        ]
      : [],
  );
  return [...figuresOf(space), ...choices];
}

/** Stands for a figure that a design does not have: it was not counted, or nobody knows it. */
export function absent({ figures }: Pick<DesignPoint, 'figures'>, key: FigureName): string {
  return isUnknown(figures, key) ? unknown : noFigure;
}

/** Whether all values of an axis are numbers. */
export function areNumbers(values: readonly string[]): boolean {
  return values.every((value) => value.trim() !== '' && Number.isFinite(Number(value)));
}

/**
 * The unit in which values of a quantity are told, and how many of the quantity's own unit one of it is.
 *
 * @param most the largest of the values
 */
export function unitFor(
  { unit, size }: Pick<DesignQuantity, 'unit' | 'size'>,
  most: number,
): { readonly name: string; readonly size: number } {
  if (unit === '' || unit === '%') return { name: unit, size };
  if (unit === 'mm2') return { name: 'mm²', size };
  const scale = scaleOf(most / size);
  return { name: `${scale.prefix}${unit}`, size: size * scale.size };
}

/** The figures that some design has. */
export function figuresOf({ points }: Pick<DesignSpace, 'points'>): DesignFigure[] {
  return designFigures.filter(({ key }) => points.some(({ figures }) => figures[key] !== null));
}

/** The figures that tables have: those that some design has, or would have if anybody knew them. */
export function tableFigures({ points }: Pick<DesignSpace, 'points'>): DesignFigure[] {
  return designFigures.filter(({ key }) =>
    points.some(({ figures }) => figures[key] !== null || isUnknown(figures, key)),
  );
}

/** The figures of tables, those first that were wanted. */
export function wantedFirst(space: Pick<DesignSpace, 'points' | 'wanted'>): DesignFigure[] {
  const place = ({ key }: DesignFigure) => {
    const at = space.wanted.indexOf(key);
    return at < 0 ? space.wanted.length : at;
  };
  return tableFigures(space).toSorted((a, b) => place(a) - place(b));
}

/**
 * The two figures that are looked at first, of those that some design has: of those that were wanted, accuracy
 * upwards if it is one.
 */
export function firstPair(
  space: Pick<DesignSpace, 'points' | 'wanted'>,
): readonly [x: DesignFigure['key'], y: DesignFigure['key']] | undefined {
  const drawn = new Set(figuresOf(space).map(({ key }) => key));
  const keys = wantedFirst(space).flatMap(({ key }) => (drawn.has(key) ? [key] : []));
  const y = keys.find((key) => key === 'accuracy' && space.wanted.includes(key)) ?? keys[0];
  const x = keys.find((key) => key !== y) ?? y;
  return x === undefined || y === undefined ? undefined : [x, y];
}

/** Indices of the points that no other betters in some quantities: none where nothing is better. */
export function frontAmong(
  points: readonly Pick<DesignPoint, 'figures' | 'choices' | 'status'>[],
  quantities: readonly Pick<DesignQuantity, 'of' | 'better'>[],
): number[] {
  return frontOf(
    points.map((point) => {
      const costs = quantities.flatMap(({ of, better }) => {
        const value = of(point);
        return value === null || better === undefined ? [] : [better === 'less' ? value : -value];
      });
      return point.status === 'done' && costs.length === quantities.length ? costs : undefined;
    }),
  );
}

/** The changes to try next in a design. */
export function adviceOf({ bound, trainingBound, energyPj }: DesignPoint): string[] {
  return [
    ...bindingAdvice('Inference', bound),
    ...bindingAdvice('Training', trainingBound),
    ...energyAdvice('an inference', energyPj),
  ];
}

/** More bars, rows and pictures would not be looked at. */
export const mostListed = 24;

/** The designs that are worth a bar: those of the front, the most accurate first. */
export function listed<Point extends DesignPoint>(
  { points }: { readonly points: readonly Point[] },
  most = mostListed,
): {
  readonly points: readonly Point[];
  readonly all: number;
} {
  const done = points.filter(({ status }) => status === 'done');
  const front = done.filter(({ onFront }) => onFront);
  const worthy = front.length > 0 ? front : done;
  const ranked = [...worthy].sort((a, b) => (b.figures.accuracy ?? 0) - (a.figures.accuracy ?? 0));
  if (ranked.length <= most) return { points: ranked, all: worthy.length };
  // Evenly over the whole front, its ends included.
  const step = (ranked.length - 1) / (most - 1);
  const chosen = Array.from({ length: most }, (_, at) => ranked[Math.round(at * step)]);
  return { points: chosen.flatMap((point) => point ?? []), all: worthy.length };
}

/** The keys that tell some things apart: those in which they differ. */
export function tellingKeys<Key, Thing>(
  keys: Iterable<Key>,
  things: readonly Thing[],
  of: (thing: Thing, key: Key) => unknown,
): Key[] {
  return [...new Set(keys)].filter((key) => new Set(things.map((thing) => of(thing, key))).size > 1);
}

/**
 * Names of things with choices on axes: what they chose where they differ, so that they are short.
 *
 * @param leading an axis whose choice each name begins with; what else differs is named only where this choice is the
 * same, and only as far as it tells apart what the axes before it do not
 */
export function namesByChoice(
  all: readonly DesignPoint['choices'][],
  axes: readonly { readonly name: string }[],
  leading?: number,
): string[] {
  const leadOf = (choices: DesignPoint['choices']) => (leading === undefined ? undefined : choices[leading]);
  const telling = new Map(
    [...new Set(all.map(leadOf))].map((lead) => {
      const alike = all.filter((choices) => leadOf(choices) === lead);
      const differing = tellingKeys(axes.keys(), alike, (choices, axis) => choices[axis]);
      return [lead, leading === undefined ? differing : enough(differing, alike)];
    }),
  );
  return all.map((own) => {
    const first = leading === undefined ? [] : [leading];
    const parts = [...first, ...(telling.get(leadOf(own)) ?? [])].flatMap((axis) => {
      const value = own[axis];
      if (value === undefined || value === '') return [];
      const isBare = /^-?[\d.]+$/.test(value) || value === 'true' || value === 'false';
      return [isBare ? `${axes[axis]?.name} ${value}` : value];
    });
    return parts.join(', ');
  });
}

/** Those of some axes that split what the ones before them leave together. */
function enough(axes: readonly number[], all: readonly DesignPoint['choices'][]): number[] {
  const chosen: number[] = [];
  const kinds = (some: readonly number[]) =>
    new Set(all.map((choices) => JSON.stringify(some.map((axis) => choices[axis] ?? null)))).size;
  for (const axis of axes) if (kinds([...chosen, axis]) > kinds(chosen)) chosen.push(axis);
  return chosen;
}

/** Short names for some of the points of a space. */
export function shortNames(
  points: readonly DesignPoint[],
  { axes, leading }: Pick<DesignSpace, 'axes' | 'leading'>,
): string[] {
  const names = namesByChoice(
    points.map(({ choices }) => choices),
    axes,
    leading,
  );
  return points.map(({ name }, at) => names[at] || name);
}
