import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { lockFolder, writeAtomically } from '../../fs/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { type RowsContent, writeRows } from '../formats/hdf5-rows.ts';
import { synthesiserVersion } from './node-espeak.ts';
import type { HeardUtterance } from './node-hearing.ts';
import { classNames, heldOutSpeakers, speakers, type Utterance, utterances } from './spoken-twenty.ts';

/** The data sets that `data make` makes. */
export const madeNames = ['spoken-twenty'] as const;

interface MakeSpeechOptions {
  /** Folder for the files, created if necessary. */
  readonly to: string;
  /** Threads; by default one for each processor. */
  readonly workers?: number | undefined;
  /** Recordings of each word and speaker. */
  readonly recordings?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A file that was written. */
interface MadeFile {
  readonly path: string;
  readonly bytes: number;
  readonly samples: number;
  readonly sha256: string;
}

/** The data set that was made, and by which version of the synthesiser: another one may speak otherwise. */
interface MadeSpeech {
  readonly synthesiser: string;
  readonly files: readonly MadeFile[];
}

/**
 * Makes twenty classes of spoken digits, in the layout of SHD: a synthesiser speaks, and a model of the cochlea hears
 * it. Both files are written at the end, or none.
 *
 * @throws PlasticoreError `system` without the synthesiser, `usage` for numbers out of range; the signal's reason
 */
export async function makeSpokenTwenty({
  to,
  workers = availableParallelism(),
  recordings,
  signal,
  onProgress,
}: MakeSpeechOptions): Promise<MadeSpeech> {
  if (recordings !== undefined && (!Number.isInteger(recordings) || recordings < 2))
    throw new PlasticoreError(
      'usage',
      `${option('recordings')}: ${recordings} found, a whole number of at least 2 expected`,
      { hint: 'one to learn from, and one to test on' },
    );
  const synthesiser = synthesiserVersion();
  const { train, test } = utterances(recordings);
  const all = [...train, ...test];
  const release = lockFolder(to);
  try {
    const heard = await hearAll(all, workers, signal, onProgress);
    const parts = [
      { name: 'spoken_train.h5', of: train, heard: heard.slice(0, train.length) },
      { name: 'spoken_test.h5', of: test, heard: heard.slice(train.length) },
    ].map((part) => ({ ...part, bytes: writeRows(contentsOf(part.of, part.heard)) }));
    const files = parts.map(({ name, of, bytes }): MadeFile => {
      const path = join(to, name);
      writeAtomically(path, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { path, bytes: bytes.length, samples: of.length, sha256 };
    });
    return { synthesiser, files };
  } finally {
    release();
  }
}

type Spikes = Exclude<HeardUtterance, { readonly fault: unknown }>;

/** Shares utterances among threads. */
async function hearAll(
  all: readonly Utterance[],
  workers: number,
  signal: AbortSignal | undefined,
  onProgress: MakeSpeechOptions['onProgress'],
): Promise<readonly Spikes[]> {
  const { Piscina } = await import('piscina');
  const isSource = import.meta.url.endsWith('.ts');
  const pool = new Piscina({
    filename: new URL(isSource ? './node-hearing.ts' : './node-hearing.js', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    execArgv: isSource ? ['--import', import.meta.resolve('tsx')] : [],
  });
  const heard: Spikes[] = [];
  const queue = all.entries();
  let done = 0;
  /** Lets a thread hear one utterance after another until none is left. */
  const serve = async (): Promise<void> => {
    for (const [index, utterance] of queue) {
      signal?.throwIfAborted();
      const one = (await pool.run(utterance)) as HeardUtterance;
      if ('fault' in one) throw PlasticoreError.of(one.fault);
      heard[index] = one;
      onProgress?.(++done, all.length);
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
 * A file in the layout of SHD; recordings are numbered, and the speakers to hold out are listed, as in no file of SHD.
 */
function contentsOf(of: readonly Utterance[], heard: readonly Spikes[]): ReadonlyMap<string, RowsContent> {
  const words = (value: (utterance: Utterance) => number): RowsContent => ({
    values: Uint16Array.from(of, value),
  });
  const unknown = new Uint16Array(speakers.length);
  return new Map<string, RowsContent>([
    ['spikes/times', { rows: heard.map(({ times }) => times), type: 'float16' }],
    ['spikes/units', { rows: heard.map(({ units }) => units), type: 'uint16' }],
    ['labels', words(({ label }) => label)],
    ['extra/keys', { texts: classNames }],
    ['extra/speaker', words(({ speaker }) => speaker)],
    ['extra/recording', words(({ recording }) => recording)],
    ['extra/held_out_speakers', { values: Uint16Array.from(heldOutSpeakers) }],
    ['extra/meta_info/gender', { texts: speakers.map(({ gender }) => gender) }],
    ['extra/meta_info/age', { values: unknown }],
    ['extra/meta_info/body_height', { values: unknown }],
    ['extra/meta_info/voice', { texts: speakers.map(({ variant, english }) => `${english}+${variant}`) }],
  ]);
}
