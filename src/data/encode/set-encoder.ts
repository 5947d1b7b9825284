import { option, PlasticoreError } from '../../text/index.ts';
import { type LabelledSet, sampleEvents, sampleValues } from '../sets/dataset.ts';
import { createEncoder, type FeatureEncoderName, featureEncoderNames } from './encoder.ts';
import {
  createEventEncoder,
  defaultEventEncoding,
  type EventEncoding,
  groupedInputs,
} from './event-encoder.ts';
import type { EncodingContext, SpikeTrain } from './spike-train.ts';

/** How samples become input spikes: the name of a feature encoder, or how events are binned. */
export type Encoding = FeatureEncoderName | EventEncoding;

/** Encodings that have a plain name: those of features, and binning with its defaults. */
export const encoderNames = [...featureEncoderNames, 'bins'] as const;
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
  const encoder = createEventEncoder(set.inputs, ofEvents(encoding));
  return (context, steps) => encoder.encode(sampleEvents(set, context.sample), context, steps);
}

/**
 * The number of inputs that a set's samples are encoded into.
 *
 * @throws a `data` error if the encoding does not suit this kind of set
 */
export function encodedInputs(set: LabelledSet, encoding: Encoding): number {
  if (set.kind === 'events') return groupedInputs(set.inputs, ofEvents(encoding));
  ofFeatures(encoding);
  return set.inputs;
}

function ofFeatures(encoding: Encoding): FeatureEncoderName {
  if (typeof encoding === 'string') return encoding;
  throw new PlasticoreError(
    'data',
    'the data are features; bins are an encoder for spikes with their times',
    {
      hint: `name files of spikes with ${option('data')} (plasticore data fetch shd brings some), or use encoder ${featureEncoderNames.join(' or ')}`,
    },
  );
}

function ofEvents(encoding: Encoding): EventEncoding {
  if (typeof encoding !== 'string') return encoding;
  throw new PlasticoreError(
    'data',
    `the data are spikes with their times; ${encoding} is an encoder for features`,
    { hint: 'encoder: bins, or encoder: {bins: {ms: 10}}' },
  );
}
