import { type Place, PlasticoreError, suggest } from '../../text/index.ts';
import { bernoulli, bernoulli255 } from './bernoulli.ts';
import { constantEncoder, graded } from './carrying.ts';
import { phase } from './phase.ts';
import type { Encoder } from './spike-train.ts';

/** All encoders of features, by name. Add a new one here. */
const encoders = { bernoulli, bernoulli255, constant: constantEncoder, graded, phase } satisfies Record<
  string,
  () => Encoder
>;

export type FeatureEncoderName = keyof typeof encoders;
export const featureEncoderNames = Object.keys(encoders) as readonly FeatureEncoderName[];

/** Creates an encoder with its own buffers. Throws `invalid-value` at `place` for an unknown name. */
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
