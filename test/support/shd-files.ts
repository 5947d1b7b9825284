import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash32 } from '../../src/random/index.ts';
import { hdf5File } from './hdf5.ts';

/*
 * Files in the published layout of the Spiking Heidelberg Digits, with random spikes: B. Cramer et al., IEEE TNNLS 33,
 * 2744-2757 (2022), and https://zenkelab.org/resources/spiking-heidelberg-datasets-shd/. Times are float16 in seconds,
 * everything else is of 16 bits; twenty classes, zero to nine in English, then in German.
 */

const english = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const german = ['null', 'eins', 'zwei', 'drei', 'vier', 'fuenf', 'sechs', 'sieben', 'acht', 'neun'];
const speakers = 12;
/** Two speakers are in the test set alone, as in SHD. */
const speakersToTrain = 10;

export interface RandomShd {
  /** Samples of each class in `shd_train.h5` and in `shd_test.h5`. */
  readonly trainOfClass: number;
  readonly testOfClass: number;
  readonly spikes: number;
  readonly seed: number;
}

/**
 * Writes `shd_train.h5` and `shd_test.h5` into a folder, as `plasticore data fetch shd` leaves them. Each class has
 * channels that are more frequent, so that there is something to learn.
 */
export function writeRandomShd(folder: string, { trainOfClass, testOfClass, spikes, seed }: RandomShd): void {
  mkdirSync(folder, { recursive: true });
  const of = (part: number, ofClass: number, speakersThere: number) =>
    shdFile({ samples: 20 * ofClass, spikes, seed, part, speakersThere });
  writeFileSync(join(folder, 'shd_train.h5'), of(0, trainOfClass, speakersToTrain));
  writeFileSync(join(folder, 'shd_test.h5'), of(1, testOfClass, speakers));
}

interface Part {
  readonly samples: number;
  readonly spikes: number;
  readonly seed: number;
  readonly part: number;
  readonly speakersThere: number;
}

function shdFile({ samples, spikes, seed, part, speakersThere }: Part): Uint8Array {
  const numbers = Array.from({ length: samples }, (_, sample) => sample);
  const below = (bound: number, ...parts: readonly number[]) => hash32(seed, part, ...parts) % bound;
  const classOf = (sample: number) => sample % 20;
  const word = (values: readonly number[]) => ({ values, type: 'uint16' as const });
  return hdf5File({
    'spikes/times': {
      rows: numbers.map((sample) =>
        Array.from({ length: spikes }, (_, spike) => below(1024, sample, spike, 0))
          .sort((a, b) => a - b)
          .map(float16Of),
      ),
      type: 'float16',
    },
    'spikes/units': {
      rows: numbers.map((sample) =>
        Array.from({ length: spikes }, (_, spike) => {
          const isTypical = below(2, sample, spike, 1) === 0;
          return isTypical
            ? 300 + 20 * classOf(sample) + below(20, sample, spike, 2)
            : below(700, sample, spike, 2);
        }),
      ),
      type: 'uint16',
    },
    labels: word(numbers.map(classOf)),
    'extra/keys': { strings: [...english, ...german] },
    'extra/speaker': word(numbers.map((sample) => (sample + Math.floor(sample / 20)) % speakersThere)),
    'extra/meta_info/gender': {
      strings: Array.from({ length: speakers }, (_, n) => ['male', 'female'][n % 2] ?? ''),
    },
    'extra/meta_info/age': word(Array.from({ length: speakers }, (_, n) => 21 + n)),
    'extra/meta_info/body_height': word(Array.from({ length: speakers }, (_, n) => 160 + n)),
  });
}

/** The bit pattern of n / 1024 s, with n of ten bits, as float16 (IEEE 754: bias 15, ten bits of fraction). */
function float16Of(n: number): number {
  if (n === 0) return 0;
  const exponent = 31 - Math.clz32(n);
  return ((exponent - 10 + 15) << 10) | ((n - 2 ** exponent) << (10 - exponent));
}
