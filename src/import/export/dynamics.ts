import { payloadRange } from '../../image/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { Laboratory } from './laboratory.ts';

/** What the neurons of a population do in a step, as experiments show it; one number for each neuron, in units of the field. */
export interface Dynamics {
  readonly population: number;
  readonly name: string;
  /** The index of the field that gathers what spikes bring. */
  readonly field: number;
  /** A magnitude that the field holds, and at which no neuron spikes below zero. */
  readonly low: number;
  /** What is left of it after a step, and what is added. */
  readonly kept: Float64Array;
  readonly drive: Float64Array;
  /** Whether its spikes carry its potential. */
  readonly sendsValues: boolean;
  /** Undefined for neurons that do not spike, or send their potential. */
  readonly firing:
    | {
        /** The least value that spikes. */
        readonly least: Float64Array;
        /** Its threshold: that above which it spikes, or what a spike subtracts. */
        readonly threshold: Float64Array;
        readonly fires: 'above' | 'reaches' | 'each';
        readonly reset: 'value' | 'subtract' | 'subtract-late' | 'zero-late';
        readonly resetTo: Float64Array;
      }
    | undefined;
}

/**
 * Finds out what the neurons of a population do.
 *
 * @throws PlasticoreError `data` if it is not what NIR can say
 */
export function dynamicsOf(lab: Laboratory, population: number, field: number): Dynamics {
  const { image } = lab.core;
  const { name = '', size = 0, payload } = image.populations[population] ?? {};
  const { bits = 16 } = image.fields[field] ?? {};
  const low = 2 ** (bits - 2);
  const high = 2 ** (bits - 1) - 1;
  const refuse = (what: string): never => {
    throw new PlasticoreError('data', `population '${name}': ${what}`, {
      hint: 'NIR has neurons whose potential leaks in proportion to itself, and is reset to a value or by subtraction',
    });
  };
  const after = (values: Float64Array) => {
    lab.begin();
    lab.core.write(field, values);
    const spiked = lab.step(population);
    return { values: lab.core.read(field), spiked };
  };
  const all = (value: number) => new Float64Array(size).fill(value);
  const [zero, half, full] = [after(all(0)), after(all(-low / 2)), after(all(-low))];
  const moved = othersThatMove(lab, name, field, [all(0), all(-low / 2)]);
  if (moved !== undefined)
    refuse(`what spikes bring moves '${moved}', too: neurons with a current are not exported`);
  const sendsValues = payload?.signed === true;
  if (zero.spiked.size > 0 && !sendsValues) refuse('a neuron spikes at rest');
  const drive = zero.values;
  const kept = drive.map((value, neuron) => (value - (full.values[neuron] ?? 0)) / low);
  for (const [neuron, share] of kept.entries()) {
    const expected = (drive[neuron] ?? 0) - (share * low) / 2;
    if (Math.abs(expected - (half.values[neuron] ?? 0)) > 2)
      refuse(`neuron ${neuron} does not leak in proportion`);
  }
  const common = { population, name, field, low, kept, drive, sendsValues };
  const fired = after(all(high)).spiked;
  if (fired.size === 0 || sendsValues) return { ...common, firing: undefined };
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
    const resetTo = atLeast.map((value, at) =>
      (kept[at] ?? 0) === 0 ? 0 : Math.round((value - (drive[at] ?? 0)) / (kept[at] ?? 1)),
    );
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

/** Another field of a population that depends on the one that gathers, though no neuron spikes; not the answer. */
function othersThatMove(
  lab: Laboratory,
  name: string,
  field: number,
  values: readonly Float64Array[],
): string | undefined {
  const { core } = lab;
  const { fields, readout } = core.image;
  const others = fields.flatMap((other, index) =>
    other.name.startsWith(`${name}.`) && index !== field && index !== readout ? [index] : [],
  );
  const seen = values.map((each) => {
    lab.begin();
    core.write(field, each);
    lab.step(0);
    return others.map((index) => core.read(index));
  });
  const at = others.findIndex((_, place) => String(seen[0]?.[place]) !== String(seen[1]?.[place]));
  return at < 0 ? undefined : fields[others[at] ?? -1]?.name;
}

/** For each neuron, the least value that makes it spike, found by halving. */
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
