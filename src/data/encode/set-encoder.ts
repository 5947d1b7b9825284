import { command, option, PlasticoreError } from '../../text/index.ts';
import { type EventSet, type LabelledSet, sampleEvents, sampleValues } from '../sets/dataset.ts';
import { createDeltaEncoder, type DeltaEncoding, modulatedInputs } from './delta.ts';
import { createEncoder, type FeatureEncoderName, featureEncoderNames } from './encoder.ts';
import {
  createEventEncoder,
  createStepEncoder,
  defaultEventEncoding,
  type EventEncoder,
  type EventEncoding,
  groupedInputs,
} from './event-encoder.ts';
import { createPopulationEncoder, type PopulationEncoding, populationInputs } from './population.ts';
import type { EncodingContext, SpikeTrain } from './spike-train.ts';

/**
 * How samples become input spikes: the name of a feature encoder, a binning of events, their own time steps, or a delta
 * modulator or a population code of values in such steps.
 */
export type Encoding =
  | FeatureEncoderName
  | EventEncoding
  | DeltaEncoding
  | PopulationEncoding
  | typeof inSteps;

const inSteps = 'steps';

/** Encodings with a plain name: those of features, binning with its defaults, and spikes in time steps. */
export const encoderNames = [...featureEncoderNames, 'bins', inSteps] as const;
export type EncoderName = (typeof encoderNames)[number];

/** The encoding with a plain name. */
export function namedEncoding(name: EncoderName): Encoding {
  return name === 'bins' ? defaultEventEncoding : name;
}

/** Describes an encoding, as an experiment states it, on one line. */
export function describeEncoding(encoding: Encoding): string {
  return typeof encoding === 'string' ? encoding : JSON.stringify(encoding);
}

/** Encodes the sample selected by the context into at most `steps` steps; the result is valid until the next call. */
export type SetEncoder = (context: EncodingContext, steps: number) => SpikeTrain;

/**
 * Creates an encoder for a set's samples.
 *
 * @throws a `data` error if the encoding does not suit this kind of set
 */
export function createSetEncoder(set: LabelledSet, encoding: Encoding): SetEncoder {
  checkSuits(set, encoding);
  if (set.kind === 'features') {
    const encoder = createEncoder(nameOf(encoding));
    return (context, steps) => encoder.encode(sampleValues(set, context.sample), context, steps);
  }
  const encoder = eventEncoderOf(set, encoding);
  return (context, steps) => encoder.encode(sampleEvents(set, context.sample), context, steps);
}

function eventEncoderOf({ inputs, steps = 1 }: EventSet, encoding: Encoding): EventEncoder {
  if (typeof encoding === 'string') return createStepEncoder(steps);
  if ('delta' in encoding) return createDeltaEncoder(inputs, steps, encoding.delta);
  if ('population' in encoding) return createPopulationEncoder(steps, encoding.population);
  return createEventEncoder(inputs, encoding);
}

/**
 * The number of inputs that a set's samples are encoded into.
 *
 * @throws a `data` error if the encoding does not suit this kind of set
 */
export function encodedInputs(set: LabelledSet, encoding: Encoding): number {
  checkSuits(set, encoding);
  const { inputs } = set;
  if (typeof encoding === 'string') return inputs;
  if ('delta' in encoding) return modulatedInputs(inputs);
  if ('population' in encoding) return populationInputs(inputs, encoding.population);
  return groupedInputs(inputs, encoding);
}

/**
 * An encoding whose spikes are all alike.
 *
 * @throws a `data` error if they carry values
 */
export function plainEncoding(encoding: Encoding): Encoding {
  if (!givesValues(encoding)) return encoding;
  const [what, hint] =
    typeof encoding === 'string'
      ? [`${encoding} gives`, 'encoder: bernoulli or phase']
      : ['counts give', 'leave out counts: an input then spikes once in a bin, whatever their number'];
  throw new PlasticoreError('data', `${what} spikes values, which nothing takes here`, { hint });
}

/** Whether spikes carry values, by the encoding or, of spikes in time steps, by the samples. */
export function givesValues(encoding: Encoding, set?: LabelledSet): boolean {
  if (typeof encoding !== 'string') return 'counts' in encoding && encoding.counts === true;
  return (
    encoding === 'constant' ||
    encoding === 'graded' ||
    (encoding === inSteps && set?.kind === 'events' && set.values !== undefined)
  );
}

const [timed, inValues] = ['spikes with their times', 'values in time steps'];

/** The samples that an encoding takes, if they are not features. */
const kindsTaken = new Map([
  ['bins', timed],
  [inSteps, 'spikes in time steps'],
  ['delta', inValues],
  ['population', inValues],
]);

/** Names of all encodings, and keys of those with options. */
export const allEncoderNames: readonly string[] = [...featureEncoderNames, ...kindsTaken.keys()];

function nameOf(encoding: Encoding): string {
  if (typeof encoding === 'string') return encoding;
  return 'bins' in encoding ? 'bins' : 'delta' in encoding ? 'delta' : 'population';
}

function kindOf(set: LabelledSet): string {
  if (set.kind === 'features') return 'features';
  if (set.steps === undefined) return timed;
  return set.values === undefined ? 'spikes in time steps' : inValues;
}

const namedSpikes = 'arrays: {train: {spikes: x, labels: y}}';
const namedValues = 'an array of values is named as one: arrays: {train: {values: x, labels: y}}';

/**
 * Refuses an encoding of other samples. Values in time steps are spikes in time steps, too.
 *
 * @throws PlasticoreError `data`
 */
function checkSuits(set: LabelledSet, encoding: Encoding): void {
  const [name, found] = [nameOf(encoding), kindOf(set)];
  const wanted = kindsTaken.get(name) ?? 'features';
  const isSuited = found === wanted || (encoding === inSteps && found === inValues);
  if (!isSuited)
    throw new PlasticoreError(
      'data',
      `the data are ${found}; ${name} ${name.endsWith('s') ? 'are' : 'is'} an encoder for ${wanted}`,
      { hint: helpOf(found, wanted) },
    );
  if (set.kind === 'features' || typeof encoding === 'string') return;
  if ('delta' in encoding && set.recordingSteps !== undefined)
    throw new PlasticoreError(
      'data',
      'each step of the data has a label; delta is an encoder for whole samples',
      { hint: `encode them elsewhere, and name the events: ${namedSpikes}, with encoder: ${inSteps}` },
    );
  if ('bins' in encoding) checkChannels(encoding, set.inputs);
}

/** What to write for samples of one kind, where the encoder is one for another. */
function helpOf(found: string, wanted: string): string {
  if (wanted === inValues) return namedValues;
  if (found === timed) return 'encoder: bins, or encoder: {bins: {ms: 10}}';
  if (found !== 'features') return `encoder: ${inSteps}`;
  return wanted === timed
    ? `name files of spikes with ${option('data')} (${command('data fetch shd')} brings some), or use encoder ${featureEncoderNames.join(' or ')}`
    : `an array of spikes is named as one: ${namedSpikes}`;
}

/** Channels that the data do not have would be inputs that never spike. */
function checkChannels({ channels }: EventEncoding, inputs: number): void {
  if (channels === undefined) return;
  const { first, last } = channels;
  if (first <= last && last < inputs) return;
  throw new PlasticoreError('data', `channels ${first} to ${last} are to be encoded`, {
    hint: `the data have channels 0 to ${inputs - 1}`,
  });
}
