import {
  at,
  type Core,
  type Cores,
  fieldNamed,
  type NeuronLimit,
  neuronIn,
  neuronLimits,
  neuronOf,
  PlasticoreError,
  populationOf,
  type Scalar,
  valueIn,
} from '../api.ts';

const none = new Uint32Array();

/** The cores of a chip, all of one program, as a controller that is data sees them. */
export class DataCores implements Cores {
  readonly #cores: readonly Core[];
  readonly #limits: readonly (readonly NeuronLimit[])[];
  /** By core and field, what has been read since the last event of the core. */
  readonly #read: readonly Map<number, Float64Array>[];
  /** By core, the addresses of the spikes of its latest event. */
  readonly #emitted: Uint32Array[];

  constructor(cores: readonly Core[]) {
    this.#cores = cores;
    const { image } = at(cores, 0);
    this.#limits = image.events.named.map((_, event) => neuronLimits(image, event));
    this.#read = cores.map(() => new Map());
    this.#emitted = cores.map(() => none);
  }

  get #image() {
    return at(this.#cores, 0).image;
  }

  event(name: string): number | undefined {
    const index = this.#image.events.named.findIndex((event) => event.name === name);
    return index < 0 ? undefined : index;
  }

  scalar(name: string): Scalar | undefined {
    const index = this.#image.eventScalars.findIndex((scalar) => scalar.name === name);
    const range = this.#image.eventScalars[index];
    return range && { index, low: range.low, high: range.high };
  }

  field(name: string): number | undefined {
    return this.#image.fields.some((field) => field.name === name)
      ? fieldNamed(this.#image, name)
      : undefined;
  }

  trigger(index: number, event: number): ArrayLike<number> {
    const core = at(this.#cores, index);
    for (const { scalar, size, population } of at(this.#limits, event)) {
      const neuron = at(core.event, scalar);
      if (neuron >= 0 && neuron < size) continue;
      const { name } = at(this.#image.events.named, event);
      const what = at(this.#image.eventScalars, scalar).name;
      throw new PlasticoreError(
        'run',
        `controller: event '${name}': ${what}: expected 0 to ${size - 1}, a neuron of '${population}', found ${neuron}`,
      );
    }
    at(this.#read, index).clear();
    const count = core.trigger(event);
    this.#emitted[index] = count === 0 ? none : core.emitted.slice(0, count);
    return Array.from(at(this.#emitted, index), (address) =>
      neuronIn(this.#senderOf(address), neuronOf(address)),
    );
  }

  carried(index: number, place: number): number {
    const address = at(at(this.#emitted, index), place);
    return valueIn(this.#senderOf(address), neuronOf(address));
  }

  #senderOf(address: number) {
    return at(this.#image.populations, populationOf(address));
  }

  set(index: number, { index: scalar }: Scalar, value: number): void {
    at(this.#cores, index).event[scalar] = value;
  }

  /** Replaces the items of a field. */
  write(index: number, field: number, values: readonly number[]): void {
    at(this.#read, index).clear();
    at(this.#cores, index).write(field, values);
  }

  read(index: number, field: number): ArrayLike<number> {
    const known = at(this.#read, index);
    const values = known.get(field) ?? at(this.#cores, index).read(field);
    known.set(field, values);
    return values;
  }
}
