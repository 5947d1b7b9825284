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
import type { EncodingContext, SpikeTrain } from './spike-train.ts';

/**
 * How samples become input spikes: the name of a feature encoder, a binning of events, their own time steps, or a delta
 * modulator of values in such steps.
 */
export type Encoding = FeatureEncoderName | EventEncoding | DeltaEncoding | typeof inSteps;

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
  if (set.kind === 'features') {
    const encoder = createEncoder(ofFeatures(encoding));
    return (context, steps) => encoder.encode(sampleValues(set, context.sample), context, steps);
  }
  const encoder = eventEncoderOf(set, ofEvents(encoding, set));
  return (context, steps) => encoder.encode(sampleEvents(set, context.sample), context, steps);
}

function eventEncoderOf(
  { inputs, steps = 1 }: EventSet,
  encoding: EventEncoding | DeltaEncoding | undefined,
): EventEncoder {
  if (encoding === undefined) return createStepEncoder(steps);
  return isDelta(encoding)
    ? createDeltaEncoder(inputs, steps, encoding.delta)
    : createEventEncoder(inputs, encoding);
}

/** Whether values become events where they change. */
export function isDelta(encoding: Encoding): encoding is DeltaEncoding {
  return typeof encoding === 'object' && 'delta' in encoding;
}

/**
 * The number of inputs that a set's samples are encoded into.
 *
 * @throws a `data` error if the encoding does not suit this kind of set
 */
export function encodedInputs(set: LabelledSet, encoding: Encoding): number {
  if (set.kind === 'events') {
    const used = ofEvents(encoding, set);
    if (used === undefined) return set.inputs;
    return isDelta(used) ? modulatedInputs(set.inputs) : groupedInputs(set.inputs, used);
  }
  ofFeatures(encoding);
  return set.inputs;
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
  if (isDelta(encoding)) return false;
  if (typeof encoding !== 'string') return encoding.counts === true;
  return (
    encoding === 'constant' ||
    encoding === 'graded' ||
    (encoding === inSteps && set?.kind === 'events' && set.values !== undefined)
  );
}

function ofFeatures(encoding: Encoding): FeatureEncoderName {
  if (typeof encoding === 'string' && encoding !== inSteps) return encoding;
  const isSteps = encoding === inSteps;
  const what = isDelta(encoding)
    ? 'delta is an encoder for values in time steps'
    : isSteps
      ? 'steps are an encoder for spikes in time steps'
      : 'bins are an encoder for spikes with their times';
  throw new PlasticoreError('data', `the data are features; ${what}`, {
    hint: isDelta(encoding)
      ? namedValues
      : isSteps
        ? `an array of spikes is named as one: ${namedSpikes}`
        : `name files of spikes with ${option('data')} (${command('data fetch shd')} brings some), or use encoder ${featureEncoderNames.join(' or ')}`,
  });
}

const namedSpikes = 'arrays: {train: {spikes: x, labels: y}}';
const namedValues = 'an array of values is named as one: arrays: {train: {values: x, labels: y}}';

/** How events are binned, or values become events; undefined if spikes are in steps already. */
function ofEvents(
  encoding: Encoding,
  { steps, inputs, values, recordingSteps }: EventSet,
): EventEncoding | DeltaEncoding | undefined {
  if (isDelta(encoding)) {
    if (recordingSteps !== undefined)
      throw new PlasticoreError(
        'data',
        'each step of the data has a label; delta is an encoder for whole samples',
        { hint: `encode them elsewhere, and name the events: ${namedSpikes}, with encoder: ${inSteps}` },
      );
    if (steps !== undefined && values !== undefined) return encoding;
    throw new PlasticoreError(
      'data',
      `the data are spikes ${steps === undefined ? 'with their times' : 'in time steps'}; delta is an encoder for values in time steps`,
      { hint: namedValues },
    );
  }
  if (steps !== undefined) {
    if (encoding === inSteps) return undefined;
    const name = typeof encoding === 'string' ? encoding : 'bins';
    throw new PlasticoreError(
      'data',
      `the data are spikes in time steps; ${name} is an encoder for ${name === 'bins' ? 'spikes with their times' : 'features'}`,
      { hint: `encoder: ${inSteps}` },
    );
  }
  if (typeof encoding !== 'string') {
    checkChannels(encoding, inputs);
    return encoding;
  }
  if (encoding === inSteps)
    throw new PlasticoreError(
      'data',
      'the data are spikes with their times; steps are an encoder for spikes in time steps',
      { hint: 'encoder: bins, or encoder: {bins: {ms: 10}}' },
    );
  throw new PlasticoreError(
    'data',
    `the data are spikes with their times; ${encoding} is an encoder for features`,
    { hint: 'encoder: bins, or encoder: {bins: {ms: 10}}' },
  );
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
