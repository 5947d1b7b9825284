import { inGroups } from '../../text/index.ts';

/** Human-readable numbers. */

/** How an accuracy of training is to be read, wherever one is shown. */
export const whileLearning = 'measured while learning';

/** Digits in groups of three, of the whole number that is nearest. */
export function grouped(value: number): string {
  return inGroups(Math.round(value));
}

/** A count per sample: an integer from 100 up, three significant digits below. */
export function amount(value: number): string {
  return value >= 100 || Number.isInteger(value) ? grouped(value) : String(Number(value.toPrecision(3)));
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** A duration: 45 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds > 1e7) return '?';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const steps = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
] as const;

/** A quantity with a suitable prefix: `quantity(1.5e-6, 'J')` is 1.50 µJ. */
function quantity(value: number, unit: string): string {
  if (value === 0) return `0 ${unit}`;
  const { size, prefix } = scaleOf(value);
  return `${(value / size).toPrecision(3)} ${prefix}${unit}`;
}

/** The prefix that suits a value, with its size: µ, 1e-6. */
export function scaleOf(value: number): { readonly size: number; readonly prefix: string } {
  const [size, prefix] = steps.find(([least]) => Math.abs(value) >= least) ?? [1e-12, 'p'];
  return { size, prefix };
}

/** Stands where nobody knows a figure. */
export const unknown = 'unknown';

/** An energy; null is one that nobody knows. */
export function energy(pj: number | null): string {
  return pj === null ? unknown : quantity(pj * 1e-12, 'J');
}

/**
 * A value and the bounds of its interval: `1.93 µJ (1.4 to 2.6)`; the value alone where the bounds read the same. Null
 * is a value that nobody knows.
 */
export function within(
  value: number | null,
  bounds: { readonly low: number; readonly high: number } | null | undefined,
  format: (value: number) => string,
): string {
  if (value === null) return unknown;
  const shown = format(value);
  if (bounds === undefined || bounds === null || value === 0) return shown;
  const size = Number.parseFloat(shown) / value;
  const [low, high] = [bounds.low, bounds.high].map((bound) => Number((bound * size).toPrecision(2)));
  if (low === high) return shown;
  return `${shown} (${low} to ${high})`;
}

/** An area: 1.47 mm2; below a thousandth of that in um2. */
export function area(um2: number): string {
  const [value, unit] = um2 === 0 || um2 >= 1000 ? [um2 / 1e6, 'mm2'] : [um2, 'um2'];
  return `${value === 0 ? 0 : value.toPrecision(3)} ${unit}`;
}

/** 1 pJ / 1 ns = 1 mW. */
export function power(pj: number | null, ns: number): string {
  return pj === null ? unknown : quantity((pj / ns) * 1e-3, 'W');
}

export function time(ns: number): string {
  return quantity(ns * 1e-9, 's');
}

/** Numbers with so many places behind the point. */
export const decimals =
  (places: number) =>
  (value: number): string =>
    value.toFixed(places);

/** Numbers with so many digits in all. */
export const digits =
  (count: number) =>
  (value: number): string =>
    value.toPrecision(count);

/** Units of figures in files. */
export type FigureUnit = 'share' | 'bit' | 'cycle' | 'pJ' | 'ns' | 'mW' | 'um2' | 'count';

/** A figure as people read it, from its unit in files. */
export const inUnit: Readonly<Record<FigureUnit, (value: number) => string>> = {
  share: (share) => percent(share, 2),
  bit: amount,
  cycle: amount,
  pJ: energy,
  ns: time,
  mW: (mw) => power(mw, 1),
  um2: area,
  count: amount,
};
