import { PlasticoreError } from '../../text/index.ts';
import type { ArrayFile } from '../formats/array-file.ts';
import { putRight } from '../formats/shd.ts';
import { checkLabels, type Dataset, type EventSet, type FeatureSet, type LabelledSet } from './dataset.ts';
import { toPixels } from './pixels.ts';
import { select, stratifiedSplit } from './split.ts';

/** The arrays that hold the samples of a part of a data set, by name. */
export interface PartArrays {
  /** Features: samples x channels, or samples x rows x columns. */
  readonly features?: string | undefined;
  /** Spikes in time steps: samples x steps x channels, or more axes of channels. */
  readonly spikes?: string | undefined;
  /** Spikes with their times: for each sample a row of times and a row of channels. */
  readonly times?: string | undefined;
  readonly units?: string | undefined;
  /** Where the rows of all samples stand one after the other: the position of each sample's first, and the end. */
  readonly offsets?: string | undefined;
  /** Labels from 0, one for each sample; absent where samples have none. */
  readonly labels?: string | undefined;
}

/** Which arrays of files hold samples. */
export interface NamedArrays<Part extends PartArrays = PartArrays> {
  readonly train?: Part | undefined;
  readonly test?: Part | undefined;
  /** Channels of spikes with their times; if absent, those that occur. */
  readonly channels?: number | undefined;
  /** Seconds that 1 stands for in times; default: 1. */
  readonly seconds?: number | undefined;
}

/** The samples of a part, as its file has them. */
export interface PartSamples<Kind extends LabelledSet = LabelledSet> {
  readonly file: string;
  readonly set: Kind;
  /** As in the file; undefined without labels. */
  readonly labels: ArrayLike<number> | undefined;
  readonly labelsName: string;
  readonly corrections: readonly string[];
}

const mostInputs = 2 ** 16;
const mostClasses = 2 ** 16;
const mostSpikes = 2 ** 29;

/**
 * Reads the samples of a part.
 *
 * @throws PlasticoreError `data` for arrays that are missing, have the wrong shape, or hold something else
 */
export function readPart(
  source: ArrayFile,
  part: PartArrays,
  name: string,
  { channels, seconds = 1 }: Pick<NamedArrays, 'channels' | 'seconds'>,
): PartSamples {
  const { features, spikes, times = '', units = '', labels } = part;
  if (features !== undefined) return readFeatures(source, { features, labels }, name);
  if (spikes !== undefined) return partOf(source, labels, stepSet(source, spikes, name));
  const { set, corrections } = eventSet(source, { ...part, times, units }, name, channels, seconds);
  return partOf(source, labels, set, corrections);
}

/** Reads a part whose samples are features. */
export function readFeatures(
  source: ArrayFile,
  { features, labels }: { readonly features: string; readonly labels?: string | undefined },
  name: string,
): PartSamples<FeatureSet> {
  return partOf(source, labels, featureSet(source, features, name));
}

function partOf<Kind extends LabelledSet>(
  source: ArrayFile,
  labelsName: string | undefined,
  set: Kind,
  corrections: readonly string[] = [],
): PartSamples<Kind> {
  const { file } = source;
  if (set.count === 0) throw new PlasticoreError('data', 'holds no samples', { file });
  if (set.inputs > mostInputs)
    throw new PlasticoreError('data', `${set.inputs} channels found, at most ${mostInputs} expected`, {
      file,
    });
  const labels = labelsName === undefined ? undefined : labelsOf(source, labelsName, set.count);
  return { file, set, labels, labelsName: `${file}:${labelsName}`, corrections };
}

/** Makes a data set of its parts. Without a test set, a fixed stratified fifth of the other is held out for testing. */
export function namedDataset<Kind extends LabelledSet>(
  name: string,
  parts: { readonly train?: PartSamples<Kind> | undefined; readonly test?: PartSamples<Kind> | undefined },
): Dataset<Kind> {
  const { train, test } = parts;
  const all = [train, test].filter((part) => part !== undefined);
  checkTogether(train, test);
  const inputs = Math.max(...all.map(({ set }) => set.inputs));
  const classes = all.reduce((most, { labels }) => Math.max(most, classesOf(labels)), 0);
  const [trained, tested] = [train, test].map((part) => part && labelled(part, inputs, classes));
  const corrections = all.flatMap((part) => part.corrections.map((text) => `${part.file}: ${text}`));
  const common = { name, corrections };
  const files = [...new Set(all.map(({ file }) => file))].join(' and ');
  if (tested !== undefined) {
    const none = select(tested, 'train', []);
    const description = `${files}: arrays for ${trained === undefined ? 'testing alone' : 'training and for testing'}`;
    return { ...common, description, train: trained ?? none, test: tested };
  }
  if (trained === undefined) throw new PlasticoreError('data', `data set '${name}' names no arrays`);
  const testCount = Math.round(trained.count / 5);
  if (testCount === 0)
    throw new PlasticoreError('data', `${trained.count} samples are too few to split off a test set`, {
      file: train?.file,
      hint: 'add a test set: x_test and y_test, or the arrays that an experiment names under `arrays`',
    });
  return {
    ...common,
    description: `${files}: a fixed stratified split, ${trained.count - testCount} for training and ${testCount} for testing`,
    ...stratifiedSplit(trained, testCount, 0),
  };
}

/** Parts are of one kind and have the same channels. */
function checkTogether(train: PartSamples | undefined, test: PartSamples | undefined): void {
  if (train === undefined || test === undefined) return;
  const kindOf = ({ set }: PartSamples): string =>
    set.kind === 'features' ? 'features' : set.steps === undefined ? 'spikes with times' : 'spikes in steps';
  const { file } = test;
  if (kindOf(train) !== kindOf(test))
    throw new PlasticoreError('data', `the test set has ${kindOf(test)}, the training set ${kindOf(train)}`, {
      file,
    });
  // Of spikes with times, not every channel may occur.
  if (train.set.inputs === test.set.inputs || kindOf(train) === 'spikes with times') return;
  throw new PlasticoreError(
    'data',
    `the test set has ${test.set.inputs} channels, the training set ${train.set.inputs}`,
    { file },
  );
}

function classesOf(labels: ArrayLike<number> | undefined): number {
  let most = -1;
  for (let sample = 0; sample < (labels?.length ?? 0); sample++) most = Math.max(most, labels?.[sample] ?? 0);
  return Math.min(most + 1, mostClasses);
}

function labelled<Kind extends LabelledSet>(
  { set, labels, labelsName }: PartSamples<Kind>,
  inputs: number,
  classes: number,
): Kind {
  if (labels === undefined) return { ...set, inputs };
  return { ...set, inputs, classes, labels: checkLabels(labels, classes, labelsName) };
}

function labelsOf(source: ArrayFile, name: string, count: number): ArrayLike<number> {
  const shape = source.shape(name);
  const isList = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!isList || shape[0] !== count)
    throw new PlasticoreError(
      'data',
      `'${name}' has the shape ${shown(shape)}, expected ${count}: a label for each sample`,
      {
        file: source.file,
        hint:
          shape.length === 2 ? 'labels are whole numbers from 0, not one column for each class' : undefined,
      },
    );
  return source.numbers(name);
}

/** The labels of samples without any. */
const unlabelled = (count: number) => ({ classes: 0, labels: new Uint8Array(count) });

function featureSet(source: ArrayFile, name: string, part: string): FeatureSet {
  const [count = 0, ...rest] = shapeOf(source, name, 2, 'samples x channels, or samples x rows x columns');
  const inputs = rest.reduce((product, length) => product * length, 1);
  const values = new Uint8Array(count * inputs);
  const full = source.kind(name) === 'integer' ? 255 : 1;
  source.eachItem(name, (sample, items) => {
    const place = (index: number): string => `${name}[${[sample, ...indices(index, rest)].join(', ')}]`;
    values.set(toPixels(items, full, source.file, place), sample * inputs);
  });
  return { kind: 'features', name: part, inputs, count, values, ...unlabelled(count) };
}

function stepSet(source: ArrayFile, name: string, part: string): EventSet {
  const [count = 0, steps = 0, ...rest] = shapeOf(source, name, 3, 'samples x steps x channels');
  const inputs = rest.reduce((product, length) => product * length, 1);
  const lengths: number[] = [];
  source.eachItem(name, (sample, items) => {
    lengths[sample] = 0;
    for (let index = 0; index < items.length; index++) {
      const spikes = items[index] ?? 0;
      if (spikes === 0) continue;
      if (!Number.isInteger(spikes) || spikes < 0 || spikes > 255)
        throw new PlasticoreError(
          'data',
          `${name}[${[sample, ...indices(index, [steps, ...rest])].join(', ')}] is ${spikes}; a number of spikes expected, 0 to 255`,
          {
            file: source.file,
            hint: 'other numbers are features, samples x channels, which an encoder turns into spikes',
          },
        );
      lengths[sample] += spikes;
    }
  });
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total > mostSpikes)
    throw new PlasticoreError('data', `'${name}' has ${total} spikes, at most ${mostSpikes} expected`, {
      file: source.file,
    });
  const { starts, ends } = spans(lengths);
  const times = new Float32Array(total);
  const units = new Uint16Array(total);
  source.eachItem(name, (sample, items) => {
    let at = starts[sample] ?? 0;
    for (let index = 0; index < items.length; index++) {
      const next = at + (items[index] ?? 0);
      if (next === at) continue;
      times.fill(Math.floor(index / inputs), at, next);
      units.fill(index % inputs, at, next);
      at = next;
    }
  });
  return {
    kind: 'events',
    name: part,
    inputs,
    count,
    steps,
    times,
    units,
    starts,
    ends,
    speakers: undefined,
    ...unlabelled(count),
  };
}

function eventSet(
  source: ArrayFile,
  { times: timesName, units: unitsName, offsets: offsetsName }: PartArrays & { times: string; units: string },
  part: string,
  channels: number | undefined,
  seconds: number,
): { set: EventSet; corrections: readonly string[] } {
  const { file } = source;
  const [timeRows, unitRows] = [timesName, unitsName].map((name) => rowsOf(source, name, offsetsName));
  const offsets = timeRows?.offsets ?? new Uint32Array(1);
  const count = offsets.length - 1;
  if (unitRows?.offsets.length !== offsets.length)
    throw new PlasticoreError(
      'data',
      `'${unitsName}' has ${(unitRows?.offsets.length ?? 1) - 1} samples, '${timesName}' has ${count}`,
      { file },
    );
  const odd = offsets.findIndex((offset, sample) => offset !== unitRows.offsets[sample]) - 1;
  if (odd >= 0)
    throw new PlasticoreError('data', `sample ${odd} has not as many times as channels`, {
      file,
      hint: `'${timesName}' and '${unitsName}' have an entry for each spike`,
    });
  const times = Float32Array.from(timeRows?.values ?? [], (time) => time * seconds);
  const most = channels ?? mostInputs;
  let highest = 0;
  for (const [spike, unit] of unitRows.values.entries()) {
    if (!Number.isInteger(unit) || unit < 0 || unit >= most)
      throw new PlasticoreError(
        'data',
        `'${unitsName}' has a spike of channel ${unit} (number ${spike}); an integer in 0..${most - 1} expected`,
        { file, hint: channels === undefined ? undefined : `channels: ${channels}` },
      );
    highest = Math.max(highest, unit + 1);
  }
  const { corrections, ...spiking } = putRight({ times, units: Uint16Array.from(unitRows.values), offsets });
  return {
    set: {
      kind: 'events',
      name: part,
      inputs: channels ?? Math.max(1, highest),
      count,
      ...spiking,
      speakers: undefined,
      ...unlabelled(count),
    },
    corrections,
  };
}

/** Numbers of all samples, one after the other; those of sample i from `offsets[i]` up to `offsets[i + 1]`. */
interface Rows {
  readonly values: Float64Array;
  readonly offsets: Uint32Array;
}

function rowsOf(source: ArrayFile, name: string, offsetsName: string | undefined): Rows {
  const { file } = source;
  if (source.isRagged(name)) {
    const rows: Float64Array[] = [];
    source.eachItem(name, (sample, values) => {
      rows[sample] = Float64Array.from(values);
    });
    const { offsets } = spans(rows.map(({ length }) => length));
    const values = new Float64Array(offsets.at(-1) ?? 0);
    for (const [sample, row] of rows.entries()) values.set(row, offsets[sample]);
    return { values, offsets };
  }
  const shape = source.shape(name);
  if (shape.length !== 1)
    throw new PlasticoreError(
      'data',
      `'${name}' has the shape ${shown(shape)}; a list of all spikes expected`,
      { file },
    );
  if (offsetsName === undefined)
    throw new PlasticoreError('data', `'${name}' has the spikes of all samples in one list`, {
      file,
      hint: 'offsets: the name of the array with the position of the first spike of each sample, and the end',
    });
  const values = Float64Array.from(source.numbers(name));
  const given = Float64Array.from(source.numbers(offsetsName));
  const isAscending = given.every(
    (offset, index) => Number.isInteger(offset) && offset >= (given[index - 1] ?? 0),
  );
  if (given.length < 2 || given[0] !== 0 || !isAscending || given.at(-1) !== values.length)
    throw new PlasticoreError(
      'data',
      `'${offsetsName}': expected ascending positions from 0 to ${values.length}, the number of spikes in '${name}'`,
      { file, hint: 'sample i has the spikes from offsets[i] up to offsets[i + 1]' },
    );
  return { values, offsets: Uint32Array.from(given) };
}

/** Where rows of these lengths begin and end, one after the other. */
function spans(lengths: readonly number[]): { offsets: Uint32Array; starts: Uint32Array; ends: Uint32Array } {
  const offsets = new Uint32Array(lengths.length + 1);
  for (const [row, length] of lengths.entries()) offsets[row + 1] = (offsets[row] ?? 0) + length;
  return { offsets, starts: offsets.slice(0, -1), ends: offsets.slice(1) };
}

/** The shape of an array of at least so many axes. */
function shapeOf(source: ArrayFile, name: string, least: number, expected: string): readonly number[] {
  const shape = source.shape(name);
  if (shape.length >= least && !source.isRagged(name) && shape.every((length) => length > 0)) return shape;
  throw new PlasticoreError('data', `'${name}' has the shape ${shown(shape)}, expected ${expected}`, {
    file: source.file,
  });
}

function shown(shape: readonly number[]): string {
  return shape.length === 0 ? 'of a single number' : shape.join(' x ');
}

/** The index in each dimension that corresponds to a flat index. */
function indices(flat: number, shape: readonly number[]): number[] {
  const found: number[] = [];
  let rest = flat;
  for (const length of shape.toReversed()) {
    found.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return found;
}
