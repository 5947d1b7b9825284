import type { Processor } from '../../engine/index.ts';
import { payloadRange } from '../../image/index.ts';
import { at, known, PlasticoreError } from '../../text/index.ts';
import { type NeuronEnd, type NeuronStart, NeuronStepper } from './step.ts';

/** A population's neurons in a step; one number for each neuron, in units of the field. */
export interface Dynamics {
  readonly population: number;
  readonly name: string;
  /** A magnitude that its potential, and the field that spikes add to, can hold. */
  readonly low: number;
  /** The field that collects spikes before the potential, if there is one; 1 of it adds `share` to the potential. */
  readonly current:
    | { readonly kept: Float64Array; readonly drive: Float64Array; readonly share: number }
    | undefined;
  /** The share of the potential that is kept after a step, and the amount added. */
  readonly kept: Float64Array;
  readonly drive: Float64Array;
  /** What its spikes carry for a potential of 1; undefined where they carry nothing, or their number. */
  readonly sends: number | undefined;
  /** Undefined for neurons that do not spike, or send their potential. */
  readonly firing: Firing | undefined;
  /** By projection to it: what a weight of 1, or a synapse without one, adds, and the steps until it arrives. */
  readonly effects: ReadonlyMap<number, { readonly factor: number; readonly lag: number }>;
}

interface Firing {
  /** A neuron spikes above it, or a spike subtracts it. */
  readonly threshold: Float64Array;
  readonly fires: 'above' | 'reaches' | 'each';
  readonly reset: 'value' | 'subtract' | 'subtract-late' | 'zero-late';
  readonly resetTo: Float64Array;
}

/**
 * The behaviour of a population's neurons, as its kernels say.
 *
 * @param core holds thresholds and other constants of single neurons
 * @throws PlasticoreError `data` if NIR cannot express it
 */
export function dynamicsOf(core: Processor, population: number): Dynamics {
  return new Reader(core, population).dynamics();
}

class Reader {
  readonly #core: Processor;
  readonly #population: number;
  readonly #stepper: NeuronStepper;
  /** The fields of the potential, and of what spikes add to, which may be the same. */
  readonly #field: number;
  readonly #gathers: number;
  /** Magnitudes that both can hold: one that is below all thresholds if negative, and the largest. */
  readonly #low: number;
  readonly #high: number;

  constructor(core: Processor, population: number) {
    const { fields } = core.image;
    this.#core = core;
    this.#population = population;
    this.#stepper = new NeuronStepper(core, population);
    const gathering = this.#stepper.arrivals().fields;
    if (gathering.length !== 1)
      this.#refuse(gathering.length === 0 ? 'no spike adds to it' : 'spikes add to several fields of it');
    this.#gathers = at(gathering, 0);
    this.#field = this.#follower() ?? this.#gathers;
    const bits = Math.min(at(fields, this.#field).bits, at(fields, this.#gathers).bits);
    this.#low = 2 ** (bits - 2);
    this.#high = 2 ** (bits - 1) - 1;
  }

  dynamics(): Dynamics {
    const { name, payload } = at(this.#core.image.populations, this.#population);
    const [rest, half, full] = [0, -this.#low / 2, -this.#low].map((v) => this.#potential(this.#after(v)));
    const drive = rest ?? this.#all(0);
    const kept = drive.map((value, neuron) => (value - at(full ?? [], neuron)) / this.#low);
    const expected = drive.map((value, neuron) => value - (at(kept, neuron) * this.#low) / 2);
    if (!areNear(half ?? [], expected)) this.#refuse('its potential does not leak in proportion to itself');
    const sendsValues = payload?.signed === true;
    const isSpiking = !sendsValues && this.#after(this.#high).spiked !== undefined;
    const current = this.#field === this.#gathers ? undefined : this.#current(isSpiking ? kept : undefined);
    const firing = isSpiking ? this.#firing(kept, drive) : undefined;
    return {
      population: this.#population,
      name,
      low: this.#low,
      current,
      kept,
      // A current that leaks first brings a part of its constant input to the potential.
      drive: drive.map((value, neuron) =>
        current === undefined || isSpiking ? value : value - current.share * at(current.drive, neuron),
      ),
      sends: sendsValues ? this.#sends() : undefined,
      firing,
      effects: this.#effects(isSpiking ? (current?.kept ?? kept) : undefined),
    };
  }

  #refuse(what: string): never {
    throw new PlasticoreError(
      'data',
      `population '${at(this.#core.image.populations, this.#population).name}': ${what}`,
      {
        hint: 'NIR has neurons whose potential leaks in proportion to itself, and is reset to a value or by subtraction',
      },
    );
  }

  #all(value: number): Float64Array {
    return new Float64Array(at(this.#core.image.populations, this.#population).size).fill(value);
  }

  /** The end of a step that begins with a potential, and with what has been gathered. */
  #after(v: number | Float64Array, gathered = 0, more: Partial<NeuronStart> = {}): NeuronEnd {
    const values = typeof v === 'number' ? this.#all(v) : v;
    return this.#stepper.run({
      ...more,
      fields: new Map([
        [this.#gathers, this.#all(gathered)],
        [this.#field, values],
      ]),
    });
  }

  #potential({ fields }: NeuronEnd): Float64Array {
    return known(fields, this.#field);
  }

  /** Another field that follows the one that gathers, except the answer; undefined if there is none. */
  #follower(): number | undefined {
    const { fields, readout } = this.#core.image;
    const [some, more] = [-32, -64].map((value) =>
      this.#stepper.run({ fields: new Map([[this.#gathers, this.#all(value)]]) }),
    );
    const moved = [...(some?.fields ?? [])].flatMap(([field, values]) =>
      field !== this.#gathers && field !== readout && String(values) !== String(more?.fields.get(field))
        ? [field]
        : [],
    );
    if (moved.length > 1)
      this.#refuse(
        `what spikes bring moves ${moved.map((field) => `'${at(fields, field).name}'`).join(' and ')}`,
      );
    return moved[0];
  }

  /** @param kept of potentials that leak after the current is added; others leak before, and so does their current */
  #current(kept: Float64Array | undefined): NonNullable<Dynamics['current']> {
    const [without, some] = [0, this.#low].map((value) => this.#after(-this.#low, -value));
    const change = (field: number) => {
      const [before, after] = [without, some].map((end) => end?.fields.get(field) ?? this.#all(0));
      return this.#all(0).map(
        (_, neuron) => (at(before ?? [], neuron) - at(after ?? [], neuron)) / this.#low,
      );
    };
    const left = change(this.#gathers);
    const shares = change(this.#field).map((factor, neuron) => factor / at(kept ?? left, neuron));
    const share = 2 ** Math.round(Math.log2(at(shares, 0)));
    if (!areNear(shares, this.#all(share)))
      this.#refuse('its current reaches the potential by a factor that is no power of two');
    return { kept: left, drive: without?.fields.get(this.#gathers) ?? this.#all(0), share };
  }

  /** What a spike carries, in potentials. */
  #sends(): number {
    const ends = [-this.#low, -this.#low / 2].map((v) => this.#after(v));
    const [share, again] = ends.map((end) => at(end.sent ?? [], 0) / at(this.#potential(end), 0));
    if (share !== undefined && share === again && share !== 0) return share;
    return this.#refuse('its spikes carry something else than its potential');
  }

  #firing(kept: Float64Array, drive: Float64Array): Firing {
    const { payload } = at(this.#core.image.populations, this.#population);
    const spikes = (v: number | Float64Array) => this.#after(v).spiked ?? this.#all(0);
    if (spikes(0).some((spiked) => spiked !== 0))
      this.#refuse('a neuron spikes at rest, or for no threshold');
    if (spikes(this.#high).some((spiked) => spiked !== 1)) this.#refuse('some of its neurons do not spike');
    const least = this.#leastThatSpikes(spikes);
    const above = least.map((value) => value - 1);
    const ends = [least, least.map((value) => value + this.#low)].map((v) => this.#potential(this.#after(v)));
    const [end = above, higher = above] = ends;
    const lost = least.map((value, n) => at(kept, n) * value + at(drive, n) - at(end, n));
    const atOnce = (values: Float64Array) => values.map((value, n) => value * at(kept, n));
    const resetTo = this.#all(0);
    if (payload !== undefined && payloadRange(payload).high > 1) {
      const twice = this.#after(least.map((value) => 2 * value)).sent ?? [];
      if (!areNear(lost, atOnce(least)) || !areNear(twice, this.#all(2)))
        this.#refuse('its spikes carry something else than their number');
      return { threshold: least, fires: 'each', reset: 'subtract', resetTo };
    }
    if (areNear(lost, resetTo)) {
      const later = this.#potential(this.#after(least, 0, { flags: 1 }));
      if (!areNear(later, drive)) this.#refuse('a spike leaves its potential as it is');
      return { threshold: above, fires: 'above', reset: 'zero-late', resetTo };
    }
    if (areNear(higher, end)) {
      const to = end.map((value, n) =>
        at(kept, n) === 0 ? 0 : Math.round((value - at(drive, n)) / at(kept, n)),
      );
      return { threshold: above, fires: 'above', reset: 'value', resetTo: to };
    }
    const ways = [
      { threshold: above, fires: 'above', reset: 'subtract', lost: atOnce(above) },
      { threshold: least, fires: 'reaches', reset: 'subtract', lost: atOnce(least) },
      { threshold: above, fires: 'above', reset: 'subtract-late', lost: above },
      { threshold: least, fires: 'reaches', reset: 'subtract-late', lost: least },
    ] as const;
    const found = ways.find((way) => areNear(lost, way.lost));
    if (found === undefined) return this.#refuse('a spike subtracts something else than the threshold');
    return { threshold: found.threshold, fires: found.fires, reset: found.reset, resetTo };
  }

  /** For each neuron, the smallest whole number that makes it spike, found by bisection. */
  #leastThatSpikes(spikes: (v: Float64Array) => Float64Array): Float64Array {
    const [below, above] = [this.#all(0), this.#all(this.#high)];
    while (above.some((value, neuron) => value - at(below, neuron) > 1)) {
      const middle = above.map((value, neuron) => Math.floor((value + at(below, neuron)) / 2));
      for (const [neuron, spiked] of spikes(middle).entries())
        (spiked === 0 ? below : above)[neuron] = at(middle, neuron);
    }
    return above;
  }

  /** @param kept of what gathers, by spiking neurons: they leak after the input, others before */
  #effects(kept: Float64Array | undefined): Dynamics['effects'] {
    const gathered = (end: NeuronEnd) => known(end.fields, this.#gathers);
    const quiet = gathered(this.#after(-this.#low, -this.#low));
    return new Map(
      [...this.#stepper.arrivals().lags].map(([projection, lag]) => {
        const seen = (weight: number) =>
          this.#after(-this.#low, -this.#low, { spike: { projection, weight } });
        const factors = gathered(seen(1)).map(
          (value, neuron) => (value - at(quiet, neuron)) / ((kept && at(kept, neuron)) || 1),
        );
        const factor = at(factors, 0);
        if (!areNear(factors, this.#all(factor)))
          this.#refuse('a spike adds something else to it than its weight');
        const whole = Math.round(factor);
        const exact = isNear(factor, whole) && whole !== 0 ? whole : 2 ** Math.round(Math.log2(factor));
        return [projection, { factor: isNear(exact, factor) ? exact : factor, lag }] as const;
      }),
    );
  }
}

/** Whether two doubles are the same but for the ways by which they came; NaN is like nothing. */
function isNear(one: number, another: number): boolean {
  return Math.abs(one - another) <= 1e-9 * Math.max(1, Math.abs(another));
}

function areNear(some: ArrayLike<number>, others: Float64Array): boolean {
  return others.every((other, neuron) => isNear(some[neuron] ?? Number.NaN, other));
}
