import { payloadRange } from '../../image/index.ts';
import { at, PlasticoreError } from '../../text/index.ts';
import type { Laboratory } from './laboratory.ts';

/** The measured behaviour of a population's neurons in a step; one number for each neuron, in units of the field. */
export interface Dynamics {
  readonly population: number;
  readonly name: string;
  /** The index of the field that spikes add to: the potential, or a current. */
  readonly gathers: number;
  /** The index of the field that is compared with the threshold, and a magnitude that both fields can hold. */
  readonly field: number;
  readonly low: number;
  /** Undefined where spikes add to the potential itself. */
  readonly current: Current | undefined;
  /** The share of the potential that is kept after a step, and the amount added. */
  readonly kept: Float64Array;
  readonly drive: Float64Array;
  /** Whether its spikes carry its potential. */
  readonly sendsValues: boolean;
  /** Undefined for neurons that do not spike, or send their potential. */
  readonly firing:
    | {
        /** The smallest value that causes a spike. */
        readonly least: Float64Array;
        /** Its threshold: a neuron spikes above it, or a spike subtracts it. */
        readonly threshold: Float64Array;
        readonly fires: 'above' | 'reaches' | 'each';
        readonly reset: 'value' | 'subtract' | 'subtract-late' | 'zero-late';
        readonly resetTo: Float64Array;
      }
    | undefined;
}

/** The field that collects spikes before the potential. */
interface Current {
  readonly kept: Float64Array;
  readonly drive: Float64Array;
  /** How much a current of 1 adds to the potential in a step. */
  readonly share: number;
}

/**
 * Measures the behaviour of a population's neurons.
 *
 * @throws PlasticoreError `data` if NIR cannot express it
 */
export function dynamicsOf(lab: Laboratory, population: number, gathers: number): Dynamics {
  const { image } = lab.core;
  const { name = '', size = 0, payload } = image.populations[population] ?? {};
  const all = (value: number) => new Float64Array(size).fill(value);
  const moved = othersThatMove(lab, name, gathers, [all(0), all(-64)]);
  const field = moved ?? gathers;
  const bits = Math.min(image.fields[field]?.bits ?? 16, image.fields[gathers]?.bits ?? 16);
  const low = 2 ** (bits - 2);
  const high = 2 ** (bits - 1) - 1;
  const refuse = (what: string): never => {
    throw new PlasticoreError('data', `population '${name}': ${what}`, {
      hint: 'NIR has neurons whose potential leaks in proportion to itself, and is reset to a value or by subtraction',
    });
  };
  const after = (values: Float64Array) => {
    lab.begin(field);
    lab.core.write(gathers, all(0));
    lab.core.write(field, values);
    const spiked = lab.step(population);
    return { values: lab.core.read(field), spiked };
  };
  const [zero, half, full] = [after(all(0)), after(all(-low / 2)), after(all(-low))];
  const sendsValues = payload?.signed === true;
  if (zero.spiked.size > 0 && !sendsValues) refuse('a neuron spikes at rest');
  const drive = zero.values;
  const rough = drive.map((value, neuron) => (value - (full.values[neuron] ?? 0)) / low);
  for (const [neuron, share] of rough.entries()) {
    const expected = (drive[neuron] ?? 0) - (share * low) / 2;
    if (Math.abs(expected - (half.values[neuron] ?? 0)) > 2)
      refuse(`neuron ${neuron} does not leak in proportion`);
  }
  const kept = sharesOf(
    rough,
    (value) => after(all(-value)).values.map((found, neuron) => (drive[neuron] ?? 0) - found),
    low,
  );
  const fired = after(all(high)).spiked;
  const isSpiking = fired.size > 0 && !sendsValues;
  const current =
    moved === undefined ? undefined : currentOf(lab, { gathers, field, low, kept, size, isSpiking });
  const common = { population, name, gathers, field, low, current, kept, drive, sendsValues };
  if (!isSpiking) return { ...common, firing: undefined };
  if (fired.size < size) refuse('some of its neurons spike, and some do not');
  const least = leastThatSpikes(after, size, high);
  const atLeast = after(least).values;
  const higher = after(least.map((value) => Math.min(high, value + low))).values;
  const lost = least.map((value, at) => (kept[at] ?? 0) * value + (drive[at] ?? 0) - (atLeast[at] ?? 0));
  const isCounted = payload !== undefined && payloadRange(payload).high > 1;
  const isSet = least.every((_, at) => Math.abs((higher[at] ?? 0) - (atLeast[at] ?? 0)) <= 2);
  const near = (values: Float64Array) => lost.every((value, at) => Math.abs(value - (values[at] ?? 0)) <= 2);
  const above = least.map((value) => value - 1);
  const atOnce = (values: Float64Array) => values.map((value, at) => value * (kept[at] ?? 0));
  if (isCounted && !near(atOnce(least))) refuse('its spikes carry something else than their number');
  if (isCounted)
    return {
      ...common,
      firing: { least, threshold: least, fires: 'each', reset: 'subtract', resetTo: all(0) },
    };
  if (near(all(0)))
    return {
      ...common,
      firing: { least, threshold: above, fires: 'above', reset: 'zero-late', resetTo: all(0) },
    };
  if (isSet) {
    const resetTo = resetsOf(atLeast, kept, drive);
    return { ...common, firing: { least, threshold: above, fires: 'above', reset: 'value', resetTo } };
  }
  const distance = (values: Float64Array) =>
    lost.reduce((sum, value, at) => sum + Math.abs(value - (values[at] ?? 0)), 0);
  const ways = [
    { threshold: above, fires: 'above', reset: 'subtract', lost: atOnce(above) },
    { threshold: least, fires: 'reaches', reset: 'subtract', lost: atOnce(least) },
    { threshold: above, fires: 'above', reset: 'subtract-late', lost: above },
    { threshold: least, fires: 'reaches', reset: 'subtract-late', lost: least },
  ] as const;
  const [nearest] = [...ways].sort((a, b) => distance(a.lost) - distance(b.lost));
  if (nearest === undefined || distance(nearest.lost) > 2 * size)
    return refuse('a spike subtracts something else than the threshold');
  const { threshold, fires, reset } = nearest;
  return { ...common, firing: { least, threshold, fires, reset, resetTo: all(0) } };
}

/** The values that neurons are reset to: one for all, if roundings leave room for one. */
function resetsOf(atLeast: Float64Array, kept: Float64Array, drive: Float64Array): Float64Array {
  const found = atLeast.map((value, at) =>
    (kept[at] ?? 0) === 0 ? 0 : Math.round((value - (drive[at] ?? 0)) / (kept[at] ?? 1)),
  );
  const common = [0, ...new Set(found)].find((to) =>
    atLeast.every((value, at) => Math.abs((kept[at] ?? 0) * to + (drive[at] ?? 0) - value) <= 0.5),
  );
  return common === undefined ? found : found.map(() => common);
}

/** How much of a current is kept, and how much of it reaches the potential: from a step with it, and one without. */
function currentOf(
  lab: Laboratory,
  given: {
    readonly gathers: number;
    readonly field: number;
    readonly low: number;
    readonly kept: Float64Array;
    readonly size: number;
    readonly isSpiking: boolean;
  },
): Current {
  const { gathers, field, low, kept, size, isSpiking } = given;
  const { core } = lab;
  const measured = (value: number) => {
    lab.begin(field);
    core.write(gathers, new Float64Array(size).fill(value));
    core.write(field, new Float64Array(size).fill(-low));
    lab.step(0);
    return { current: core.read(gathers), potential: core.read(field) };
  };
  const [without, some] = [0, low / 2].map(measured);
  const change = (of: 'current' | 'potential', at: number) =>
    ((some?.[of][at] ?? 0) - (without?.[of][at] ?? 0)) / (low / 2);
  const rough = Float64Array.from({ length: size }, (_, at) => change('current', at));
  const left = sharesOf(
    rough,
    (value) => measured(value).current.map((found, at) => found - (without?.current[at] ?? 0)),
    low / 2,
  );
  // Spiking neurons leak after the current is added; others leak before, and so does their current.
  const seen = isSpiking ? (kept[0] ?? 1) : (left[0] ?? 1);
  return {
    kept: left,
    drive: without?.current ?? new Float64Array(size),
    share: 2 ** Math.round(Math.log2(change('potential', 0) / seen)),
  };
}

/**
 * The index of another field that follows the collecting field although no neuron spikes, except the answer; undefined
 * if there is none.
 */
function othersThatMove(
  lab: Laboratory,
  name: string,
  gathers: number,
  values: readonly Float64Array[],
): number | undefined {
  const { core } = lab;
  const { fields, readout } = core.image;
  const others = fields.flatMap((other, index) =>
    other.name.startsWith(`${name}.`) && index !== gathers && index !== readout ? [index] : [],
  );
  const seen = values.map((each) => {
    lab.begin(gathers);
    core.write(gathers, each);
    lab.step(0);
    return others.map((index) => core.read(index));
  });
  const moved = others.filter((_, place) => String(seen[0]?.[place]) !== String(seen[1]?.[place]));
  if (moved.length > 1)
    throw new PlasticoreError(
      'data',
      `population '${name}': what spikes bring moves ${moved.map((index) => `'${fields[index]?.name}'`).join(' and ')}`,
      { hint: 'NIR has neurons with a current and a potential' },
    );
  return moved[0];
}

/** For each neuron, the smallest value that makes it spike, found by bisection. */
function leastThatSpikes(
  after: (values: Float64Array) => { readonly spiked: ReadonlySet<number> },
  size: number,
  high: number,
): Float64Array {
  const below = new Float64Array(size);
  const above = new Float64Array(size).fill(high);
  while (above.some((value, neuron) => value - (below[neuron] ?? 0) > 1)) {
    const middle = above.map((value, neuron) => Math.floor((value + (below[neuron] ?? 0)) / 2));
    const { spiked } = after(middle);
    for (const [neuron, value] of middle.entries()) (spiked.has(neuron) ? above : below)[neuron] = value;
  }
  return above;
}

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
function sharesOf(rough: Float64Array, left: (value: number) => Float64Array, low: number): Float64Array {
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
