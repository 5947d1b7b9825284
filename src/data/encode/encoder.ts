import { type Place, PlasticoreError, suggest } from '../../text/index.ts';
import { bernoulli } from './bernoulli.ts';
import { phase } from './phase.ts';
import type { Encoder } from './spike-train.ts';

/** Every encoder of features by name. A new one is an entry here. */
const encoders = { bernoulli, phase } satisfies Record<string, () => Encoder>;

export type FeatureEncoderName = keyof typeof encoders;
export const featureEncoderNames = Object.keys(encoders) as readonly FeatureEncoderName[];

/** A new encoder with buffers of its own; `invalid-value` at `place` for a name that is not in `featureEncoderNames`. */
export function createEncoder(name: string, place: Place = {}): Encoder {
  const known = featureEncoderNames.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new PlasticoreError('invalid-value', `unknown encoder '${name}'`, {
      ...place,
      hint: suggest(name, featureEncoderNames),
    });
  }
  return encoders[known]();
}
