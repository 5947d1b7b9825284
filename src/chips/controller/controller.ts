import {
  addCounts,
  at,
  type Controller,
  type ControllerData,
  ControllerRunner,
  type Core,
  type Counters,
  controlledCores,
  fieldNamed,
  type InputRecords,
  PlasticoreError,
  type SendInput,
} from '../api.ts';
import { DataCores } from './cores.ts';

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

  /** Records are made from here on. */
  listen(): void {
    this.#controlled.listen();
  }

  /** The recording since the last call. */
  takeRecords(): InputRecords {
    return this.#controlled.takeRecords();
  }

  /** The numbers of a field of the program, a register, or a column of a table. */
  read(name: string, core: number): ArrayLike<number> {
    return this.#controlled.read(name, core) ?? this.#cores.read(core, this.#field(name));
  }

  /** Replaces them; of registers and tables, the first ones. */
  write(name: string, core: number, values: readonly number[]): void {
    if (this.#controlled.read(name, core) === undefined) this.#cores.write(core, this.#field(name), values);
    else this.#controlled.write(name, core, values);
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
