import {
  type BoundEvent,
  type ControllerData,
  ControllerRunner,
  type Cores,
  controlledCores,
  type DirectEvents,
  type Scalar,
  type Spikes,
} from '../control/index.ts';
import { type Core, FastCore, neuronLimits, neuronOf, populationOf } from '../engine/index.ts';
import { addCounts, type Counters, neuronIn, valueIn } from '../image/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import { type Controller, fieldNamed } from './controller.ts';

/** A chip whose controller is data. Everything that it does is in the data; this has its cores and its counters. */
export class DataController extends ControllerRunner implements Controller {
  readonly cores: readonly Core[];
  readonly data: ControllerData;
  readonly #cores: DataCores;
  #countedFrom = 0;
  #before = { pushes: 0, pops: 0, drops: 0 };

  /**
   * @param cores all of one image, as many as the controller has
   * @throws PlasticoreError `image` if the image's hw-model has no such controller, or its program lacks what it names
   */
  constructor(cores: readonly Core[]) {
    const data = controllerOf(at(cores, 0).image.core);
    const bound = new DataCores(cores);
    super(data, bound);
    this.cores = cores;
    this.data = data;
    this.#cores = bound;
  }

  /**
   * The numbers of a field of the program, a register, or a column of a table; or the state of a generator that the
   * hw-model declares (`generators.noise`): the bits before its next word, the earliest lowest.
   */
  override read(name: string, core: number): ArrayLike<number> {
    const held = super.read(name, core);
    if (held !== undefined) return held;
    const generator = this.#generator(name);
    if (generator === undefined) return this.#cores.read(core, this.#field(name));
    return at(this.cores, core)
      .save()
      .generators.subarray(generator, generator + 1);
  }

  /** Replaces them; of registers and tables, the first ones. */
  override write(name: string, core: number, values: readonly number[]): void {
    const generator = this.#generator(name);
    if (generator !== undefined) this.#seed(name, at(this.cores, core), generator, values);
    else if (super.read(name, core) !== undefined) super.write(name, core, values);
    else this.#cores.write(core, this.#field(name), values);
  }

  /** The place of a generator among the states of a core: those of the lanes come first. */
  #generator(name: string): number | undefined {
    const { core, generators } = at(this.cores, 0).image;
    const index = generators.findIndex((generator) => `generators.${generator.name}` === name);
    return index < 0 ? undefined : core.lanes + index;
  }

  #seed(name: string, core: Core, generator: number, values: readonly number[]): void {
    const { far } = at(core.image.generators, generator - core.image.core.lanes);
    const [value = 0] = values;
    if (values.length !== 1 || !Number.isInteger(value) || value < 0 || value >= 2 ** far)
      throw new PlasticoreError('data', `'${name}' is one number of ${far} bits`);
    const state = core.save();
    state.generators[generator] = value;
    core.restore(state);
  }

  counters(): Counters {
    const own = this.counts;
    return {
      ...this.cores.map((core) => core.counters()).reduce(addCounts),
      pushes: own.pushes - this.#before.pushes,
      pops: own.pops - this.#before.pops,
      drops: own.drops - this.#before.drops,
      cycles: this.cycle - this.#countedFrom,
    };
  }

  resetCounters(): void {
    for (const core of this.cores) core.resetCounters();
    this.#before = this.counts;
    this.#countedFrom = this.cycle;
  }

  #field(name: string): number {
    return fieldNamed(at(this.cores, 0).image, name);
  }
}

type ControlledCore = Pick<Core['image']['core'], 'controllerData' | 'hwModel'>;

function controllerOf({ controllerData, hwModel }: ControlledCore): ControllerData {
  if (controllerData !== undefined) return controllerData;
  throw new PlasticoreError('image', `hw-model '${hwModel}' has no controller that is data`);
}

/** How many cores the chip of an image has. */
export function dataCores(core: ControlledCore): number {
  return controlledCores(controllerOf(core));
}

/** The cores of a chip, all of one program, as a controller that is data sees them. */
class DataCores implements Cores {
  readonly program: string;
  readonly events: readonly BoundEvent[];
  readonly scalars: readonly Scalar[];
  readonly direct: DirectEvents | undefined;
  readonly #cores: readonly Core[];

  constructor(cores: readonly Core[]) {
    const [first, ...others] = cores;
    this.#cores = cores;
    const { events, eventScalars, program } = this.#image;
    this.program = program;
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

  busyCycles(core: number): number {
    return at(this.#cores, core).busyCycles();
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
