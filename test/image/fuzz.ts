import { type Core, FastCore, ReferenceCore, runSample } from '../../src/engine/index.ts';
import { type Image, readImage, suppliedTo, writeImage } from '../../src/image/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { imageOf, randomProgram } from '../engine/random/program.ts';
import { spikeTrain } from '../support/core.ts';
import { withOneNumberChanged } from '../support/one-number.ts';

/** What became of an image with one changed number: refused when it was read, run alike, or a fault. */
export type Verdict =
  | { readonly is: 'refused' | 'alike' | 'stopped' }
  | { readonly is: 'fault'; readonly what: string; readonly change: string };

/** Programs of which images are made. */
const programs = 60;
/** Random programs whose images are larger take too long. */
const largestImage = 30_000;

/** The images that are changed: those of random programs, which have everything that an image may have. */
export function* tinyImages(seed: number): Generator<Image> {
  for (let made = 0, next = seed; made < programs; next++) {
    const image = imageOf(randomProgram(next));
    if (writeImage(image).length > largestImage) continue;
    made += 1;
    yield image;
  }
}

/** Changes one number of an image, writes it with a valid checksum, reads it and runs it on both engines. */
export function tryChange(image: Image, dice: Dice): Verdict {
  const { value, change } = withOneNumberChanged(image, dice);
  let read: Image;
  try {
    read = readImage(writeImage(value as Image), 'changed.pcore');
  } catch (error) {
    if (error instanceof PlasticoreError && error.code === 'image') return { is: 'refused' };
    return { is: 'fault', what: `reading: ${error}`, change };
  }
  try {
    const reference = new ReferenceCore(read);
    const fast = new FastCore(read);
    const [expected, found] = [reference, fast].map((core) => endOf(core, new Dice(7)));
    if (expected !== found)
      return { is: 'fault', what: firstDifference(expected ?? '', found ?? ''), change };
    return { is: expected?.startsWith('stopped') === true ? 'stopped' : 'alike' };
  } catch (error) {
    return { is: 'fault', what: `running: ${error instanceof Error ? error.stack : error}`, change };
  }
}

/** How a core ends after a few steps, or named events: everything that it holds and has counted, or its message. */
function endOf(core: Core, dice: Dice): string {
  const { image } = core;
  try {
    if (image.core.controller === undefined) {
      const input = image.populations[image.input];
      const inputs = input === undefined ? 0 : suppliedTo(input);
      const steps = Math.min(3, image.steps);
      const spikes = Array.from({ length: steps }, () =>
        Array.from({ length: inputs === 0 ? 0 : 4 }, () => dice.whole(0, inputs - 1)),
      );
      runSample(core, spikeTrain(...spikes), { label: 0, learn: true });
    } else {
      const neurons = Math.min(...image.populations.map(({ size }) => size));
      for (const event of image.events.named.keys()) {
        for (const [at, { low, high }] of image.eventScalars.entries())
          core.event[at] = at < 2 ? dice.whole(0, neurons - 1) : dice.whole(low, high);
        core.trigger(event);
      }
    }
  } catch (error) {
    if (error instanceof PlasticoreError && error.code === 'run') return `stopped: ${brief(error.message)}`;
    throw error;
  }
  const spikes = image.populations.map((_, population) => core.spikesOf(population));
  return JSON.stringify([core.save(), core.counters(), spikes]);
}

/** Of several floats that a kernel stores, the engines may come upon either NaN first. */
function brief(message: string): string {
  return message.replace(/into [^,]*/, 'somewhere');
}

function firstDifference(expected: string, found: string): string {
  let at = 0;
  while (expected[at] === found[at]) at++;
  const from = Math.max(0, at - 60);
  return `reference ...${expected.slice(from, at + 60)}; fast ...${found.slice(from, at + 60)}`;
}

/** Tries changes of images of a seed; calls back for each. */
export function fuzz(count: number, seed: number, onVerdict: (verdict: Verdict) => void): void {
  const dice = new Dice(seed);
  const images = [...tinyImages(seed)];
  for (let done = 0; done < count; done++) onVerdict(tryChange(dice.pick(images), dice));
}
