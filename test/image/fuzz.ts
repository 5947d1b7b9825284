import { engineNames, runSample } from '../../src/engine/index.ts';
import {
  coreImageOf,
  type Image,
  imageOfCore,
  isSpread,
  readImage,
  suppliedTo,
  writeImage,
} from '../../src/image/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { imageOf, randomProgram } from '../engine/random/program.ts';
import { placedProgramOf } from '../machine/random-placement.ts';
import { spikeTrain } from '../support/core.ts';
import { withOneNumberChanged } from '../support/one-number.ts';

/** What became of an image with one changed number: refused when it was read, run alike, or a fault. */
export type Verdict =
  | { readonly is: 'refused' | 'alike' | 'stopped' }
  | { readonly is: 'fault'; readonly what: string; readonly change: string };

/** Images of random programs whose cores have more bytes take too long. */
const largestCore = 30_000;

/** Images of one core, or of a program on several. */
export const coreCounts = ['one', 'several'] as const;
type CoreCount = (typeof coreCounts)[number];

/** The images that are changed: those of random programs, which have everything that an image may have. */
export function* tinyImages(seed: number, count: CoreCount, programs = 60): Generator<Image> {
  for (let made = 0, next = seed; made < programs; next++) {
    const image = count === 'one' ? imageOfCore(imageOf(randomProgram(next, 'one core'))) : severalOf(next);
    if (image === undefined || writeImage(image).length > largestCore * image.cores.length) continue;
    made += 1;
    yield image;
  }
}

/** A random program under a random placement. */
function severalOf(seed: number): Image | undefined {
  const placed = placedProgramOf(seed);
  return placed.is === 'placed' ? placed.system : undefined;
}

/** An image of which one number is another one. */
function changed(image: Image, dice: Dice): { readonly value: Image; readonly change: string } {
  if (!isSpread(image)) {
    const { value, change } = withOneNumberChanged(coreImageOf(image), dice);
    return { value: imageOfCore(value), change };
  }
  const place = dice.whole(0, image.cores.length - 1);
  const { image: inside, ...around } = image.cores[place] ?? dice.pick(image.cores);
  const { cores, lists, placement, chip, ...view } = image;
  const within = <T extends object>(part: T, name: string, whole: (value: T) => Image) => {
    const { value, change } = withOneNumberChanged(part, dice);
    return { value: whole(value), change: `${name}${change}` };
  };
  const core = `cores.${place}.`;
  return dice.pick([
    () => within(view, '', (value) => ({ ...image, ...value })),
    () => within(inside, `${core}image.`, (value) => withCore({ ...around, image: value })),
    () => within(around, core, (value) => withCore({ ...value, image: inside })),
    // How the cores work together, which no single one of them says.
    () => within({ lists, placement, ...(chip && { chip }) }, '', (value) => ({ ...image, ...value })),
  ])();

  function withCore(own: Image['cores'][number]): Image {
    return { ...image, cores: cores.with(place, own) };
  }
}

/** Changes one number of an image, writes it with a valid checksum, reads it and runs it on both engines. */
function tryChange(image: Image, dice: Dice): Verdict {
  const { value, change } = changed(image, dice);
  let read: Image;
  try {
    read = readImage(writeImage(value), 'changed.pcore');
  } catch (error) {
    if (error instanceof PlasticoreError && error.code === 'image') return { is: 'refused' };
    return { is: 'fault', what: `reading: ${error}`, change };
  }
  try {
    const [expected = '', found = ''] = engineNames.map((engine) =>
      endOf(createMachine(read, { engine }), new Dice(7)),
    );
    if (expected !== found) return { is: 'fault', what: firstDifference(expected, found), change };
    return { is: expected.startsWith('stopped') ? 'stopped' : 'alike' };
  } catch (error) {
    return { is: 'fault', what: `running: ${error instanceof Error ? error.stack : error}`, change };
  }
}

/** How a machine ends after a few steps, or named events: everything that it holds and has counted, or its message. */
function endOf(machine: Machine, dice: Dice): string {
  const { image } = machine;
  try {
    if (image.core.controller === undefined) {
      const input = image.populations[image.input];
      const inputs = input === undefined ? 0 : suppliedTo(input);
      const steps = Math.min(3, image.steps);
      const spikes = Array.from({ length: steps }, () =>
        Array.from({ length: inputs === 0 ? 0 : 4 }, () => dice.whole(0, inputs - 1)),
      );
      runSample(machine, spikeTrain(...spikes), { label: 0, learn: true });
    } else {
      const core = machine.cores[0];
      if (core === undefined) throw new Error('a machine without cores');
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
  const spikes = image.populations.map((_, population) => machine.spikesOf(population));
  return JSON.stringify([machine.save(), machine.counters(), spikes]);
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

/**
 * Tries changes of images of a seed; calls back for each.
 *
 * @param programs of which images are made
 */
export function fuzz(
  tries: number,
  seed: number,
  count: CoreCount,
  onVerdict: (verdict: Verdict) => void,
  programs?: number,
): void {
  const dice = new Dice(seed);
  const images = [...tinyImages(seed, count, programs)];
  for (let done = 0; done < tries; done++) onVerdict(tryChange(dice.pick(images), dice));
}
