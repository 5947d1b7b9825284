import type { Core } from '../engine/index.ts';
import { Memory } from '../image/index.ts';

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
