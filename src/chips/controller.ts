import type { Core } from '../engine/index.ts';
import { type CoreImage, type Counters, Memory } from '../image/index.ts';
import { PlasticoreError } from '../text/index.ts';

/**
 * A chip's own controller. It decides which named event a core runs and when, takes the spikes that events emit, and
 * keeps the chip's clock. What an event does to memory is up to the program.
 */
export interface Controller {
  /** The chip's cores, all of one image. */
  readonly cores: readonly Core[];
  /** Clock cycles since the start. */
  readonly cycle: number;
  /** Counters of all cores together and of the controller: its FIFO, and the cycles elapsed. */
  counters(): Counters;
  /** Resets the counters. The clock continues. */
  resetCounters(): void;
}

/**
 * Finds named events and their scalars in a core's image, by name.
 *
 * @throws PlasticoreError `image` if the image's program or hw-model is not made for this controller
 */
export function namesIn(core: Core, controller: string) {
  const { program, core: model, events, eventScalars } = core.image;
  const missing = (what: string): never => {
    throw new PlasticoreError(
      'image',
      `program '${program}' cannot run under controller '${controller}': ${what}`,
    );
  };
  if (model.controller !== controller)
    missing(`hw-model '${model.hwModel}' has controller '${model.controller ?? 'none'}'`);
  const indexOf = (names: readonly { readonly name: string }[], name: string, what: string): number => {
    const index = names.findIndex((candidate) => candidate.name === name);
    return index < 0 ? missing(`it has no ${what} '${name}'`) : index;
  };
  return {
    event: (name: string) => indexOf(events.named, name, 'event'),
    scalar: (name: string) => indexOf(eventScalars, name, 'event scalar'),
  };
}

/**
 * The index of a field in an image.
 *
 * @throws PlasticoreError `image` if the image's program has no such field
 */
export function fieldNamed({ fields, program }: CoreImage, name: string): number {
  const index = fields.findIndex((field) => field.name === name);
  if (index >= 0) return index;
  throw new PlasticoreError('image', `program '${program}' has no field '${name}'`);
}

/**
 * The size of a population in an image.
 *
 * @throws PlasticoreError `image` if the image's program has no such population
 */
export function sizeNamed({ populations, program }: CoreImage, name: string): number {
  const population = populations.find((candidate) => candidate.name === name);
  if (population !== undefined) return population.size;
  throw new PlasticoreError('image', `program '${program}' has no population '${name}'`);
}

/** The host of a chip writes its own initial weights. Arrays that the program or a file of weights gives come after. */
export function fillFromArrays(core: Core): void {
  const { image } = core;
  const memory = new Memory(image);
  for (const { field: name } of image.provenance.arrays) {
    const index = image.fields.findIndex((field) => field.name === name);
    const field = image.fields[index];
    if (field?.layout !== undefined) core.write(index, memory.access(image, field).readAll());
  }
}
