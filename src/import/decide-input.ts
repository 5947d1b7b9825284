import {
  type Encoding,
  type FeatureRange,
  type LabelledSet,
  type NdArray,
  npzArrays,
  usualEncoding,
} from '../data/index.ts';
import { largest, option, PlasticoreError, smallest } from '../text/index.ts';
import {
  checkAxes,
  encodedData,
  type InputData,
  isOf,
  type ReadChoice,
  readInputData,
} from './input-data.ts';
import { type InputName, type InputNumbers, inputSpikes, numbersOf, rangeFor } from './input-numbers.ts';
import type { NirStage } from './map/stages.ts';
import type { Decision } from './rules.ts';

/** Samples that a user names: arrays of an `.npz` file with an array `input`, or a data set. */
export type NamedSamples = { readonly path: string } & (
  | {
      readonly arrays: ReadonlyMap<string, NdArray>;
      /** Set if they stand in a file of another kind: the `.npz` file in which an experiment finds them. */
      readonly copy?: string | undefined;
    }
  | {
      readonly set: LabelledSet;
      /** Whether it comes with the package, so that an experiment need not name it. */
      readonly isEmbedded: boolean;
    }
);

/** Samples of an experiment. */
export type ExperimentData =
  /** Spikes or values: a file with the array `input`, and perhaps `label`. */
  | {
      readonly are: InputName;
      readonly path: string;
      readonly hasLabels: boolean;
      /** The numbers that 0 and 255 of a core stand for, unless the kind of the numbers says so. */
      readonly range?: FeatureRange | undefined;
      /** The file with the samples to learn from, by its path from the folder of the other. */
      readonly train?: string | undefined;
    }
  /** A data set, which is encoded; without a path, one that comes with the package. */
  | { readonly are: 'samples'; readonly path: string | undefined; readonly encoder: Encoding };

/** A user's choices for the input. */
export interface AskedInput {
  readonly input?: InputName | undefined;
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
  readonly steps?: number | undefined;
  readonly encoder?: Encoding | undefined;
  readonly limit?: number | undefined;
}

type Input = Pick<NirStage, 'node' | 'shape' | 'size'>;

/** The input of a graph, decided once for all samples of an import. */
export interface DecidedInput {
  readonly numbers: InputNumbers;
  readonly decisions: readonly Decision[];
  /** Samples as they come in. */
  read(samples: NamedSamples, steps: number): InputData;
  /**
   * The same samples for an experiment, by the path of the command line.
   *
   * @param toLearn samples of another file to learn from
   */
  experimentData(samples: NamedSamples, toLearn?: NamedSamples): ExperimentData;
}

/**
 * Decides on the input of a graph.
 *
 * @throws PlasticoreError `data` or `usage` where the samples leave a doubt, or do not fit what was asked
 */
export function decideInput(samples: readonly NamedSamples[], input: Input, asked: AskedInput): DecidedInput {
  const kinds = samples.map((each) => ({ path: each.path, ...kindOf(each, input, asked) }));
  const [first = { are: asked.input ?? 'spikes', why: asked.input === undefined ? 'default' : 'given' }] =
    kinds;
  const other = kinds.find(({ are }) => are !== first.are);
  if (other !== undefined)
    throw new PlasticoreError(
      'usage',
      `${kinds[0]?.path} holds ${first.are}, ${other.path} ${other.are}: one network takes one of them`,
    );
  const { are } = first;
  const { encoder, limit } = asked;
  if (are === 'spikes') refuseScale(asked);
  const range = are === 'spikes' ? undefined : rangeOf(samples);
  const values = are === 'spikes' ? undefined : valuesOf(are, samples, range ?? [0, 1], asked);
  const numbers = values === undefined ? inputSpikes : numbersOf(are, values);
  return {
    numbers,
    decisions: [
      { what: 'what comes in (input)', value: are, why: first.why },
      ...(values === undefined
        ? []
        : [
            { what: 'what 1 of the data is to the graph (scale)', ...reason(asked.scale, 1) },
            { what: 'what 0 of the data is to the graph (offset)', ...reason(asked.offset, 0) },
          ]),
    ],
    read(given, steps) {
      if ('arrays' in given) return readInputData(given.arrays, given.path, input, { limit, values });
      const encoding = values === undefined ? (encoder ?? usualEncoding(given.set)) : 'constant';
      return encodedData(given.set, encoding, steps, input, numbers);
    },
    experimentData(given, toLearn) {
      const { path } = given;
      if (!('arrays' in given))
        return {
          are: 'samples',
          path: given.isEmbedded ? undefined : path,
          encoder: are === 'constant' ? 'constant' : (encoder ?? usualEncoding(given.set)),
        };
      const high = npzArrays(given.arrays, path).kind('input') === 'integer' ? 255 : 1;
      const isUsual = range !== undefined && range[0] === 0 && range[1] === high;
      return {
        are,
        path: given.copy ?? path,
        hasLabels: given.arrays.has('label'),
        ...(range !== undefined && !isUsual && { range }),
        ...(toLearn !== undefined && 'arrays' in toLearn && { train: toLearn.copy ?? toLearn.path }),
      };
    },
  };
}

/** The range of the numbers of samples. */
function rangeOf(samples: readonly NamedSamples[]): FeatureRange {
  const seen = samples.map(seenIn);
  if (seen.length === 0) return [0, 255];
  return rangeFor(
    Math.min(...seen.map(({ low }) => low)),
    Math.max(...seen.map(({ high }) => high)),
    seen.every(({ isWhole }) => isWhole),
  );
}

/** What the numbers of samples are to the graph. */
function valuesOf(
  are: 'values' | 'constant',
  samples: readonly NamedSamples[],
  range: FeatureRange,
  { steps, scale, offset = 0 }: AskedInput,
): NonNullable<ReadChoice['values']> {
  if (scale === undefined && (samples.length === 0 || samples.some((each) => seenIn(each).isWhole)))
    throw new PlasticoreError(
      'usage',
      samples.length === 0
        ? `${option('input', are)}: values of 0 to 255 come in, and what they are to the network is not stated`
        : `${samples[0]?.path}: whole numbers ${range.join(' to ')}, and what they are to the network is not stated`,
      {
        hint: `${option('scale', '1/255')} if it was trained on numbers from 0 to 1, ${option('scale', '1')} if on these`,
      },
    );
  const numbers = { range, scale: scale ?? 1, offset };
  if (are === 'values') return { are, ...numbers };
  if (steps === undefined)
    throw new PlasticoreError('usage', 'a constant input has no steps of its own', {
      hint: `${option('steps', '24')} runs samples of 24 steps`,
    });
  return { are, steps, ...numbers };
}

function kindOf(samples: NamedSamples, input: Input, { input: asked, steps, encoder }: AskedInput) {
  const { path } = samples;
  if ('arrays' in samples) {
    if (encoder !== undefined)
      throw new PlasticoreError(
        'usage',
        `${option('encoder')}: ${path} holds ${asked === undefined || asked === 'spikes' ? 'spikes in time steps' : asked}, which nothing encodes`,
      );
    const shape = npzArrays(samples.arrays, path).shape('input');
    return inputKind(shape, seenIn(samples), asked, steps, path, input);
  }
  if (asked === 'values')
    throw new PlasticoreError('usage', `${option('input', 'values')}: ${path} has no values in steps`, {
      hint: `${option('input', 'constant')} gives a feature in every step`,
    });
  if (asked === 'constant' && encoder !== undefined)
    throw new PlasticoreError('usage', `${option('encoder')}: a constant input is not encoded`);
  return { are: asked ?? 'spikes', why: asked === undefined ? 'the data set, by its encoder' : 'given' };
}

/** Features of a data set are 0..255. */
function seenIn(samples: NamedSamples): SeenNumbers {
  if (!('arrays' in samples)) return { low: 0, high: 255, isWhole: true };
  const values = Float64Array.from(npzArrays(samples.arrays, samples.path).numbers('input'));
  return { low: smallest(values), high: largest(values), isWhole: values.every(Number.isInteger) };
}

function refuseScale({ scale, offset }: AskedInput): void {
  if (scale === undefined && offset === undefined) return;
  const name = scale === undefined ? 'offset' : 'scale';
  throw new PlasticoreError('usage', `${option(name)}: spikes come in, which have none`, {
    hint: `${option('input', 'values')} or ${option('input', 'constant')}`,
  });
}

function reason(given: number | undefined, usual: number): Pick<Decision, 'value' | 'why'> {
  return { value: given ?? usual, why: given === undefined ? 'default' : 'given' };
}

/** Numbers of an array: the least, the largest, and whether all are whole. */
interface SeenNumbers {
  readonly low: number;
  readonly high: number;
  readonly isWhole: boolean;
}

/** The most spikes of an input in a step that are taken for spikes without a word. */
const mostPlainSpikes = 15;

/**
 * The meaning of an array's numbers, as asked, or where its axes and its numbers leave no doubt.
 *
 * @param steps the steps of a sample, if they are stated
 * @throws PlasticoreError `data` where there is a doubt, or the axes do not fit
 */
function inputKind(
  shape: readonly number[],
  seen: SeenNumbers,
  asked: InputName | undefined,
  steps: number | undefined,
  file: string,
  input: Input,
): { readonly are: InputName; readonly why: string } {
  if (asked !== undefined) return { are: asked, why: 'given' };
  const doubt = (found: string, hint: string) => new PlasticoreError('data', found, { file, hint });
  if (isWithoutSteps(shape, input)) {
    if (!seen.isWhole && steps !== undefined)
      return { are: 'constant', why: 'the data: no axis of steps, and numbers that are not whole' };
    throw doubt(
      `input is ${shape.join(' x ')}, which fits samples x ${axisNames(input)}: no axis of steps`,
      `constant input? then ${option('input', 'constant')} ${option('steps', String(steps ?? 24))}${seen.isWhole ? ` ${option('scale', '1/255')}` : ''}`,
    );
  }
  checkAxes(shape, 'spikes', file, input);
  if (!seen.isWhole || seen.low < 0)
    return { are: 'values', why: `the data: ${seen.isWhole ? 'negative' : 'not whole'} numbers` };
  if (seen.high > mostPlainSpikes)
    throw doubt(
      `input holds whole numbers up to ${seen.high}: spikes of a step, or values such as those of pixels?`,
      `${option('input', 'spikes')} if an input spikes so often in a step, ${option('input', 'values')} ${option('scale', '1/255')} if these are pixels`,
    );
  return { are: 'spikes', why: 'the data: small whole numbers in steps' };
}

/** Whether axes match samples and the input, and not better with an axis of steps between them. */
function isWithoutSteps(shape: readonly number[], input: Input): boolean {
  const isExact = (axes: readonly number[]) =>
    axes.length === input.shape.length && axes.every((length, axis) => length === input.shape[axis]);
  const [without, beside] = [shape.slice(1), shape.slice(2)];
  if (isExact(without)) return true;
  return isOf(without, input) && !isOf(beside, input);
}

/** The axes of a sample in words: channels x height x width for those of a picture. */
function axisNames({ shape }: Input): string {
  const names = [['features'], ['channels', 'length'], ['channels', 'height', 'width']][shape.length - 1];
  return names === undefined ? shape.join(' x ') : names.join(' x ');
}
