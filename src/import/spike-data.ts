import { checkLabels, type NdArray } from '../data/index.ts';
import { sizeOf } from '../nir/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Stage } from './map/index.ts';

/** The most spikes of an input in a step. */
const mostSpikes = 255;

/** Samples as spikes: how many each input has in each step. */
export interface SpikeData {
  /** Where they come from, for messages. */
  readonly name: string;
  readonly samples: number;
  readonly steps: number;
  /** The largest number of spikes of an input in a step. */
  readonly most: number;
  /** A sample step by step, in C order. */
  sample(at: number): Uint8Array;
  /** One for each sample; undefined if the file has none. */
  readonly labels: readonly number[] | undefined;
  /** What another program answered, one for each of the first samples; undefined if the file has none. */
  readonly answers: readonly number[] | undefined;
}

/**
 * Reads samples from the arrays of an `.npz` file: `input` [samples, steps, ...] with whole numbers of spikes, and optionally `label`,
 * one number for each sample, and `pred`, for all samples or for the first of them. Other arrays are left out.
 *
 * @param limit the most samples to take; all if absent
 * @throws PlasticoreError `data` for a file without such an array, or one that does not fit the input
 */
export function readSpikeData(
  arrays: ReadonlyMap<string, NdArray>,
  file: string,
  input: Pick<Stage, 'node' | 'shape' | 'size'>,
  limit = Infinity,
): SpikeData {
  const fail = (message: string, hint?: string) =>
    new PlasticoreError('data', message, { file, ...(hint !== undefined && { hint }) });
  const given = arrays.get('input');
  if (given === undefined)
    throw fail(
      `no array 'input'`,
      `found: ${[...arrays.keys()].join(', ')}; it has the axes samples, steps, and those of the input`,
    );
  const [samples = 0, steps = 0] = given.shape;
  const axes = given.shape.slice(2);
  if (samples === 0 || steps === 0 || !isOf(axes, input))
    throw fail(
      `input is ${given.shape.join(' x ')}; samples x steps x ${input.shape.join(' x ')} expected, as node '${input.node}' has them`,
      axes.length > 0 && sizeOf(axes) === input.size
        ? `numpy.transpose puts axes into another order; samples x steps x ${input.size} are taken as they are`
        : undefined,
    );
  const values = counts(given, fail);
  const numbers = (name: string): number[] | undefined => {
    const array = arrays.get(name);
    if (array === undefined) return undefined;
    if (array.shape.length !== 1)
      throw fail(`${name} is ${array.shape.join(' x ')}; one number for each sample expected`);
    return Array.from(array.data, Number);
  };
  const [labels, answers] = [numbers('label'), numbers('pred')];
  if (labels !== undefined && labels.length !== samples)
    throw fail(`${labels.length} labels found, ${samples} expected: one for each sample`);
  if (answers !== undefined && answers.length > samples)
    throw fail(
      `${answers.length} answers found in pred, ${samples} at most: one for each of the first samples`,
    );
  const each = steps * input.size;
  return {
    name: file,
    samples: Math.min(samples, limit),
    steps,
    most: values.reduce((most, value) => Math.max(most, value), 0),
    sample: (at) => values.subarray(at * each, (at + 1) * each),
    labels,
    answers,
  };
}

/** Whether axes are those of the input, but for axes of length 1, or a single one for all of it. */
function isOf(axes: readonly number[], { shape, size }: Pick<Stage, 'shape' | 'size'>): boolean {
  if (axes.length === 1) return axes[0] === size;
  const long = (lengths: readonly number[]) => lengths.filter((length) => length !== 1).join(' ');
  return axes.length > 0 && long(axes) === long(shape);
}

/** Refuses labels and recorded answers that are none of a readout's. */
export function checkAnswers({ name, labels, answers }: SpikeData, classes: number): void {
  if (labels !== undefined) checkLabels(labels, classes, `${name}:label`);
  if (answers !== undefined) checkLabels(answers, classes, `${name}:pred`);
}

function counts(
  { data, shape }: NdArray,
  fail: (message: string, hint: string) => PlasticoreError,
): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const wrong = data.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value <= mostSpikes));
  if (wrong < 0) return Uint8Array.from(data);
  const places = shape
    .toReversed()
    .reduce<{ rest: number; at: number[] }>(
      ({ rest, at }, length) => ({ rest: Math.floor(rest / length), at: [rest % length, ...at] }),
      { rest: wrong, at: [] },
    );
  throw fail(
    `input[${places.at.join(', ')}] is ${data[wrong]}; a number of spikes, 0 to ${mostSpikes}, expected`,
    'what reaches a core are spikes: encode values as spikes first, by their rate or their time',
  );
}
