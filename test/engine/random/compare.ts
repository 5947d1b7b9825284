import {
  type Core,
  compileModule,
  FastCore,
  ReferenceCore,
  runSample,
  triggerEvent,
} from '../../../src/engine/index.ts';
import type { CoreImage } from '../../../src/image/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import { type RandomProgram, type RandomTrigger, type Sample, trainOf } from './program.ts';
import { randomState } from './state.ts';

/** The first thing in which the engines differ. */
export interface Difference {
  readonly sample: number;
  /** Undefined where it shows at the end of a sample only. */
  readonly step: number | undefined;
  /** A field's item, a population's spike, a lane's generator, a count, a word of a bank, or a message. */
  readonly what: string;
  readonly reference: unknown;
  readonly fast: unknown;
}

/** What a run of both engines came to. */
export interface Outcome {
  readonly image: CoreImage;
  readonly difference: Difference | undefined;
  /** The reference engine as the run left it. */
  readonly reference: ReferenceCore;
  /** The generated module. */
  readonly module: Uint8Array;
  /** The message with which both stopped. */
  readonly stopped: string | undefined;
}

class Found extends Error {
  readonly what: string;
  readonly reference: unknown;
  readonly fast: unknown;

  constructor(what: string, reference: unknown, fast: unknown) {
    super(what);
    this.what = what;
    this.reference = reference;
    this.fast = fast;
  }
}

/** Runs a program on both engines from the same random state and compares them after every step. */
export function runBoth(program: RandomProgram, image: CoreImage): Outcome {
  const reference = new ReferenceCore(image);
  const fast = new FastCore(image);
  const state = randomState(image, program.seed);
  for (const engine of [reference, fast]) engine.restore(state);
  const outcome = { image, reference, module: compileModule(image).bytes };
  for (const [index, sample] of program.samples.entries()) {
    const isLast = index === program.samples.length - 1;
    let step: number | undefined;
    try {
      // The last sample runs without an observer, as training does.
      const stopped = isLast
        ? runWhole(sample, reference, fast, image)
        : runSteps(sample, reference, fast, image, (now) => {
            step = now;
          });
      step = undefined;
      if (stopped !== undefined) return { ...outcome, difference: undefined, stopped };
      compareSteps(image, snapshot(reference), snapshot(fast));
      compareEnds(reference, fast);
    } catch (error) {
      if (!(error instanceof Found)) throw error;
      const { what, reference: expected, fast: found } = error;
      const difference = { sample: index, step, what, reference: expected, fast: found };
      return { ...outcome, difference, stopped: undefined };
    }
  }
  for (const [index, trigger] of program.triggers.entries()) {
    try {
      const stopped = runTrigger(trigger, reference, fast, image);
      if (stopped !== undefined) return { ...outcome, difference: undefined, stopped };
      compareSteps(image, snapshot(reference), snapshot(fast));
      compareEnds(reference, fast);
    } catch (error) {
      if (!(error instanceof Found)) throw error;
      const { what, reference: expected, fast: found } = error;
      const difference = { sample: index, step: undefined, what, reference: expected, fast: found };
      return { ...outcome, difference, stopped: undefined };
    }
  }
  return { ...outcome, difference: undefined, stopped: undefined };
}

/** The first difference of two cores of one image, in words: memories, spikes, generators, counters. */
export function differenceOf(reference: Core, fast: Core): string | undefined {
  try {
    compareSteps(reference.image, snapshot(reference), snapshot(fast));
    compareEnds(reference, fast);
  } catch (error) {
    if (!(error instanceof Found)) throw error;
    return `${error.what}: ${String(error.reference)} and ${String(error.fast)}`;
  }
  return undefined;
}

/** Triggers a named event on both. @returns the message with which both stopped */
function runTrigger(
  { event, scalars }: RandomTrigger,
  reference: Core,
  fast: Core,
  image: CoreImage,
): string | undefined {
  const emitted: string[] = [];
  const [expected, found] = [reference, fast].map((engine) =>
    messageOf(() => emitted.push(triggerEvent(engine, event, scalars).join())),
  );
  if (emitted[0] !== emitted[1]) throw new Found(`emitted by ${event}`, emitted[0], emitted[1]);
  return sameStop(image, expected, found);
}

/** One step's view of a core. */
interface Snapshot {
  readonly fields: readonly Float64Array[];
  readonly spikes: readonly (readonly number[])[];
  readonly generators: Uint32Array;
}

function snapshot(engine: Core): Snapshot {
  const { fields, populations } = engine.image;
  return {
    fields: fields.map((_, index) => engine.read(index)),
    spikes: populations.map((_, index) => [...engine.spikesOf(index)]),
    generators: engine.save().generators,
  };
}

/** Runs a sample step by step. @returns the message with which both engines stopped */
function runSteps(
  sample: Sample,
  reference: Core,
  fast: Core,
  image: CoreImage,
  onStep: (step: number) => void,
): string | undefined {
  const snapshots: Snapshot[] = [];
  // Steps of a replay follow those of the first presentation.
  let seen = 0;
  const expected = messageOf(() => start(reference, sample, () => snapshots.push(snapshot(reference))));
  const found = messageOf(() =>
    start(fast, sample, () => {
      onStep(seen);
      const other = snapshots[seen++];
      if (other === undefined) throw new Found('steps', snapshots.length, seen);
      compareSteps(image, other, snapshot(fast));
    }),
  );
  return sameStop(image, expected, found);
}

function runWhole(sample: Sample, reference: Core, fast: Core, image: CoreImage): string | undefined {
  const expected = messageOf(() => start(reference, sample, undefined));
  const found = messageOf(() => start(fast, sample, undefined));
  return sameStop(image, expected, found);
}

function start(engine: Core, sample: Sample, observe: ((step: number) => void) | undefined): void {
  const { epoch, label, learn } = sample;
  engine.setEpoch(epoch);
  runSample(engine, trainOf(sample, engine.image), { label, learn, observe });
}

/** The message of a NaN that stops an engine. */
function messageOf(run: () => void): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof Found) throw error;
    if (error instanceof PlasticoreError && error.code === 'run') return error.message;
    return `crash: ${error}`;
  }
  return undefined;
}

/**
 * Whether both stopped at the same place. Of several floats that a kernel stores, the engines may come upon either
 * first, so only the kernel has to be the same there.
 */
function sameStop(
  image: CoreImage,
  expected: string | undefined,
  found: string | undefined,
): string | undefined {
  const brief = (message: string | undefined): string | undefined => {
    const [, name] = /kernel '(\w+)'/.exec(message ?? '') ?? [];
    const kernel = image.kernels.find((candidate) => candidate.name === name);
    const stores = kernel?.code.filter(
      ({ mnemonic, arithmetic }) => arithmetic === 'real' && /^(st|reduce)/.test(mnemonic),
    );
    return (stores?.length ?? 0) > 1 ? message?.replace(/into [^,]*/, 'somewhere') : message;
  };
  if (brief(expected) !== brief(found)) throw new Found('stop', expected, found);
  return expected;
}

function compareSteps(image: CoreImage, expected: Snapshot, found: Snapshot): void {
  for (const [population, { name }] of image.populations.entries()) {
    const [spikes, others] = [expected.spikes[population] ?? [], found.spikes[population] ?? []];
    if (spikes.join() !== others.join()) throw new Found(`spikes of ${name}`, spikes.join(), others.join());
  }
  for (const [index, field] of image.fields.entries()) {
    const values = expected.fields[index] ?? [];
    const others = found.fields[index] ?? [];
    for (let item = 0; item < field.count; item++) {
      if (!Object.is(values[item], others[item]))
        throw new Found(`${field.name}[${item}]`, values[item], others[item]);
    }
  }
  compareWords('generator of lane', expected.generators, found.generators);
}

function compareEnds(reference: Core, fast: Core): void {
  const [expected, found] = [reference.save(), fast.save()];
  for (const [index, { name }] of reference.image.banks.entries()) {
    const none = new Uint32Array();
    compareWords(`${name} bank, 32-bit element`, expected.banks[index] ?? none, found.banks[index] ?? none);
  }
  compareWords('generator of lane', expected.generators, found.generators);
  compareCounts('', reference.counters(), fast.counters(), reference.image);
}

function compareWords(what: string, expected: Uint32Array, found: Uint32Array): void {
  const at = expected.findIndex((word, index) => word !== found[index]);
  if (at >= 0) throw new Found(`${what} ${at}`, expected[at], found[at]);
}

function compareCounts(path: string, expected: unknown, found: unknown, image: CoreImage): void {
  if (typeof expected !== 'object' || expected === null || typeof found !== 'object' || found === null) {
    if (expected !== found) throw new Found(`counter${path}`, expected, found);
    return;
  }
  for (const [key, value] of Object.entries(expected)) {
    const name = path === ' work' ? (image.work[Number(key)] ?? key) : key;
    compareCounts(`${path} ${name}`, value, (found as Record<string, unknown>)[key], image);
  }
}
