import { join } from 'node:path';
import { Piscina } from 'piscina';
import { type Hdf5Group, type Hdf5Numbers, type Hdf5Texts, writeHdf5 } from '../../src/data/index.ts';
import { lockFolder, writeAtomically } from '../../src/fs/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { synthesiserVersion } from './espeak.ts';
import type { HeardUtterance } from './hearing.ts';
import { classNames, heldOutSpeakers, speakers, type Utterance, utterances } from './spoken-twenty.ts';

interface MakeSpeechOptions {
  /** Folder for the files, created if necessary. */
  readonly to: string;
  /** Threads. */
  readonly workers: number;
  /** Recordings of each word and speaker, at least 2: one to learn from, and one to test on. */
  readonly recordings: number;
  readonly onProgress: (done: number, total: number) => void;
}

/** The data set that was made, and by which version of the synthesiser: another one may speak otherwise. */
interface MadeSpeech {
  readonly synthesiser: string;
  readonly files: readonly { readonly path: string; readonly samples: number }[];
}

/**
 * Makes twenty classes of spoken digits, in the layout of SHD: a synthesiser speaks, and a model of the cochlea hears
 * it. Both files are written at the end, or none.
 *
 * @throws PlasticoreError `system` without the synthesiser
 */
export async function makeSpokenTwenty(options: MakeSpeechOptions): Promise<MadeSpeech> {
  const { to, recordings } = options;
  const synthesiser = synthesiserVersion();
  const { train, test } = utterances(recordings);
  const release = lockFolder(to);
  try {
    const heard = await hearAll([...train, ...test], options);
    const parts = [
      { name: 'spoken_train.h5', of: train, heard: heard.slice(0, train.length) },
      { name: 'spoken_test.h5', of: test, heard: heard.slice(train.length) },
    ];
    const files: { readonly path: string; readonly samples: number }[] = [];
    for (const part of parts) {
      const path = join(to, part.name);
      writeAtomically(path, await writeHdf5(contentsOf(part.of, part.heard)));
      files.push({ path, samples: part.of.length });
    }
    return { synthesiser, files };
  } finally {
    release();
  }
}

type Spikes = Exclude<HeardUtterance, { readonly fault: unknown }>;

/** Shares utterances among threads. */
async function hearAll(
  all: readonly Utterance[],
  { workers, onProgress }: MakeSpeechOptions,
): Promise<readonly Spikes[]> {
  const pool = new Piscina({
    filename: new URL('./hearing.ts', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    execArgv: ['--import', import.meta.resolve('tsx')],
  });
  const heard: Spikes[] = [];
  const queue = all.entries();
  let done = 0;
  /** Lets a thread hear one utterance after another until none is left. */
  const serve = async (): Promise<void> => {
    for (const [index, utterance] of queue) {
      const one = (await pool.run(utterance)) as HeardUtterance;
      if ('fault' in one) throw PlasticoreError.of(one.fault);
      heard[index] = one;
      onProgress(++done, all.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, serve));
    return heard;
  } finally {
    await pool.destroy();
  }
}

/**
 * A file in the layout of SHD. As in no file of SHD, the spikes of all samples stand one after the other, with
 * where each begins, recordings are numbered, and the speakers to hold out are listed.
 */
export function contentsOf(of: readonly Utterance[], heard: readonly Spikes[]): Hdf5Group {
  const total = heard.reduce((sum, { times }) => sum + times.length, 0);
  const times = new Float32Array(total);
  const units = new Uint16Array(total);
  const offsets = new Uint32Array(heard.length + 1);
  for (const [sample, one] of heard.entries()) {
    const first = offsets[sample] ?? 0;
    times.set(one.times, first);
    units.set(one.units, first);
    offsets[sample + 1] = first + one.times.length;
  }
  const each = (value: (utterance: Utterance) => number): Hdf5Numbers => numbers(Uint16Array.from(of, value));
  return new Map<string, Hdf5Group | Hdf5Numbers | Hdf5Texts>([
    [
      'spikes',
      new Map([
        ['times', numbers(times)],
        ['units', numbers(units)],
        ['offsets', numbers(offsets)],
      ]),
    ],
    ['labels', each(({ label }) => label)],
    [
      'extra',
      new Map<string, Hdf5Group | Hdf5Numbers | Hdf5Texts>([
        ['keys', texts(classNames)],
        ['speaker', each(({ speaker }) => speaker)],
        ['recording', each(({ recording }) => recording)],
        ['held_out_speakers', numbers(Uint16Array.from(heldOutSpeakers))],
        [
          'meta_info',
          new Map([
            ['gender', texts(speakers.map(({ gender }) => gender))],
            ['voice', texts(speakers.map(({ variant, english }) => `${english}+${variant}`))],
          ]),
        ],
      ]),
    ],
  ]);
}

function numbers(values: Hdf5Numbers['values']): Hdf5Numbers {
  return { shape: [values.length], values };
}

function texts(all: readonly string[]): Hdf5Texts {
  return { shape: [all.length], texts: all };
}
