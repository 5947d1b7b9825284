import { largest, smallest } from '../../text/index.ts';
import {
  type DesignPoint,
  type DesignQuantity,
  type DesignSpace,
  frontAmong,
  shortNames,
  unitFor,
} from './designs.ts';
import type { Chart } from './markup.ts';
import { chartWidth } from './options/common.ts';
import { type Dot, frontChart } from './options/fronts.ts';
import { colourOf, muted } from './theme.ts';

/** How designs look in a picture of two of their quantities. */
export interface PairLook {
  readonly colourOf: (point: DesignPoint) => string;
  /** The meaning of the colours. */
  readonly legend: readonly { readonly name: string; readonly colour: string }[];
  readonly selected?: DesignPoint | undefined;
  readonly width: number;
  readonly height: number;
}

/** A picture of two quantities of designs. */
export interface Pair {
  readonly title: string;
  readonly chart: Chart;
  /** The designs that have both. */
  readonly points: readonly DesignPoint[];
  /** Those of them that no other betters in both. */
  readonly front: ReadonlySet<DesignPoint>;
  /** What is drawn, in words. */
  readonly inWords: string;
}

/** More names and error bars would cover each other: then only designs of the front have a name. */
const mostNamed = 12;

/** Draws two quantities of some designs of a space. Without a look, those of the front stand out. */
export function pairOf(
  space: DesignSpace,
  some: readonly DesignPoint[],
  [x, y]: readonly [DesignQuantity, DesignQuantity],
  look?: PairLook,
): Pair {
  const points = some.filter((point) => x.of(point) !== null && y.of(point) !== null);
  const best = x.key === y.key ? [] : frontAmong(points, [x, y]).flatMap((at) => points[at] ?? []);
  const front = new Set(best);
  const isFew = points.length <= mostNamed;
  const named = isFew ? points : best;
  const labels = new Map(shortNames(named, space).map((label, at) => [named[at], label]));
  const [alongX, alongY] = [along(x, points), along(y, points)];
  const numbers = new Map(space.points.map((point, at) => [point, at]));
  const nameOf = (point: DesignPoint) => `${point.name}: ${told(y, point)}, ${told(x, point)}`;
  const dotOf = (point: DesignPoint): Dot => ({
    label: labels.get(point) ?? '',
    name: nameOf(point),
    design: numbers.get(point) ?? -1,
    x: alongX.of(point),
    y: alongY.of(point),
    errorX: isFew ? alongX.error(point) : 0,
    errorY: isFew ? alongY.error(point) : 0,
    colour: look?.colourOf(point) ?? (front.has(point) ? colourOf(1) : muted),
    isHollow: point.status === 'outside' || point.status === 'unknown',
    isSelected: point === look?.selected,
  });
  const chart = frontChart({
    front: best.map(dotOf),
    others: points.filter((point) => !front.has(point)).map(dotOf),
    x: alongX,
    y: alongY,
    legend: look?.legend ?? [],
    width: look?.width ?? chartWidth,
    height: look?.height ?? 350,
  });
  const title = `${capital(y.title)} against ${x.title}`;
  const inWords = isFew
    ? points.map(nameOf).join('; ')
    : `${points.length} designs, ${front.size} of which no other betters in both. The table of all designs has the figures.`;
  return { title, chart, points, front, inWords };
}

/** A quantity of a design, with the standard error of a mean. */
function told(quantity: DesignQuantity, point: DesignPoint): string {
  const error = errorOf(quantity, point);
  const value = quantity.format(quantity.of(point) ?? 0);
  return error === undefined ? value : `${value} ± ${quantity.format(error)}`;
}

function errorOf({ key }: DesignQuantity, { standardErrors }: DesignPoint): number | undefined {
  return Object.entries(standardErrors).find(([figure]) => figure === key)?.[1];
}

/** A text that begins a sentence. */
export function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

/** A quantity in the units of an axis. */
function along(quantity: DesignQuantity, points: readonly DesignPoint[]) {
  const values = points.map((point) => quantity.of(point) ?? 0);
  const [low, high] = [smallest(values), largest(values)];
  const unit = unitFor(quantity, Math.max(Math.abs(low), Math.abs(high)));
  return {
    of: (point: DesignPoint) => (quantity.of(point) ?? 0) / unit.size,
    error: (point: DesignPoint) => (errorOf(quantity, point) ?? 0) / unit.size,
    name: unit.name === '' ? quantity.title : `${quantity.title}, ${unit.name}`,
    // Over a wide range, most designs would be in one corner.
    isLog: low > 0 && high / low > 30,
  };
}
