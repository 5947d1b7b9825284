import { sha256 } from '../../native/index.ts';
import {
  bytesOf,
  classCounts,
  type EventSet,
  type LabelledSet,
  sampleEvents,
  sampleValues,
} from './dataset.ts';

/** Minimum, median and maximum of some numbers. */
export interface Spread {
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
  readonly events?: EventDescription;
}

/** Statistics of samples of spikes. */
interface EventDescription {
  readonly channels: number;
  /** Number of channels with at least one spike. */
  readonly activeChannels: number;
  readonly spikes: number;
  readonly spikesPerSample: Spread;
  /** Steps of each sample, if the spikes are in time steps. */
  readonly steps?: number | undefined;
  /** Time of the last spike of a sample, in seconds; absent for spikes in time steps. */
  readonly lastSpikeSeconds?: Spread | undefined;
  /** Number of samples of each speaker, if the data identify speakers. */
  readonly speakers: readonly { readonly speaker: number; readonly samples: number }[] | undefined;
}

export function describeSet(set: LabelledSet): SetDescription {
  const common = { name: set.name, samples: set.count };
  // Samples without labels have no classes.
  const byClass = set.classes > 0 ? { classes: set.classes, samplesByClass: classCounts(set) } : {};
  return set.kind === 'features'
    ? { ...common, ...describeFeatures(set.values, set.inputs), ...byClass }
    : { ...common, ...byClass, events: describeEvents(set) };
}

/** Statistics of features, `features` per sample. */
export function describeFeatures(
  values: Uint8Array,
  features: number,
): { features: number; mean: number; nonZero: number } {
  let sum = 0;
  let nonZero = 0;
  for (const value of values) {
    sum += value;
    nonZero += Number(value !== 0);
  }
  return { features, mean: sum / values.length, nonZero: nonZero / values.length };
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
function spread(values: Float64Array): Spread {
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
  const empty = emptySamples(set);
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
  const { times, units } = sampleEvents(set, sample);
  if (times.length === 0) return undefined;
  return sha256([bytesOf(times), bytesOf(units)]);
}
