import { at } from '../../../text/index.ts';
import {
  areNumbers,
  type DesignPoint,
  type DesignQuantity,
  type DesignSpace,
  figuresOf,
  firstPair,
  quantitiesOf,
} from '../designs.ts';

/** The view of a reader, which the page's address keeps. */
export interface View {
  readonly x: DesignQuantity;
  readonly y: DesignQuantity;
  /** `front`, `axis:NAME` or the key of a figure. */
  readonly colour: string;
  /** The values that designs may have, by axis; an axis that is missing has no filter. */
  readonly only: ReadonlyMap<string, ReadonlySet<string>>;
  /** By the key of a figure, in its own unit. */
  readonly limits: ReadonlyMap<string, number>;
  readonly onlyFront: boolean;
  /** Words that names contain. */
  readonly text: string;
  readonly selected: DesignPoint | undefined;
}

const tag = '#explorer:';

/** The view that an address has; what was wanted where it has none. */
export function readView(hash: string, space: DesignSpace): View {
  const kept = new URLSearchParams(hash.startsWith(tag) ? hash.slice(tag.length) : '');
  const all = quantitiesOf(space);
  const pair = firstPair(space);
  if (pair === undefined) throw new Error('no design has a figure');
  const quantity = (key: string | null) => all.find((known) => known.key === key);
  const firstOf = (key: string) =>
    at(
      all,
      all.findIndex((known) => known.key === key),
    );
  const colour = kept.get('colour') ?? 'front';
  const limits = figuresOf(space).flatMap(({ key }): [string, number][] => {
    const limit = kept.get(`limit.${key}`);
    return limit === null ? [] : [[key, Number(limit)]];
  });
  const only = space.axes.flatMap(({ name, values }): [string, Set<string>][] => {
    const some = kept.get(`only.${name}`)?.split('|');
    return some === undefined ? [] : [[name, new Set(values.filter((value) => some.includes(value)))]];
  });
  return {
    x: quantity(kept.get('x')) ?? firstOf(pair[0]),
    y: quantity(kept.get('y')) ?? firstOf(pair[1]),
    colour: coloursOf(space).some(([key]) => key === colour) ? colour : 'front',
    only: new Map(only),
    limits: new Map(limits),
    onlyFront: kept.get('front') === '1',
    text: kept.get('text') ?? '',
    selected: space.points.find(({ name }) => name === kept.get('design')),
  };
}

/** The address of a view. */
export function writeView({ x, y, colour, only, limits, onlyFront, text, selected }: View): string {
  const kept = new URLSearchParams({ x: x.key, y: y.key, colour });
  for (const [axis, values] of only) kept.set(`only.${axis}`, [...values].join('|'));
  for (const [key, limit] of limits) kept.set(`limit.${key}`, String(limit));
  if (onlyFront) kept.set('front', '1');
  if (text !== '') kept.set('text', text);
  if (selected !== undefined) kept.set('design', selected.name);
  return `${tag}${kept}`;
}

export function isAddress(hash: string): boolean {
  return hash.startsWith(tag);
}

/** The figure or choice that colours the designs, with its title. */
export function coloursOf(space: DesignSpace): (readonly [key: string, title: string])[] {
  return [
    ['front', 'the front'],
    ...space.axes.map(({ name }) => [`axis:${name}`, name] as const),
    ...figuresOf(space).map(({ key, title }) => [key, title] as const),
  ];
}

/** The designs that pass all filters. */
export function shownIn({ only, limits, onlyFront, text }: View, space: DesignSpace): DesignPoint[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const bounds = figuresOf(space).flatMap(({ key, better, of }) => {
    const limit = limits.get(key);
    return limit === undefined
      ? []
      : [{ of, isMet: (own: number) => (better === 'more' ? own >= limit : own <= limit) }];
  });
  return space.points.filter(
    (point) =>
      space.axes.every(({ name }, axis) => {
        const choice = point.choices[axis];
        return choice === undefined || only.get(name)?.has(choice) !== false;
      }) &&
      bounds.every(({ of, isMet }) => {
        const own = of(point);
        return own !== null && isMet(own);
      }) &&
      (!onlyFront || point.onFront) &&
      words.every((word) => point.name.toLowerCase().includes(word)),
  );
}

/** A design that differs in one choice, by one step where choices are numbers. */
export interface DesignStep {
  readonly text: string;
  readonly to: DesignPoint;
}

export function stepsFrom(from: DesignPoint, space: DesignSpace): DesignStep[] {
  return space.axes.flatMap(({ name, values }, axis) => {
    const choice = from.choices[axis];
    if (choice === undefined) return [];
    const order = inOrder(values);
    const place = order.indexOf(choice);
    const others = areNumbers(values) ? [order[place - 1], order[place + 1]] : order.toSpliced(place, 1);
    return others.flatMap((value) => {
      const to = space.points.find(
        (point) =>
          value !== undefined &&
          Object.values(point.figures).some((figure) => figure !== null) &&
          point.choices.every((own, at) => own === (at === axis ? value : from.choices[at])),
      );
      return to === undefined ? [] : [{ text: `${name} ${choice} → ${value}`, to }];
    });
  });
}

/** The values of an axis: numbers by size. */
export function inOrder(values: readonly string[]): readonly string[] {
  return areNumbers(values) ? values.toSorted((a, b) => Number(a) - Number(b)) : values;
}
