import type { SpikeTrain } from '../../src/data/index.ts';
import type { CoreState } from '../../src/engine/index.ts';
import { deploy, parseSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { type CoreImage, coreImageOf, Memory } from '../../src/image/index.ts';
import { hash32, seedLanes } from '../../src/random/index.ts';

/** A sample for an engine: its input spikes and the label. */
export interface Sample {
  readonly spikes: SpikeTrain;
  readonly label: number;
}

/**
 * Compiles a program for the reference core, with 16-bit shadow weights and 8-bit inference weights if nothing else is
 * said.
 *
 * @param program a bundled program, or a path relative to this folder
 * @param settings `path=value`, as for `--set`
 */
export function compileProgram(
  program: string,
  settings: readonly string[] = [],
  precision = 'mp16-8',
): CoreImage {
  const request = {
    program: { name: program, from: import.meta.filename },
    hw: { name: 'reference', from: '' },
    precision,
    seed: 1,
    settings: parseSettings(settings),
  };
  return coreImageOf(deploy(request, findFile).image);
}

/** The state in which an image starts, but for the fields named: their items hold `value(item)`. */
export function stateWith(
  image: CoreImage,
  values: Readonly<Record<string, (item: number) => number>> = {},
): CoreState {
  const memory = new Memory(image);
  for (const [name, value] of Object.entries(values)) {
    const field = image.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new Error(`no field ${name}`);
    const access = memory.access(image, field);
    for (let item = 0; item < field.count; item++) access.write(item, value(item));
  }
  return { banks: memory.banks, generators: seedLanes(image.seed, image.core.lanes) };
}

/** A random whole number in low..high, named by its index; equal in every run. */
export function uniform(index: number, low: number, high: number): number {
  return low + (hash32(1, index) % (high - low + 1));
}

/** Samples of which each step has the same number of active inputs, drawn anew. */
export function randomSamples(image: CoreImage, count: number, active: number): Sample[] {
  const { steps } = image;
  const inputs = image.populations[image.input]?.size ?? 0;
  return Array.from({ length: count }, (_, sample) => {
    const spikes = Array.from({ length: steps }, (_, step) =>
      chooseAscending(inputs, active, sample * steps + step),
    );
    const offsets = Uint32Array.from({ length: steps + 1 }, (_, step) => step * active);
    return { spikes: { steps, offsets, indices: Uint32Array.from(spikes.flat()) }, label: sample % 10 };
  });
}

/** Some of the numbers below `bound`: those with the smallest hashes. */
function chooseAscending(bound: number, count: number, draw: number): number[] {
  return Array.from({ length: bound }, (_, number) => ({ number, hash: hash32(2, draw, number) }))
    .sort((a, b) => a.hash - b.hash)
    .slice(0, count)
    .map(({ number }) => number)
    .sort((a, b) => a - b);
}
