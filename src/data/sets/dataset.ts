import { inComment, PlasticoreError } from '../../text/index.ts';

/** Labelled samples in memory: features (one number for each input) or events (spikes with their times). */
export type LabelledSet = FeatureSet | EventSet;

interface LabelledSamples {
  readonly name: string;
  /** Number of features per sample, or of channels. */
  readonly inputs: number;
  /** Labels are 0..classes - 1; 0 where samples have no labels, and there are no right answers. */
  readonly classes: number;
  readonly count: number;
  /** One label per sample. */
  readonly labels: Labels;
  /** Where each sample was read: its file below the folder of the data, or its line of a table. */
  readonly origins?: readonly string[] | undefined;
  /** Set where samples ask for numbers, of which labels are the levels, in the order of time. There are no classes. */
  readonly targets?: Targets | undefined;
  /** Set where each sample is a step of a recording, in the order of time: how many steps a recording has. */
  readonly recordingSteps?: number | undefined;
}

/** Whether samples stay in the order of time: those that ask for numbers, and the steps of recordings. */
export function staysInOrder({ targets, recordingSteps }: LabelledSamples): boolean {
  return targets !== undefined || recordingSteps !== undefined;
}

/** Numbers of a range, as levels: level 0 is the lowest number, the last level the highest. */
export interface Targets {
  readonly low: number;
  readonly high: number;
  readonly levels: number;
}

/** The number that a level stands for. Between levels, and beyond the range, it goes on alike. */
export function targetNumber({ low, high, levels }: Targets, level: number): number {
  return low + (level / (levels - 1)) * (high - low);
}

/** The level next to a number, of those that there are. */
export function levelOf({ low, high, levels }: Targets, value: number): number {
  return Math.min(levels - 1, Math.max(0, Math.round(((value - low) / (high - low)) * (levels - 1))));
}

export interface FeatureSet extends LabelledSamples {
  readonly kind: 'features';
  /** Where they are pictures: their product is `inputs`. */
  readonly shape?: readonly [rows: number, columns: number] | undefined;
  /** `count` rows of `inputs` features, 0..255. */
  readonly values: Uint8Array;
}

/** The spikes of sample i are entries `starts[i] … ends[i] - 1` of `times` and `units`. Sets may share these arrays. */
export interface EventSet extends LabelledSamples {
  readonly kind: 'events';
  /**
   * Set if the spikes are in time steps: the number of steps of each sample. Times are then steps, from 0, and a
   * channel may spike several times in one.
   */
  readonly steps?: number | undefined;
  /** Seconds from the start of the sample, nonnegative, ascending within a sample. */
  readonly times: Float32Array;
  /** Channels, 0..inputs - 1. */
  readonly units: Uint16Array;
  /** The value that each spike carries, 1..255; only of those in time steps. */
  readonly values?: Uint8Array | undefined;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** One speaker per sample, if the data identify speakers. */
  readonly speakers: Uint16Array | undefined;
  /** The number of each sample's recording, if the data number them. */
  readonly recordings?: Uint32Array | undefined;
}

export type Labels = Uint8Array | Uint16Array;

/** The samples that a run learns from and is tested on. */
export interface Dataset<Kind extends LabelledSet = LabelledSet> {
  readonly name: string;
  /** Where it comes from and how it was split, for a report's provenance. */
  readonly description: string;
  readonly train: Kind;
  readonly test: Kind;
  /** What the classes are called, where that is not their numbers. */
  readonly classNames?: readonly string[] | undefined;
  /** Faults found in the files and how they were corrected, each with its count. */
  readonly corrections?: readonly string[];
  /** Where it is joined of several sources: the first sample of each in both sets. */
  readonly sources?: readonly { readonly train: number; readonly test: number }[] | undefined;
  /** If `test` is a validation split, held out of the training set: how it was chosen. */
  readonly heldOut?: ValidationKind;
  /** If `test` ends with such a split, behind the test set itself: the number of its first sample. */
  readonly validationFrom?: number | undefined;
}

/**
 * How a validation split is chosen: a stratified share of the samples, whole groups such as speakers, by the numbers of
 * the recordings, or the last of samples in the order of time.
 */
export type ValidationKind = 'stratified' | 'by group' | 'by recording' | 'last';

/** The parts of a feature set, with the files they came from, for errors. */
export interface Samples {
  readonly name: string;
  readonly inputs: number;
  readonly shape?: FeatureSet['shape'];
  readonly classes: number;
  readonly values: Uint8Array;
  readonly labels: ArrayLike<number>;
  readonly valuesFile: string;
  readonly labelsFile: string;
}

/** Makes a feature set. Throws a `data` error unless values and labels match and labels are in 0..classes - 1. */
export function labelledSet(samples: Samples): FeatureSet {
  const { name, inputs, shape, classes, values, labels, valuesFile, labelsFile } = samples;
  const count = values.length / inputs;
  if (!(count > 0)) throw new PlasticoreError('data', 'holds no samples', { file: valuesFile });
  if (labels.length !== count) {
    throw new PlasticoreError(
      'data',
      `${labels.length} labels found, ${count} expected: one for each sample`,
      {
        file: labelsFile,
        hint: `the samples are in ${valuesFile}`,
      },
    );
  }
  const kept = checkLabels(labels, classes, labelsFile);
  return { kind: 'features', name, inputs, shape, classes, count, values, labels: kept };
}

/** Stores labels in the narrowest type. Throws a `data` error unless they are integers in 0..classes - 1. */
export function checkLabels(labels: ArrayLike<number>, classes: number, file: string): Labels {
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] ?? Number.NaN;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new PlasticoreError(
        'data',
        `label ${index} is ${label}; an integer in 0..${classes - 1} expected`,
        { file, hint: 'labels count from 0' },
      );
    }
  }
  return classes <= 256 ? Uint8Array.from(labels) : Uint16Array.from(labels);
}

/** Classes that a description names. */
const mostNamed = 20;

/** `classes 0 setosa, 1 virginica`: what the first of them are called, each in one line; `10 classes` of numbers. */
export function describeClasses(names: readonly string[]): string {
  if (names.every((name, index) => name === String(index))) return `${names.length} classes`;
  const first = names.slice(0, mostNamed).map((name, index) => `${index} ${inComment(name).slice(0, 40)}`);
  return `classes ${first.join(', ')}${names.length > mostNamed ? ', ...' : ''}`;
}

/** The features of one sample: a view of `inputs` values, not a copy. */
export function sampleValues(set: FeatureSet, sample: number): Uint8Array {
  return set.values.subarray(sample * set.inputs, (sample + 1) * set.inputs);
}

/** Spikes of one sample, in time order: their times in seconds, their channels, and what they carry. */
export interface Events {
  readonly times: Float32Array;
  readonly units: Uint16Array;
  readonly values?: Uint8Array | undefined;
}

/** The spikes of one sample: views, not copies. */
export function sampleEvents(set: EventSet, sample: number): Events {
  const start = set.starts[sample];
  const end = set.ends[sample];
  return {
    times: set.times.subarray(start, end),
    units: set.units.subarray(start, end),
    ...(set.values && { values: set.values.subarray(start, end) }),
  };
}

/** Number of samples of each class. */
export function classCounts(set: LabelledSet): number[] {
  const counts = new Array<number>(set.classes).fill(0);
  for (const label of set.labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** The bytes of a set's content, sample by sample, as input to a hash. */
export function* contentOf(set: LabelledSet): Generator<Uint8Array> {
  const { labels } = set;
  if (set.kind === 'features') yield set.values;
  else {
    for (const steps of [set.steps, set.recordingSteps])
      if (steps !== undefined) yield bytesOf(Uint32Array.of(steps));
    for (let sample = 0; sample < set.count; sample++) {
      const { times, units, values } = sampleEvents(set, sample);
      // The number of spikes separates the samples.
      yield bytesOf(Uint32Array.of(times.length));
      yield bytesOf(times);
      yield bytesOf(units);
      if (values !== undefined) yield bytesOf(values);
    }
  }
  yield bytesOf(labels);
}

/** The bytes of an array in machine order, which is little-endian on all supported platforms. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
