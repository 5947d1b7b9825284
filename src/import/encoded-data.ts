import {
  createSetEncoder,
  type Encoding,
  encodedInputs,
  type LabelledSet,
  plainEncoding,
} from '../data/index.ts';
import { noEpoch } from '../random/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Stage } from './map/index.ts';
import type { SpikeData } from './spike-data.ts';

/** The seed of encoders that draw. */
const seed = 1;

/**
 * Labelled samples as spikes, encoded as a run encodes them.
 *
 * @param steps steps of a sample
 * @throws PlasticoreError `data` if the samples do not fit the input, or the encoding does not suit them
 */
export function encodedData(
  set: LabelledSet,
  encoding: Encoding,
  steps: number,
  input: Pick<Stage, 'node' | 'size'>,
): SpikeData {
  const inputs = encodedInputs(set, encoding);
  if (inputs !== input.size)
    throw new PlasticoreError(
      'data',
      `set '${set.name}' has ${inputs} inputs; node '${input.node}' of the graph has ${input.size}`,
    );
  const own = set.kind === 'events' && set.steps !== undefined ? set.steps : steps;
  const encode = createSetEncoder(set, plainEncoding(encoding));
  const spikesOf = (sample: number): Uint8Array => {
    const { offsets, indices, steps: encoded } = encode({ seed, epoch: noEpoch, sample }, own);
    const spikes = new Uint8Array(own * inputs);
    for (let step = 0; step < Math.min(own, encoded); step++) {
      for (let at = offsets[step] ?? 0; at < (offsets[step + 1] ?? 0); at++) {
        const place = step * inputs + (indices[at] ?? 0);
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
