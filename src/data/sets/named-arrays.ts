import { at, largest, PlasticoreError, unravelIndex } from '../../text/index.ts';
import type { ArrayFile } from '../formats/array-file.ts';
import { putRight, readSpikes, type SpikeArrays } from '../formats/spikes.ts';
import { shapeOf, shown, unlabelled } from './array-shapes.ts';
import { checkLabels, type Dataset, type EventSet, type FeatureSet, type LabelledSet } from './dataset.ts';
import { type FeatureRange, toPixels, usualRange } from './embedded.ts';
import { selectSamples, splitFifth } from './split.ts';
import { stepByStep, stepSet, valueSet } from './step-set.ts';

/** The arrays that hold the samples of a part of a data set, by name. */
export interface PartArrays {
  /** Features: samples x channels, or samples x rows x columns. */
  readonly features?: string | undefined;
  /** Spikes in time steps: samples x steps x channels, or more axes of channels. */
  readonly spikes?: string | undefined;
  /** Values in time steps, of the shape of spikes: each is one spike that carries it. */
  readonly values?: string | undefined;
  /** Spikes with their times: for each sample a row of times and a row of channels. */
  readonly times?: string | undefined;
  readonly units?: string | undefined;
  /** Where the rows of all samples stand one after the other: the position of each sample's first, and the end. */
  readonly offsets?: string | undefined;
  /** Labels from 0, one for each sample or for each of its time steps; absent where samples have none. */
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
  /** What 0 and 255 stand for in features and values; default: 0 to 255 of integers, 0 to 1 of others. */
  readonly range?: FeatureRange | undefined;
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

/**
 * Reads the samples of a part.
 *
 * @throws PlasticoreError `data` for arrays that are missing, have the wrong shape, or hold something else
 */
export function readPart(
  source: ArrayFile,
  part: PartArrays,
  name: string,
  { channels, seconds = 1, range }: Pick<NamedArrays, 'channels' | 'seconds' | 'range'>,
): PartSamples {
  const { features, spikes, values, times = '', units = '', labels } = part;
  if (features !== undefined) return readFeatures(source, { features, labels }, name, range);
  if (values !== undefined) return partOf(source, labels, valueSet(source, values, name, range));
  if (spikes !== undefined) return partOf(source, labels, stepSet(source, spikes, name));
  const { set, corrections } = eventSet(source, { ...part, times, units }, name, channels, seconds);
  return partOf(source, labels, set, corrections);
}

/** Reads a part whose samples are features. */
export function readFeatures(
  source: ArrayFile,
  { features, labels }: { readonly features: string; readonly labels?: string | undefined },
  name: string,
  range?: FeatureRange,
): PartSamples<FeatureSet> {
  return partOf(source, labels, featureSet(source, features, name, range));
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
  const common = { file, labelsName: `${file}:${labelsName}`, corrections };
  if (labelsName === undefined) return { ...common, set, labels: undefined };
  if (set.kind === 'events' && isOfSteps(source.shape(labelsName), set))
    return { ...common, set: { ...set, ...stepByStep(set) }, labels: source.numbers(labelsName) };
  return { ...common, set, labels: labelsOf(source, labelsName, set.count) };
}

/** Whether labels have this shape because each step of a sample has its own. */
function isOfSteps(shape: readonly number[], { count, steps }: EventSet): boolean {
  return shape.length === 2 && shape[0] === count && steps !== undefined && steps > 1 && shape[1] === steps;
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
  const steps = (tested ?? trained)?.recordingSteps;
  const bySteps = steps === undefined ? '' : `; each of the ${steps} steps of a recording is a sample`;
  if (tested !== undefined) {
    const none = selectSamples(tested, 'train', []);
    const description = `${files}: arrays for ${trained === undefined ? 'testing alone' : 'training and for testing'}${bySteps}`;
    return { ...common, description, train: trained ?? none, test: tested };
  }
  if (trained === undefined) throw new PlasticoreError('data', `data set '${name}' names no arrays`);
  const hint = 'add more samples, or some to test on: x_test and y_test, or as docs/data.md says';
  const split = splitFifth(trained, files, { file: train?.file, hint });
  return { ...common, ...split, description: `${split.description}${bySteps}` };
}

/** Parts are of one kind and have the same channels. */
function checkTogether(train: PartSamples | undefined, test: PartSamples | undefined): void {
  if (train === undefined || test === undefined) return;
  const kindOf = ({ set }: PartSamples): string =>
    set.kind === 'features'
      ? 'features'
      : set.recordingSteps !== undefined
        ? 'labels of single steps'
        : set.steps === undefined
          ? 'spikes with times'
          : set.values === undefined
            ? 'spikes in steps'
            : 'values in steps';
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

function featureSet(
  source: ArrayFile,
  name: string,
  part: string,
  range: FeatureRange = usualRange(source, name),
): FeatureSet {
  const [count = 0, ...rest] = shapeOf(source, name, 2, 'samples x channels, or samples x rows x columns');
  const inputs = rest.reduce((product, length) => product * length, 1);
  const values = new Uint8Array(count * inputs);
  source.eachItem(name, (sample, items) => {
    const place = (index: number): string => `${name}[${[sample, ...unravelIndex(index, rest)].join(', ')}]`;
    values.set(toPixels(items, range, source.file, place), sample * inputs);
  });
  const shape = rest.length === 2 ? ([at(rest, 0), at(rest, 1)] as const) : undefined;
  return { kind: 'features', name: part, inputs, shape, count, values, ...unlabelled(count) };
}

function eventSet(
  source: ArrayFile,
  names: SpikeArrays,
  part: string,
  channels: number | undefined,
  seconds: number,
): { set: EventSet; corrections: readonly string[] } {
  const spikes = readSpikes(
    source,
    names,
    channels ?? mostInputs,
    seconds,
    channels === undefined ? undefined : `channels: ${channels}`,
  );
  // Before spikes are put right, in place: what is dropped tells of a unit all the same.
  const inputs = channels ?? largest(spikes.units, 0) + 1;
  const { corrections, ...spiking } = putRight(spikes);
  return {
    set: {
      kind: 'events',
      name: part,
      inputs,
      count: spiking.starts.length,
      ...spiking,
      speakers: undefined,
      ...unlabelled(spiking.starts.length),
    },
    corrections,
  };
}
