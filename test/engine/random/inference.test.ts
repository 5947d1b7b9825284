import { expect, test } from 'vitest';
import { type Core, createCore, type EngineName, runSample } from '../../../src/engine/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import { indexOfField } from '../../support/core.ts';
import { inThorough } from '../../support/thorough.ts';
import { imageOf, type RandomProgram, randomProgram, trainOf } from './program.ts';
import { isAsCompiled, randomState } from './state.ts';

/** Programs on samples with something to leave out. */
function* learningPrograms(first: number, count: number): Generator<RandomProgram> {
  for (let seed = first, found = 0; found < count; seed++) {
    const program = randomProgram(seed);
    // Without learning, more programs may stall.
    if (program.inference === true && program.hw.router.whenFull === 'stall') continue;
    if (program.samples.length === 0 || !JSON.stringify(program.spec.events).includes('"learning"')) continue;
    found += 1;
    yield program;
  }
}

/** What a step leaves: the spikes of every population, and some fields. */
const stepOf = (core: Core, fields: readonly string[]): string =>
  JSON.stringify([
    core.image.populations.map((_, index) => [...core.spikesOf(index)]),
    fields.map((name) => [name, [...core.read(indexOfField(core.image, name))].map(String)]),
    [...core.save().generators],
  ]);

/** Presents the samples without learning. @returns every step, or the message of a NaN */
function steps({ samples }: RandomProgram, core: Core, fields: readonly string[]): string[] {
  const seen: string[] = [];
  const observe = (): void => void seen.push(stepOf(core, fields));
  for (const sample of samples) {
    core.setEpoch(sample.epoch);
    try {
      runSample(core, trainOf(sample, core.image), { label: sample.label, learn: false, observe });
    } catch (error) {
      if (!(error instanceof PlasticoreError)) throw error;
      return [...seen, error.message];
    }
  }
  return seen;
}

test.each(['reference', 'fast'] satisfies EngineName[])(
  'a core that only infers does what the whole program does without learning, on the %s engine',
  (engine) => {
    let saved = 0;
    for (const program of learningPrograms(
      70_001,
      engine === 'fast' ? inThorough(120, 30) : inThorough(60, 15),
    )) {
      const whole = createCore(imageOf({ ...program, inference: false }), { engine });
      const part = createCore(imageOf({ ...program, inference: true }), { engine });
      // With shorter delays, spikes wait in other rows.
      const fields = part.image.fields.map(({ name }) => name).filter((name) => !name.endsWith('.delayed'));
      whole.restore(randomState(whole.image, program.seed));
      // A random state has weights that are not those of the shadow.
      for (const [index, { storedView }] of whole.image.fields.entries())
        if (storedView !== undefined) whole.write(index, whole.read(index));
      const { generators } = whole.save();
      part.restore({ ...part.save(), generators });
      for (const [index, field] of part.image.fields.entries()) {
        if (isAsCompiled(field) || field.view !== undefined || !fields.includes(field.name)) continue;
        part.write(index, whole.read(indexOfField(whole.image, field.name)));
      }
      const [found, expected] = [part, whole].map((core) => steps(program, core, fields));
      const at = expected?.findIndex((step, index) => step !== found?.[index]) ?? -1;
      expect(found?.[at], `seed ${program.seed}, step ${at}`).toBe(expected?.[at]);
      saved += whole.image.fields.length - part.image.fields.length;
    }
    expect(saved).toBeGreaterThan(inThorough(100, 25));
  },
);
