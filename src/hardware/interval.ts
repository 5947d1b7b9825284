import type { Interval } from './source.ts';

/** A figure that is taken as it stands. */
export const exact: Interval = { low: 1, high: 1 };

/** The bounds of a sum, in the unit of its parts. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * How a total's interval follows from those of its parts: the only place.
 *
 * Figures of one source err together: a part of P with an interval of low to high may be too high by P - P x low, and
 * too low by P x high - P, all of it at once. Figures of different sources err independently: the deviations of the
 * parts add up as the root of the sum of their squares, to each side by itself.
 *
 * @param bySource the parts of a total, by source
 * @param intervals those of the sources; a source without one is exact
 * @param also parts of the same total that err independently of their sources, too
 */
export function totalInterval(
  bySource: Readonly<Record<string, number>>,
  intervals: Readonly<Record<string, Interval>>,
  also: readonly { readonly part: number; readonly interval: Interval }[] = [],
): Bounds {
  let [total, below, above] = [0, 0, 0];
  const deviate = (part: number, { low, high }: Interval): void => {
    below += (part - part * low) ** 2;
    above += (part * high - part) ** 2;
  };
  for (const [source, part] of Object.entries(bySource)) {
    total += part;
    deviate(part, intervals[source] ?? exact);
  }
  for (const { part, interval } of also) deviate(part, interval);
  return { low: total - Math.sqrt(below), high: total + Math.sqrt(above) };
}
