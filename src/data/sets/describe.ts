import { sha256 } from '../../random/index.ts';
import {
  bytesOf,
  classCounts,
  type EventSet,
  type FeatureSet,
  type LabelledSet,
  sampleEvents,
  sampleValues,
} from './dataset.ts';

/** Minimum, median and maximum of some numbers. */
export interface MinMedianMax {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Statistics of a set of samples, or of a part of one. */
export interface SetDescription {
  readonly name: string;
  readonly samples: number;
  readonly classes?: number;
  readonly samplesByClass?: readonly number[];
  /** Features per sample; the mean of all features, 0..255, and the share that is not zero. */
  readonly features?: number;
  readonly mean?: number;
  readonly nonZero?: number;
  /** Of pictures. */
  readonly shape?: readonly [rows: number, columns: number] | undefined;
  /** The least and the largest feature. */
  readonly range?: readonly [least: number, most: number];
  readonly events?: EventDescription;
}

/** Statistics of samples of spikes. */
interface EventDescription {
  readonly channels: number;
  /** Number of channels with at least one spike. */
  readonly activeChannels: number;
  readonly spikes: number;
  readonly spikesPerSample: MinMedianMax;
  /** Steps of each sample, if the spikes are in time steps. */
  readonly steps?: number | undefined;
  /** Time of the last spike of a sample, in seconds; absent for spikes in time steps. */
  readonly lastSpikeSeconds?: MinMedianMax | undefined;
  /** Number of samples of each speaker, if the data identify speakers. */
  readonly speakers: readonly { readonly speaker: number; readonly samples: number }[] | undefined;
}

export function describeSet(set: LabelledSet): SetDescription {
  const common = { name: set.name, samples: set.count };
  // Samples without labels have no classes.
  const byClass = set.classes > 0 ? { classes: set.classes, samplesByClass: classCounts(set) } : {};
  return set.kind === 'features'
    ? { ...common, ...describeFeatures(set), ...byClass }
    : { ...common, ...byClass, events: describeEvents(set) };
}

function describeFeatures({ values, inputs, shape }: FeatureSet) {
  if (values.length === 0) return { features: inputs, shape };
  let [sum, nonZero, least, most] = [0, 0, 255, 0];
  for (const value of values) {
    sum += value;
    nonZero += Number(value !== 0);
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const range = [least, most] as const;
  return { features: inputs, shape, mean: sum / values.length, nonZero: nonZero / values.length, range };
}

function describeEvents(set: EventSet): EventDescription {
  const isActive = new Uint8Array(set.inputs);
  const counts = new Float64Array(set.count);
  const last = new Float64Array(set.count);
  for (let sample = 0; sample < set.count; sample++) {
    const { times, units } = sampleEvents(set, sample);
    for (const unit of units) isActive[unit] = 1;
    counts[sample] = units.length;
    last[sample] = times.at(-1) ?? 0;
  }
  return {
    channels: set.inputs,
    activeChannels: isActive.reduce((sum, active) => sum + active, 0),
    spikes: counts.reduce((sum, count) => sum + count, 0),
    spikesPerSample: spread(counts),
    ...(set.steps === undefined ? { lastSpikeSeconds: spread(last) } : { steps: set.steps }),
    speakers: set.speakers === undefined ? undefined : tally(set.speakers),
  };
}

/** The median of an even number of values is the mean of the middle two. */
function spread(values: Float64Array): MinMedianMax {
  const sorted = values.toSorted();
  const at = (index: number) => sorted[index] ?? 0;
  const { length } = sorted;
  return {
    min: at(0),
    median: (at((length - 1) >> 1) + at(length >> 1)) / 2,
    max: at(length - 1),
  };
}

function tally(speakers: Uint16Array): { speaker: number; samples: number }[] {
  const counts = new Map<number, number>();
  for (const speaker of speakers) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
  return [...counts]
    .map(([speaker, samples]) => ({ speaker, samples }))
    .sort((a, b) => a.speaker - b.speaker);
}

/** Longer samples are probably given in milliseconds or microseconds. */
const longestSeconds = 60;

/** Observations that are not errors but would spoil a result. */
export function remarksOn(sets: readonly LabelledSet[]): string[] {
  const remarks = sets.flatMap(remarksOnSet);
  const [train, test] = sets;
  const shared = train === undefined || test === undefined ? 0 : sharedSamples(train, test);
  if (shared > 0)
    remarks.push(`${shared} test samples are also in the training set: accuracy will be too high`);
  return remarks;
}

function remarksOnSet(set: LabelledSet): string[] {
  const remarks: string[] = [];
  if (set.count === 0) return [`${set.name}: no samples`];
  if (set.classes === 0 && set.targets === undefined)
    remarks.push(`${set.name}: no labels, so answers are neither right nor wrong`);
  const absent = classCounts(set).flatMap((count, label) => (count === 0 ? [label] : []));
  if (absent.length > 0) remarks.push(`${set.name}: no samples of class ${absent.join(', ')}`);
  // Most steps of a recording are silent.
  const empty = set.recordingSteps === undefined ? emptySamples(set) : 0;
  if (empty > 0) {
    const what = set.kind === 'features' ? 'are all zero' : 'hold no spikes';
    remarks.push(`${set.name}: ${empty} samples ${what}: the input stays silent`);
  }
  if (set.kind === 'features') {
    const found = spikeLike(set.values);
    if (found !== undefined)
      remarks.push(
        `${set.name}: ${found}; an experiment names spikes in time steps as such: arrays: {train: {spikes: x, labels: y}}`,
      );
    return remarks;
  }
  const { median = 0 } = describeEvents(set).lastSpikeSeconds ?? {};
  if (median > longestSeconds)
    remarks.push(`${set.name}: half of the samples last ${median} s or longer; are their times in seconds?`);
  return remarks;
}

/** Features of at most 255 are hardly so small; numbers of spikes in a step are. */
const mostSpikes = 15;

/** What features are that may be spikes in time steps; undefined if they hardly are. */
function spikeLike(values: Uint8Array): string | undefined {
  const value = values.find((feature) => feature !== 0);
  if (value === undefined) return undefined;
  if (values.every((feature) => feature === 0 || feature === value)) return `every feature is 0 or ${value}`;
  const most = values.reduce((high, feature) => Math.max(high, feature), 0);
  return most > mostSpikes ? undefined : `no feature is above ${most}, where 255 is the most`;
}

function emptySamples(set: LabelledSet): number {
  let empty = 0;
  for (let sample = 0; sample < set.count; sample++) {
    const isEmpty =
      set.kind === 'features'
        ? sampleValues(set, sample).every((value) => value === 0)
        : set.starts[sample] === set.ends[sample];
    empty += Number(isEmpty);
  }
  return empty;
}

/** Number of samples of `test` that are also in `train`. Empty samples are not counted; another remark reports them. */
function sharedSamples(train: LabelledSet, test: LabelledSet): number {
  if (train.inputs !== test.inputs || train.kind !== test.kind) return 0;
  // A step has few spikes, and is like many others.
  if (train.recordingSteps !== undefined) return 0;
  const digests = (set: LabelledSet) =>
    Array.from({ length: set.count }, (_, sample) => digestOf(set, sample)).filter(
      (digest) => digest !== undefined,
    );
  const known = new Set(digests(train));
  return digests(test).filter((digest) => known.has(digest)).length;
}

/** SHA-256 of one sample; undefined if it is empty. */
function digestOf(set: LabelledSet, sample: number): string | undefined {
  if (set.kind === 'features') return sha256([sampleValues(set, sample)]);
  const { times, units, values } = sampleEvents(set, sample);
  if (times.length === 0) return undefined;
  return sha256([times, units, ...(values === undefined ? [] : [values])].map(bytesOf));
}

/** A published data set, file by file. */
export interface PublishedSet {
  /** What it is, and whose. */
  readonly description: string;
  /** Web folder of the files; ends in a slash. */
  readonly url: string;
  readonly files: readonly PublishedFile[];
  /** A file in the same folder, with lines `MD5 NAME`. */
  readonly md5List?: string;
}

export interface PublishedFile {
  /** The name of the published gzip file. */
  readonly name: string;
  /** Of the unpacked file, because the same file is published in several gzip versions. */
  readonly sha256?: string;
  /** MD5 of the published file, where its authors state that alone. */
  readonly md5?: string;
}

/** The data sets known to `data fetch`. */
export const publishedSets = {
  mnist: {
    description: '70 000 handwritten digits of 28 x 28 pixels (LeCun, Cortes and Burges)',
    url: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
    files: [
      {
        name: 'train-images-idx3-ubyte.gz',
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
      {
        name: 'train-labels-idx1-ubyte.gz',
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      },
      {
        name: 't10k-images-idx3-ubyte.gz',
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      },
      {
        name: 't10k-labels-idx1-ubyte.gz',
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      },
    ],
  },
  /** arXiv:1708.07747; with the sums of its README. */
  'fashion-mnist': {
    description: '70 000 pictures of clothes of 28 x 28 pixels (Xiao, Rasul and Vollgraf, MIT)',
    url: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    files: [
      { name: 'train-images-idx3-ubyte.gz', md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
      { name: 'train-labels-idx1-ubyte.gz', md5: '25c81989df183df01b3e8a0aad5dffbe' },
      { name: 't10k-images-idx3-ubyte.gz', md5: 'bef4ecab320f06d8554ea6380940ec79' },
      { name: 't10k-labels-idx1-ubyte.gz', md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
    ],
  },
  /** No SHA-256 of its files is published; the server lists their MD5. */
  shd: {
    description: '10 420 spoken digits of 20 classes as spikes of a cochlea (Cramer and others, CC BY 4.0)',
    url: 'https://zenkelab.org/datasets/',
    files: [{ name: 'shd_train.h5.gz' }, { name: 'shd_test.h5.gz' }],
    md5List: 'md5sums.txt',
  },
} as const satisfies Readonly<Record<string, PublishedSet>>;

export type PublishedName = keyof typeof publishedSets;
export const publishedNames = Object.keys(publishedSets) as readonly PublishedName[];
