import { PlasticoreError } from '../../text/index.ts';
import type { LabelledSet } from '../sets/dataset.ts';
import type { FeatureEncoderName } from './encoder.ts';
import { defaultEventEncoding } from './event-encoder.ts';
import { type Encoding, encodedInputs } from './set-encoder.ts';

/** The encoder of features if none is named. */
export const usualFeatureEncoder = 'bernoulli' satisfies FeatureEncoderName;

/**
 * The encoding of samples for which none is named: `bernoulli` for features, bins of 10 ms for spikes with their times,
 * and spikes that are in time steps as they are.
 */
export function usualEncoding(set: LabelledSet): Encoding {
  if (set.kind === 'features') return usualFeatureEncoder;
  return set.steps === undefined ? defaultEventEncoding : 'steps';
}

/** A part of a network, as messages call it, and how many it has of what samples bring. */
export interface Taker {
  /** `population 'input' of 'mnist-snn'` */
  readonly name: string;
  readonly takes: number;
  /** The change that would make samples fit. */
  readonly hint?: string | undefined;
}

/**
 * Refuses samples that do not have an input for each one of a network.
 *
 * @throws PlasticoreError `data` for another number of inputs, or if the encoding does not suit the samples
 */
export function checkInputs(
  set: LabelledSet,
  encoding: Encoding,
  { name, takes, hint = 'the two numbers must be equal' }: Taker,
): void {
  const inputs = encodedInputs(set, encoding);
  if (inputs === takes) return;
  const from = inputs === set.inputs ? '' : ` encoded from ${set.inputs} channels`;
  throw new PlasticoreError(
    'data',
    `data set '${set.name}' has ${inputs} inputs${from}; ${name} takes ${takes}`,
    {
      hint,
    },
  );
}

/**
 * Refuses samples with more classes than a network can answer.
 *
 * @throws PlasticoreError `data`
 */
export function checkClasses(
  { name: set, classes }: Pick<LabelledSet, 'name' | 'classes'>,
  { name, takes, hint }: Taker,
): void {
  if (classes <= takes) return;
  throw new PlasticoreError('data', `data set '${set}' has ${classes} classes; ${name} has ${takes}`, {
    hint,
  });
}
