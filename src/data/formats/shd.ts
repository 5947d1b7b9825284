import { at, PlasticoreError } from '../../text/index.ts';
import type { EventSet } from '../sets/dataset.ts';
import { type Hdf5Contents, readHdf5 } from './hdf5.ts';
import type { NamedBytes } from './idx.ts';

/**
 * The layout of the Spiking Heidelberg Digits: B. Cramer et al., IEEE TNNLS 33, 2744-2757 (2022), and
 * https://zenkelab.org/resources/spiking-heidelberg-datasets-shd/.
 */
const paths = {
  /** Seconds: a variable-length row for each sample. */
  times: 'spikes/times',
  /** Channels, in the same layout. */
  units: 'spikes/units',
  /** Not in SHD: the number of spikes of each sample, where times and units are arrays of all of them. */
  lengths: 'spikes/lengths',
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
  const isJoined = contents.has(paths.lengths);
  for (const path of isJoined ? [paths.lengths] : [paths.times, paths.units]) belongs(path);
  const channels = optional(paths.channels, numbers)?.[0] ?? shdChannels;
  if (!Number.isInteger(channels) || channels < 1 || channels > mostChannels)
    throw fail(`'${paths.channels}' is ${channels}; an integer in 1..${mostChannels} expected`);
  const speakers = optional(paths.speakers, (path) => {
    belongs(path);
    return speakersOf(numbers(path), path, fail);
  });
  const recordings = optional(paths.recordings, (path) => {
    belongs(path);
    return recordingsOf(numbers(path), path, fail);
  });
  const spikes = (isJoined ? readJoined : readRows)(contents, channels, fail);
  return {
    name,
    count,
    channels,
    labels,
    keys: optional(paths.keys, (path) => contents.strings(path)),
    speakers,
    recordings,
    heldOut: optional(paths.heldOut, (path) => [...numbers(path)]),
    ...putRight(spikes),
  };
}

type Fail = (message: string, hint?: string) => PlasticoreError;

export interface SpikeTimes {
  readonly times: Float32Array;
  readonly units: Uint16Array;
  /** One entry more than there are samples. */
  readonly offsets: Uint32Array;
}

/** Reads rows of variable length, one for each sample. */
function readRows(contents: Hdf5Contents, channels: number, fail: Fail): SpikeTimes {
  const lengths = contents.lengths(paths.times);
  const unitLengths = contents.lengths(paths.units);
  lengths.forEach((length, sample) => {
    const units = at(unitLengths, sample);
    if (units !== length) throw fail(`sample ${sample} has ${length} times and ${units} units`);
  });
  const offsets = offsetsOf(lengths);
  const total = at(offsets, lengths.length);
  const times = new Float32Array(total);
  const units = new Uint16Array(total);
  contents.eachRow(paths.times, 'float', (sample, values) => times.set(values, offsets[sample]));
  contents.eachRow(paths.units, 'integer', (sample, values) => {
    checkUnits(values, sample, channels, fail);
    units.set(values, offsets[sample]);
  });
  return { times, units, offsets };
}

/** Reads arrays with the spikes of all samples, one after the other. */
function readJoined(contents: Hdf5Contents, channels: number, fail: Fail): SpikeTimes {
  const lengths = contents.numbers(paths.lengths);
  checkNumbers(lengths, 2 ** 32 - 1, (sample, length) =>
    fail(
      `'${paths.lengths}': sample ${sample} has ${length} spikes; an integer in 0..${2 ** 32 - 1} expected`,
    ),
  );
  const times = contents.numbers(paths.times);
  const units = contents.numbers(paths.units);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (times.length !== total || units.length !== total)
    throw fail(
      `'${paths.lengths}' adds up to ${total} spikes; ${times.length} times and ${units.length} units found`,
    );
  const offsets = offsetsOf(lengths);
  for (let sample = 0; sample < lengths.length; sample++)
    checkUnits(units.subarray(offsets[sample], offsets[sample + 1]), sample, channels, fail);
  return { times: Float32Array.from(times), units: Uint16Array.from(units), offsets };
}

function offsetsOf(lengths: Uint32Array | Float64Array): Uint32Array {
  const offsets = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, sample) => {
    offsets[sample + 1] = at(offsets, sample) + length;
  });
  return offsets;
}

function checkUnits(values: ArrayLike<number>, sample: number, channels: number, fail: Fail): void {
  for (let index = 0; index < values.length; index++) {
    const unit = at(values, index);
    if (Number.isInteger(unit) && unit >= 0 && unit < channels) continue;
    throw fail(
      `sample ${sample} has a spike of unit ${unit}; an integer in 0..${channels - 1} expected`,
      `SHD has ${shdChannels} channels; a file with another number of them says so in ${paths.channels}`,
    );
  }
}

function speakersOf(values: Float64Array, path: string, fail: Fail): Uint16Array {
  checkNumbers(values, 2 ** 16 - 1, (sample, speaker) =>
    fail(`'${path}': sample ${sample} is of speaker ${speaker}; an integer in 0..65535 expected`),
  );
  return Uint16Array.from(values);
}

function recordingsOf(values: Float64Array, path: string, fail: Fail): Uint32Array {
  checkNumbers(values, 2 ** 32 - 1, (sample, recording) =>
    fail(`'${path}': sample ${sample} is recording ${recording}; an integer in 0..${2 ** 32 - 1} expected`),
  );
  return Uint32Array.from(values);
}

function checkNumbers(
  values: Float64Array,
  most: number,
  fault: (sample: number, value: number) => PlasticoreError,
): void {
  values.forEach((value, sample) => {
    if (!Number.isInteger(value) || value < 0 || value > most) throw fault(sample, value);
  });
}

/** Drops spikes without a valid time, and sorts the others; says what was wrong. */
export function putRight({
  times,
  units,
  offsets,
}: SpikeTimes): Spiking & { readonly corrections: readonly string[] } {
  const count = offsets.length - 1;
  const starts = offsets.slice(0, count);
  const ends = offsets.slice(1);
  const dropped = new Tally();
  const unsorted = new Tally();
  const empty = new Tally();
  for (let sample = 0; sample < count; sample++) {
    const start = starts[sample] ?? 0;
    const end = ends[sample] ?? 0;
    let kept = start;
    let latest = 0;
    let isSorted = true;
    for (let spike = start; spike < end; spike++) {
      const time = times[spike] ?? 0;
      if (!(time >= 0 && time < Number.POSITIVE_INFINITY)) continue;
      isSorted &&= time >= latest;
      latest = time;
      times[kept] = time;
      units[kept] = units[spike] ?? 0;
      kept += 1;
    }
    ends[sample] = kept;
    dropped.add(sample, end - kept);
    if (!isSorted) {
      sort(times.subarray(start, kept), units.subarray(start, kept));
      unsorted.add(sample);
    }
    if (kept === start) empty.add(sample);
  }
  const corrections = [
    dropped.tell('spike', 'with a negative, infinite or missing time: dropped'),
    unsorted.tell('sample', 'not in the order of time: sorted'),
    empty.tell('sample', 'without a spike: kept'),
  ];
  return { times, units, starts, ends, corrections: corrections.flat() };
}

export type Spiking = Pick<EventSet, 'times' | 'units' | 'starts' | 'ends'>;

/** Sorts by time; spikes at the same time keep their order. */
function sort(times: Float32Array, units: Uint16Array): void {
  const before = { times: times.slice(), units: units.slice() };
  const order = Uint32Array.from(times.keys()).sort(
    (a, b) => (before.times[a] ?? 0) - (before.times[b] ?? 0) || a - b,
  );
  order.forEach((from, to) => {
    times[to] = before.times[from] ?? 0;
    units[to] = before.units[from] ?? 0;
  });
}

/** Counts faults, and remembers the first one. */
class Tally {
  #count = 0;
  #first = 0;

  add(sample: number, count = 1): void {
    if (this.#count === 0) this.#first = sample;
    this.#count += count;
  }

  tell(what: string, fault: string): string[] {
    if (this.#count === 0) return [];
    const first = what === 'sample' ? `sample ${this.#first}` : `in sample ${this.#first}`;
    return [`${this.#count} ${what}${this.#count === 1 ? '' : 's'} ${fault} (the first ${first})`];
  }
}

/** The number of classes in several files: the number of class names, or without names the largest label plus one. */
export function classesOf(files: readonly ShdFile[]): number {
  const named = files.find(({ keys }) => keys !== undefined)?.keys;
  if (named !== undefined) return named.length;
  let classes = 1;
  for (const { labels } of files) for (const label of labels) classes = Math.max(classes, label + 1);
  return Math.min(classes, mostClasses);
}
