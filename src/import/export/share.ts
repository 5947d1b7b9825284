import { at } from '../../arrays/index.ts';

/** Experiments that a share is narrowed down by. Each halves what is left open, more or less. */
const probes = 64;
/** Shares as cores compute them: by shifts, by products of 12 bits, and of 16. */
const mostShift = 16;
const products = [2 ** 12, 2 ** 16] as const;

/** A value, and what is left of it. */
interface Probe {
  readonly value: number;
  readonly left: number;
}

/**
 * The share of a value that a core keeps in a step, for each neuron, from what is left of many values. A single one
 * tells it to half of a unit; a share whose roundings agree with all of them is known to a unit of its factor.
 *
 * @param rough what a single experiment says; it stands where a core rounds in other ways
 * @param left what is left of a value, by neuron
 * @param low values lie from here to twice that
 */
export function sharesOf(
  rough: Float64Array,
  left: (value: number) => Float64Array,
  low: number,
): Float64Array {
  const all = Array.from({ length: probes }, (_, probe) => {
    // By the golden ratio, so that values are spread however many there are.
    const value = low + Math.floor((low - 2) * ((probe * 0.618_033_988_75) % 1));
    return { value, left: left(value) };
  });
  return rough.map((share, neuron) =>
    shareOf(
      share,
      all.map((probe) => ({ value: probe.value, left: at(probe.left, neuron) })),
    ),
  );
}

/** The simplest share that explains all probes; the rough one if none does. */
function shareOf(rough: number, seen: readonly Probe[]): number {
  const explains = (predicted: (value: number) => number) =>
    seen.every(({ value, left }) => predicted(value) === left);
  for (let shift = 1; shift <= mostShift; shift++)
    for (const round of [Math.floor, Math.ceil])
      if (explains((value) => value - round(value / 2 ** shift))) return 1 - 2 ** -shift;
  const least = seen.reduce((low, { value, left }) => Math.max(low, (left - 0.5) / value), -Infinity);
  const most = seen.reduce((high, { value, left }) => Math.min(high, (left + 0.5) / value), Infinity);
  if (least > most) return rough;
  const middle = (least + most) / 2;
  const shifts = Array.from({ length: mostShift }, (_, shift) => 1 - 2 ** -(shift + 1));
  const simple = [0, 1, ...shifts, ...products.map((units) => Math.round(middle * units) / units)];
  return simple.find((share) => share >= least && share <= most) ?? middle;
}
