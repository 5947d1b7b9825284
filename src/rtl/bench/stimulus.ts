import { at } from '../../arrays/index.ts';
import type { SpikeTrain } from '../../data/index.ts';
import type { CoreDeed } from '../../engine/index.ts';
import {
  allLists,
  batchSizes,
  type CoreImage,
  endsBatch,
  layoutOf,
  type PlaceInPass,
} from '../../image/index.ts';

/* What benches present: the commands are those of `templates/rtl/bench.sv`. */

/** A sample that a bench presents. */
export interface BenchSample {
  /** Which values of scheduled parameters hold. */
  readonly interval: number;
  readonly learn: boolean;
  readonly label: number;
  /** Its place in a pass over the data; absent if it is presented alone. */
  readonly place?: PlaceInPass | undefined;
  /** By step, the spikes of the input: their neurons, with values where they carry any. */
  readonly inputs: readonly (readonly number[])[];
}

/** The spikes of a sample, step by step. */
export function spikesByStep({ steps, offsets, indices }: SpikeTrain): number[][] {
  return Array.from({ length: steps }, (_, step) => [
    ...indices.subarray(at(offsets, step), at(offsets, step + 1)),
  ]);
}

/**
 * The stimulus of a bench; `states` tells after which samples it asks for the state. A sample that the core learns may
 * follow once more.
 */
export function stimulusText(
  { replay, events }: Pick<CoreImage, 'replay' | 'events'>,
  samples: readonly BenchSample[],
  states: (sample: number) => boolean,
): string {
  const sizes = batchSizes(allLists(events));
  const lines = samples.flatMap(({ interval, learn, label, place, inputs }, index) => {
    const ends = sizes.reduce((bits, size, bit) => bits + (endsBatch(size, place) ? 2 ** bit : 0), 0);
    const presented = (again: boolean): string[] => [
      `1 ${(learn ? 1 : 0) + (again ? 2 : 0) + 4 * ends} ${label} ${inputs.length} ${interval}`,
      ...inputs.map((spikes) => ['2', spikes.length, ...spikes].join(' ')),
    ];
    const again = learn && replay !== undefined ? presented(true) : [];
    return [
      ...presented(false),
      ...(again.length === 0 ? [] : [`4 ${again.length}`, ...again]),
      ...(states(index) ? ['3'] : []),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** The line of a stimulus for what a core is asked to do. */
export function placedStimulus(deed: CoreDeed, interval: number): string {
  if (deed.does === 'write') {
    const words = deed.words.map(({ bank, address, bits }) => `${bank} ${address} ${bits}`);
    return ['6', deed.words.length, ...words].join(' ');
  }
  const { event, arrives, label, step, neurons } = deed;
  return ['5', event, arrives ? 1 : 0, label, step, interval, neurons.length, ...neurons].join(' ');
}

/** Words of a bank, and in each the bits of a field, by its place in a row. */
export interface FieldWords {
  readonly bank: number;
  readonly firstWord: number;
  readonly words: number;
  readonly masks: readonly bigint[];
}

/** The field whose items ask for a sample again; undefined if nothing does. */
export function replayWords(image: CoreImage): FieldWords | undefined {
  if (image.replay === undefined) return undefined;
  const field = at(image.fields, image.replay);
  const { bank, firstWord, rows, wordsPerRow, rowLength, itemsPerWord, itemBits } = layoutOf(image, field);
  const own = (1n << BigInt(field.bits)) - 1n;
  // Words of a row may have places without an item.
  const masks = Array.from({ length: wordsPerRow }, (_, word) => {
    const items = field.perWord ? 1 : Math.min(itemsPerWord, rowLength - word * itemsPerWord);
    const all = Array.from({ length: items }, (_, item) => own << BigInt(item * itemBits + field.bitOffset));
    return all.reduce((sum, bits) => sum | bits, 0n);
  });
  return { bank, firstWord, words: rows * wordsPerRow, masks };
}
