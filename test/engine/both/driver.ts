import {
  type Core,
  createCore,
  type EngineName,
  type Processor,
  runSample,
} from '../../../src/engine/index.ts';
import type { CoreImage, WorkCount } from '../../../src/image/index.ts';
import { indexOfField, packed, spikeTrain, workIndex } from '../../support/core.ts';

/** Loads an image into an engine and replaces the first words of some banks. */
export function start(
  name: EngineName,
  image: CoreImage,
  banks: Readonly<Record<string, readonly number[]>> = {},
): Core {
  const engine = createCore(image, { engine: name });
  const contents = image.banks.map((bank, index) => {
    const initial = image.contents[index] ?? new Uint32Array();
    const words = banks[bank.name];
    return words === undefined ? initial : packed(words, bank.wordBits, initial.length);
  });
  engine.restore({ banks: contents, generators: engine.save().generators });
  return engine;
}

/** Runs a sample of input spikes by step. */
export function run(engine: Core, spikes: readonly (readonly number[])[] = [[]], label = 0): void {
  runSample(engine, spikeTrain(...spikes), { label, learn: true });
}

/** Presents a sample of counts, by step and input: each is a spike that carries its count above the input's bits. */
export function present(
  core: Processor,
  payloadShift: number,
  sample: readonly (readonly number[])[],
  { label, learn }: { readonly label: number; readonly learn: boolean },
): void {
  const spikes = sample.map((counts) =>
    counts.flatMap((count, input) => (count === 0 ? [] : [input | (count << payloadShift)])),
  );
  const train = { ...spikeTrain(...spikes), indices: Uint32Array.from(spikes.flat()) };
  runSample(core, train, { label, learn });
}

/** A field's items by name. */
export function valuesIn(engine: Core, name: string): number[] {
  return [...engine.read(indexOfField(engine.image, name))];
}

/** The counts of a piece of work by its name. */
export function countsIn(engine: Core, work: string): WorkCount {
  const count = engine.counters().work[workIndex(engine.image, work)];
  if (count === undefined) throw new Error(`no counts of ${work}`);
  return count;
}
