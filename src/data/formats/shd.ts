import { PlasticoreError } from '../../text/index.ts';
import type { EventSet } from '../sets/dataset.ts';
import { hdf5Arrays } from './array-file.ts';
import { type Hdf5Contents, readHdf5 } from './hdf5.ts';
import type { NamedBytes } from './idx.ts';
import { putRight, readSpikes } from './spikes.ts';

/**
 * The layout of the Spiking Heidelberg Digits: B. Cramer et al., IEEE TNNLS 33, 2744-2757 (2022), and
 * https://zenkelab.org/resources/spiking-heidelberg-datasets-shd/.
 */
const paths = {
  /** Seconds: a variable-length row for each sample. */
  times: 'spikes/times',
  /** Channels, in the same layout. */
  units: 'spikes/units',
  /** Not in SHD: where each sample begins, and the end, if times and units are lists of all spikes. */
  offsets: 'spikes/offsets',
  labels: 'labels',
  /** The following are optional. */
  keys: 'extra/keys',
  speakers: 'extra/speaker',
  /** Not in SHD: the number of each sample's recording, of its speaker and class. */
  recordings: 'extra/recording',
  /** Not in SHD: the speakers held out for testing on unseen speakers. */
  heldOut: 'extra/held_out_speakers',
  /** Not in SHD: the number of channels, if it differs from SHD's cochlea. */
  channels: 'extra/channels',
} as const;

const shdChannels = 700;
const mostChannels = 2 ** 16;
const mostClasses = 2 ** 16;

/** The contents of a file in SHD's layout. */
export interface ShdFile
  extends Pick<EventSet, 'times' | 'units' | 'starts' | 'ends' | 'speakers' | 'recordings'> {
  readonly name: string;
  readonly count: number;
  readonly channels: number;
  /** As in the file. They are validated later, when the number of classes is known. */
  readonly labels: Float64Array;
  /** Names of the classes. */
  readonly keys: readonly string[] | undefined;
  readonly heldOut: readonly number[] | undefined;
  /** Faults found in the file and how they were corrected, with counts. */
  readonly corrections: readonly string[];
}

/**
 * Reads a file in SHD's layout: times of 16, 32 or 64 bits, integers of any width, contiguous or chunked, compressed or
 * not.
 *
 * Spikes whose time is negative, infinite or NaN are dropped, samples that are not in time order are sorted, and
 * samples without spikes are kept; all three are counted in `corrections`.
 *
 * @throws a `data` error for a damaged file, a missing data set, a channel out of range, or parts that do not belong
 * together
 */
export function readShd(file: NamedBytes): Promise<ShdFile> {
  return readHdf5(file, (contents) => parse(contents, file.name));
}

function parse(contents: Hdf5Contents, name: string): ShdFile {
  const fail = (message: string, hint?: string) => new PlasticoreError('data', message, { file: name, hint });
  const optional = <T>(path: string, read: (path: string) => T) =>
    contents.has(path) ? read(path) : undefined;
  const numbers = (path: string) => contents.numbers(path);
  const labels = numbers(paths.labels);
  const count = labels.length;
  if (count === 0) throw fail('holds no samples');
  const belongs = (path: string) => {
    const rows = contents.rows(path);
    if (rows !== count)
      throw fail(`'${path}' has ${rows} samples, '${paths.labels}' has ${count}: one for each expected`);
  };
  if (contents.has('spikes/lengths'))
    throw fail(
      "'spikes/lengths' found; 'spikes/offsets' expected, where each sample begins and the last one ends",
    );
  const offsets = contents.has(paths.offsets) ? paths.offsets : undefined;
  if (offsets === undefined) for (const path of [paths.times, paths.units]) belongs(path);
  else if (contents.rows(offsets) !== count + 1)
    throw fail(
      `'${offsets}' has ${contents.rows(offsets)} positions; ${count + 1} expected, by '${paths.labels}'`,
    );
  if (contents.kind(paths.times) !== 'float')
    throw fail(`'${paths.times}': times in seconds expected, floating-point numbers`);
  const channels = optional(paths.channels, numbers)?.[0] ?? shdChannels;
  if (!Number.isInteger(channels) || channels < 1 || channels > mostChannels)
    throw fail(`'${paths.channels}' is ${channels}; an integer in 1..${mostChannels} expected`);
  const perSample = (path: string, most: number, is: string) =>
    optional(path, () => {
      belongs(path);
      const values = numbers(path);
      const wrong = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value > most);
      if (wrong < 0) return values;
      throw fail(`'${path}': sample ${wrong} is ${is} ${values[wrong]}; an integer in 0..${most} expected`);
    });
  const speakers = perSample(paths.speakers, 2 ** 16 - 1, 'of speaker');
  const recordings = perSample(paths.recordings, 2 ** 32 - 1, 'recording');
  const spikes = readSpikes(
    hdf5Arrays(contents, name),
    { times: paths.times, units: paths.units, offsets },
    channels,
    1,
    `SHD has ${shdChannels} channels; a file with another number of them says so in ${paths.channels}`,
  );
  return {
    name,
    count,
    channels,
    labels,
    keys: optional(paths.keys, (path) => contents.strings(path)),
    speakers: speakers && Uint16Array.from(speakers),
    recordings: recordings && Uint32Array.from(recordings),
    heldOut: optional(paths.heldOut, (path) => [...numbers(path)]),
    ...putRight(spikes),
  };
}

/** The number of classes in several files: the number of class names, or without names the largest label plus one. */
export function classesOf(files: readonly ShdFile[]): number {
  const named = files.find(({ keys }) => keys !== undefined)?.keys;
  if (named !== undefined) return named.length;
  let classes = 1;
  for (const { labels } of files) for (const label of labels) classes = Math.max(classes, label + 1);
  return Math.min(classes, mostClasses);
}
