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
} from '../data/index.ts';
import { itemCount } from '../nir/index.ts';
import { noEpoch } from '../random/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { NirStage } from './map/index.ts';

/** Samples as spikes: their number for each input in each step. */
export interface SpikeData {
  /** Their origin, for messages. */
  readonly name: string;
  readonly samples: number;
  readonly steps: number;
  /** The largest number of spikes of an input in a step. */
  readonly most: number;
  /** A sample step by step, in C order. */
  sample(at: number): Uint8Array;
  /** One for each sample; undefined if the file has none. */
  readonly labels: readonly number[] | undefined;
  /** Answers of another program, one for each of the first samples; undefined if the file has none. */
  readonly answers: readonly number[] | undefined;
}

/**
 * Reads samples from the arrays of an `.npz` file: `input` [samples, steps, ...] with whole numbers of spikes, and
 * optionally `label`, one number for each sample, and `pred`, for all samples or the first of them. It ignores other
 * arrays.
 *
 * @param limit the most samples to take; by default all
 * @throws PlasticoreError `data` for a file without such an array, or one that does not fit the input
 */
export function readSpikeData(
  arrays: ReadonlyMap<string, NdArray>,
  file: string,
  input: Pick<NirStage, 'node' | 'shape' | 'size'>,
  limit = Infinity,
): SpikeData {
  const fail = (message: string, hint?: string) => new PlasticoreError('data', message, { file, hint });
  const source = npzArrays(arrays, file);
  const shape = source.shape('input');
  const axes = shape.slice(2);
  if (!isOf(axes, input))
    throw fail(
      `input is ${shape.join(' x ')}; samples x steps x ${input.shape.join(' x ')} expected, as node '${input.node}' has them`,
      axes.length > 0 && itemCount(axes) === input.size
        ? `numpy.transpose puts axes into another order; samples x steps x ${input.size} are taken as they are`
        : undefined,
    );
  const part = { spikes: 'input', labels: arrays.has('label') ? 'label' : undefined };
  const { set, labels } = readPart(source, part, 'input', {});
  const answers = arrays.has('pred') ? Array.from(source.numbers('pred')) : undefined;
  if (answers !== undefined && answers.length > set.count)
    throw fail(
      `${answers.length} answers found in pred, ${set.count} at most: one for each of the first samples`,
    );
  return {
    ...encodedData(set, 'steps', 0, input),
    name: file,
    samples: Math.min(set.count, limit),
    labels: labels && Array.from(labels),
    answers,
  };
}

/** Whether axes match the input, apart from axes of length 1, or a single axis for all of it. */
function isOf(axes: readonly number[], { shape, size }: Pick<NirStage, 'shape' | 'size'>): boolean {
  if (axes.length === 1) return axes[0] === size;
  const long = (lengths: readonly number[]) => lengths.filter((length) => length !== 1).join(' ');
  return axes.length > 0 && long(axes) === long(shape);
}

/** Refuses labels and recorded answers outside the readout's range. */
export function checkAnswers({ name, labels, answers }: SpikeData, classes: number): void {
  if (labels !== undefined) checkLabels(labels, classes, `${name}:label`);
  if (answers !== undefined) checkLabels(answers, classes, `${name}:pred`);
}

/** The seed of random encoders. */
const seed = 1;

/**
 * Labelled samples as spikes, encoded as in a run.
 *
 * @param steps steps of a sample
 * @throws PlasticoreError `data` if the samples do not fit the input, or the encoding does not suit them
 */
export function encodedData(
  set: LabelledSet,
  encoding: Encoding,
  steps: number,
  input: Pick<NirStage, 'node' | 'size'>,
): SpikeData {
  checkInputs(set, encoding, { name: `node '${input.node}' of the graph`, takes: input.size });
  const own = set.kind === 'events' && set.steps !== undefined ? set.steps : steps;
  const encode = createSetEncoder(set, plainEncoding(encoding));
  const spikesOf = (sample: number): Uint8Array => {
    const { offsets, indices, steps: encoded } = encode({ seed, epoch: noEpoch, sample }, own);
    const spikes = new Uint8Array(own * input.size);
    for (let step = 0; step < Math.min(own, encoded); step++) {
      for (let at = offsets[step] ?? 0; at < (offsets[step + 1] ?? 0); at++) {
        const place = step * input.size + (indices[at] ?? 0);
        spikes[place] = (spikes[place] ?? 0) + 1;
      }
    }
    return spikes;
  };
  let most = 1;
  if (encoding === 'steps')
    for (let sample = 0; sample < set.count; sample++)
      most = spikesOf(sample).reduce((largest, count) => Math.max(largest, count), most);
  return {
    name: `set '${set.name}'`,
    samples: set.count,
    steps: own,
    most,
    sample: spikesOf,
    labels: set.classes === 0 ? undefined : Array.from(set.labels),
    answers: undefined,
  };
}
