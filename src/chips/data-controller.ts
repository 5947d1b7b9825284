import {
  type BoundEvent,
  type ControllerData,
  ControllerRunner,
  type Cores,
  controlledCores,
  type DirectEvents,
  type InputRecords,
  type Listener,
  type Scalar,
  type SendInput,
  type Spikes,
} from '../control/index.ts';
import { type Core, FastCore, neuronLimits, neuronOf, populationOf } from '../engine/index.ts';
import { addCounts, type Counters, neuronIn, valueIn } from '../image/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import { type Controller, fieldNamed } from './controller.ts';

/** A chip whose controller is data. Everything that it does is in the data; this has its cores and its counters. */
export class DataController implements Controller {
  readonly cores: readonly Core[];
  readonly data: ControllerData;
  readonly #controlled: ControllerRunner;
  readonly #cores: DataCores;
  #countedFrom = 0;
  #before = { pushes: 0, pops: 0, drops: 0 };

  /**
   * @param cores all of one image, as many as the controller has
   * @throws PlasticoreError `image` if the image's hw-model has no such controller, or its program lacks what it names
   */
  constructor(cores: readonly Core[]) {
    const { core, program } = at(cores, 0).image;
    const { controllerData: data } = core;
    if (data === undefined)
      throw new PlasticoreError('image', `hw-model '${core.hwModel}' has no controller that is data`);
    this.cores = cores;
    this.data = data;
    this.#cores = new DataCores(cores);
    try {
      this.#controlled = new ControllerRunner(data, this.#cores);
    } catch (error) {
      if (!(error instanceof PlasticoreError)) throw error;
      throw new PlasticoreError(error.code, `program '${program}': ${error.message}`, { hint: error.hint });
    }
  }

  get cycle(): number {
    return this.#controlled.clock;
  }

  /** The function that makes the visits of an input: see {@link ControllerRunner.input}. */
  input(name: string): SendInput {
    return this.#controlled.input(name);
  }

  /** Makes the visits of an input. */
  send(input: string, values: readonly number[]): void {
    this.#controlled.send(input, values);
  }

  /** Calls a listener with each row of a record: see {@link ControllerRunner.hear}. */
  hear(record: string, listener: Listener): void {
    this.#controlled.hear(record, listener);
  }

  /** Records are made from here on. */
  listen(): void {
    this.#controlled.listen();
  }

  /** The recording since the last call. */
  takeRecords(): InputRecords {
    return this.#controlled.takeRecords();
  }

  /**
   * The numbers of a field of the program, a register, or a column of a table; or the state of a generator that the
   * hw-model declares (`generators.noise`): the bits before its next word, the earliest lowest.
   */
  read(name: string, core: number): ArrayLike<number> {
    const held = this.#controlled.read(name, core);
    if (held !== undefined) return held;
    const generator = this.#generator(name);
    if (generator === undefined) return this.#cores.read(core, this.#field(name));
    return at(this.cores, core)
      .save()
      .generators.subarray(generator, generator + 1);
  }

  /** Replaces them; of registers and tables, the first ones. */
  write(name: string, core: number, values: readonly number[]): void {
    const generator = this.#generator(name);
    if (generator !== undefined) this.#seed(name, at(this.cores, core), generator, values);
    else if (this.#controlled.read(name, core) !== undefined) this.#controlled.write(name, core, values);
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
    const own = this.#controlled.counts;
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
    this.#before = this.#controlled.counts;
    this.#countedFrom = this.cycle;
  }

  #field(name: string): number {
    return fieldNamed(at(this.cores, 0).image, name);
  }
}

/** How many cores the chip of an image has. */
export function dataCores(core: Pick<Core['image']['core'], 'controllerData' | 'hwModel'>): number {
  if (core.controllerData !== undefined) return controlledCores(core.controllerData);
  throw new PlasticoreError('image', `hw-model '${core.hwModel}' has no controller that is data`);
}

/** The cores of a chip, all of one program, as a controller that is data sees them. */
class DataCores implements Cores {
  readonly events: readonly BoundEvent[];
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
