import {
  at,
  type Core,
  type Cores,
  type DirectEvents,
  FastCore,
  fieldNamed,
  type NamedEvent,
  neuronIn,
  neuronLimits,
  neuronOf,
  populationOf,
  type Scalar,
  type Spikes,
  valueIn,
} from '../api.ts';

/** The cores of a chip, all of one program, as a controller that is data sees them. */
export class DataCores implements Cores {
  readonly events: readonly NamedEvent[];
  readonly scalars: readonly Scalar[];
  readonly direct: DirectEvents | undefined;
  readonly #cores: readonly Core[];

  constructor(cores: readonly Core[]) {
    const [first, ...others] = cores;
    this.#cores = cores;
    const { events, eventScalars } = this.#image;
    this.events = events.named.map(({ name }, event) => ({ name, limits: neuronLimits(this.#image, event) }));
    this.scalars = eventScalars;
    this.direct = others.length === 0 && first instanceof FastCore ? first.direct : undefined;
  }

  get #image() {
    return at(this.#cores, 0).image;
  }

  field(name: string): number | undefined {
    return this.#image.fields.some((field) => field.name === name)
      ? fieldNamed(this.#image, name)
      : undefined;
  }

  given(core: number): Int32Array {
    return at(this.#cores, core).event;
  }

  trigger(core: number, event: number): number {
    return at(this.#cores, core).trigger(event);
  }

  spikes(core: number, count: number): Spikes {
    const { populations } = this.#image;
    const emitted = Array.from(at(this.#cores, core).emitted.subarray(0, count), (address) => ({
      population: at(populations, populationOf(address)),
      neuron: neuronOf(address),
    }));
    return {
      neurons: emitted.map(({ population, neuron }) => neuronIn(population, neuron)),
      values: emitted.map(({ population, neuron }) => valueIn(population, neuron)),
    };
  }

  read(core: number, field: number): ArrayLike<number> {
    return at(this.#cores, core).read(field);
  }

  /** Replaces the items of a field. */
  write(core: number, field: number, values: readonly number[]): void {
    at(this.#cores, core).write(field, values);
  }
}
