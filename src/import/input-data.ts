import {
  checkInputs,
  checkLabels,
  createSetEncoder,
  type Encoding,
  type LabelledSet,
  type NdArray,
  npzArrays,
  plainEncoding,
  readPart,
  type SpikeTrain,
} from '../data/index.ts';
import { itemCount } from '../nir/index.ts';
import { noEpoch } from '../random/index.ts';
import { largest, option, PlasticoreError } from '../text/index.ts';
import {
  type DataNumbers,
  type Entry,
  type InputName,
  type InputNumbers,
  inputKindNames,
  inputSpikes,
  numbersOf,
} from './input-numbers.ts';
import type { Network, NirStage } from './map/stages.ts';

/** Samples as they come into a network: for each input and step, a number of spikes or a value. */
export interface InputData {
  /** Their origin, for messages. */
  readonly name: string;
  readonly samples: number;
  readonly steps: number;
  readonly numbers: InputNumbers;
  /** The most spikes of an input in a step; 1 where values come in. */
  readonly most: number;
  /** A sample step by step, in C order: numbers of spikes, or values as a core holds them. */
  sample(at: number): Uint8Array;
  /** The same as the graph gets it, before values were rounded. */
  doubles(at: number): ArrayLike<number>;
  /** One for each sample; undefined if the file has none. */
  readonly labels: readonly number[] | undefined;
  /** Answers of another program, one for each of the first samples; undefined if the file has none. */
  readonly answers: readonly number[] | undefined;
}

type Input = Pick<NirStage, 'node' | 'shape' | 'size'>;

/**
 * Refuses an array whose axes do not fit the input.
 *
 * @throws PlasticoreError `data`
 */
export function checkAxes(shape: readonly number[], are: InputName, file: string, input: Input): void {
  const axes = shape.slice(are === 'constant' ? 1 : 2);
  if (isOf(axes, input)) return;
  const steps = are === 'constant' ? '' : 'steps x ';
  const other = are === 'constant' ? 2 : 1;
  const hint =
    axes.length > 0 && itemCount(axes) === input.size
      ? `numpy.transpose puts axes into another order; samples x ${steps}${input.size} are taken as they are`
      : isOf(shape.slice(other), input)
        ? are === 'constant'
          ? `it has an axis of steps: ${option('input', inputKindNames[1])} takes a value for each`
          : `it has no axis of steps: ${option('input', 'constant')} ${option('steps', '24')} gives the same values in each`
        : undefined;
  throw new PlasticoreError(
    'data',
    `input is ${shape.join(' x ')}; samples x ${steps}${input.shape.join(' x ')} expected, as node '${input.node}' has them`,
    { file, hint },
  );
}

/** Whether axes match the input, apart from axes of length 1, or a single axis for all of it. */
export function isOf(axes: readonly number[], { shape, size }: Input): boolean {
  if (axes.length === 1) return axes[0] === size;
  const long = (lengths: readonly number[]) => lengths.filter((length) => length !== 1).join(' ');
  return axes.length > 0 && long(axes) === long(shape);
}

/** How to read samples of an `.npz` file. */
export interface ReadChoice {
  /** The most samples to take; by default all. */
  readonly limit?: number | undefined;
  /** By default, spikes. */
  readonly values?:
    | ({ readonly are: 'values' } & DataNumbers)
    | ({ readonly are: 'constant'; readonly steps: number } & DataNumbers)
    | undefined;
}

/**
 * Reads samples from the arrays of an `.npz` file: `input` [samples, steps, ...] with whole numbers of spikes or with
 * values, or [samples, ...] with values that stay the same, and optionally `label`, one number for each sample, and
 * `pred`, for all samples or the first of them. It ignores other arrays.
 *
 * @throws PlasticoreError `data` for a file without such an array, or one that does not fit the input
 */
export function readInputData(
  arrays: ReadonlyMap<string, NdArray>,
  file: string,
  input: Input,
  { limit = Infinity, values }: ReadChoice = {},
): InputData {
  const fail = (message: string, hint?: string) => new PlasticoreError('data', message, { file, hint });
  const source = npzArrays(arrays, file);
  const are = values?.are ?? 'spikes';
  checkAxes(source.shape('input'), are, file, input);
  const part = {
    [are === 'constant' ? 'features' : are]: 'input',
    labels: arrays.has('label') ? 'label' : undefined,
  };
  const { set, labels } = readPart(
    source,
    part,
    'input',
    values === undefined ? {} : { range: values.range },
  );
  const answers = arrays.has('pred') ? Array.from(source.numbers('pred')) : undefined;
  if (answers !== undefined && answers.length > set.count)
    throw fail(
      `${answers.length} answers found in pred, ${set.count} at most: one for each of the first samples`,
    );
  const samples = encodedData(
    set,
    are === 'constant' ? 'constant' : 'steps',
    values?.are === 'constant' ? values.steps : 0,
    input,
    values && numbersOf(are, values),
  );
  return {
    ...samples,
    ...(values && { doubles: graphNumbers(source.numbers('input'), values, set) }),
    name: file,
    samples: Math.min(set.count, limit),
    labels: labels && Array.from(labels),
    answers,
  };
}

/** A sample as the graph gets it, from the numbers of a file. */
function graphNumbers(
  numbers: ArrayLike<number>,
  { scale, offset, ...values }: NonNullable<ReadChoice['values']>,
  { inputs, ...set }: LabelledSet,
): InputData['doubles'] {
  const repeats = values.are === 'constant' ? values.steps : 1;
  const each = values.are === 'constant' ? inputs : inputs * ((set.kind === 'events' && set.steps) || 1);
  return (sample) =>
    Float64Array.from({ length: each * repeats }, (_, at) => {
      const number = numbers[sample * each + (at % each)];
      if (number === undefined) throw new RangeError(`no number ${at} of sample ${sample}`);
      return scale * number + offset;
    });
}

/** Refuses labels and recorded answers outside the readout's range. */
export function checkAnswers({ name, labels, answers }: InputData, classes: number): void {
  if (labels !== undefined) checkLabels(labels, classes, `${name}:label`);
  if (answers !== undefined) checkLabels(answers, classes, `${name}:pred`);
}

/** The seed of random encoders. */
const seed = 1;

/**
 * Labelled samples as spikes or values, encoded as in a run.
 *
 * @param steps steps of a sample
 * @param numbers what comes in; by default, spikes
 * @throws PlasticoreError `data` if the samples do not fit the input, or the encoding does not suit them
 */
export function encodedData(
  set: LabelledSet,
  encoding: Encoding,
  steps: number,
  { node, size }: Pick<NirStage, 'node' | 'size'>,
  numbers = inputSpikes,
): InputData {
  checkInputs(set, encoding, { name: `node '${node}' of the graph`, takes: size });
  const areSpikes = numbers.are === 'spikes';
  const own = set.kind === 'events' && set.steps !== undefined ? set.steps : steps;
  const encode = createSetEncoder(set, areSpikes ? plainEncoding(encoding) : encoding);
  const cellsOf = (sample: number): Uint8Array => {
    const { offsets, indices, values, steps: encoded } = encode({ seed, epoch: noEpoch, sample }, own);
    const cells = new Uint8Array(own * size);
    for (let step = 0; step < Math.min(own, encoded); step++)
      for (let at = offsets[step] ?? 0; at < (offsets[step + 1] ?? 0); at++) {
        const place = step * size + (indices[at] ?? 0);
        cells[place] = (cells[place] ?? 0) + (areSpikes ? 1 : (values?.[at] ?? 0));
      }
    return cells;
  };
  let most = 1;
  if (areSpikes && encoding === 'steps')
    for (let sample = 0; sample < set.count; sample++) most = largest(cellsOf(sample), most);
  return {
    name: `set '${set.name}'`,
    samples: set.count,
    steps: own,
    numbers,
    most,
    sample: cellsOf,
    doubles: (sample) =>
      areSpikes
        ? cellsOf(sample)
        : Float64Array.from(cellsOf(sample), (value) => numbers.scale * value + numbers.offset),
    labels: set.classes === 0 ? undefined : Array.from(set.labels),
    answers: undefined,
  };
}

/** A network, and when a constant input comes to it. */
interface Timed {
  readonly network: Network;
  readonly entry: Entry;
}

/** A sample in which all inputs are at their most in each step, for want of data. */
export function fullTrain({ network, entry }: Timed, steps: number): SpikeTrain {
  const { input, numbers } = network;
  const all = new Uint8Array(steps * input.size).fill(numbers.are === 'spikes' ? 1 : 255);
  return trainOf({ network, entry }, { numbers, steps, sample: () => all }, 0);
}

/**
 * A sample of data as a core takes it: inputs that spike, step by step, of which one that spikes several times occurs
 * as often; or that send values, in each step, or those of the first step once.
 */
export function trainOf(
  { network, entry }: Timed,
  { numbers, steps, ...data }: Pick<InputData, 'numbers' | 'steps' | 'sample'>,
  sample: number,
): SpikeTrain {
  const { size } = network.input;
  const given = data.sample(sample);
  const hasValues = numbers.are !== 'spikes';
  const offsets = new Uint32Array(steps + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let step = 0; step < steps; step++) {
    const isQuiet = entry === 'once' && step > 0;
    for (let neuron = 0; neuron < size && !isQuiet; neuron++) {
      const number = given[step * size + neuron] ?? 0;
      if (hasValues && number > 0) values.push(number);
      for (let again = 0; again < (hasValues ? Math.min(1, number) : number); again++) indices.push(neuron);
    }
    offsets[step + 1] = indices.length;
  }
  return {
    steps,
    offsets,
    indices: Uint32Array.from(indices),
    ...(hasValues && { values: Uint8Array.from(values) }),
  };
}
