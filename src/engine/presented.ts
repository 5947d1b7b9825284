import type { SpikeTrain } from '../data/index.ts';
import { type Population, type ProgramView, sentFrom } from '../image/index.ts';
import { at, PlasticoreError } from '../text/index.ts';

/** How samples reach a program. */
type Presentation = Pick<ProgramView, 'steps' | 'settle' | 'input' | 'inputChannels' | 'populations'>;

/** The most steps of a sample that a program takes: those in which it settles come after them. */
export function sampleSteps({ steps, settle = 0 }: Pick<ProgramView, 'steps' | 'settle'>): number {
  return steps - settle;
}

/**
 * A sample as a program takes it, from its spikes as data hold them: with the program's numbers of the inputs, with the
 * values that they carry, and followed by the steps without input in which the program settles.
 *
 * @throws PlasticoreError `data` if the encoder gives values, and the program's input takes none
 */
export function presented(image: Presentation, spikes: SpikeTrain): SpikeTrain {
  const input = image.populations[image.input];
  return settled(withValues(renumbered(spikes, image), input), image.settle ?? 0);
}

/**
 * Checks that spikes of an input can carry the values that an encoder gives them.
 *
 * @throws PlasticoreError `data` if it has no payload
 */
export function checkCarriesValues(input: Pick<Population, 'name' | 'payload'> | undefined): void {
  if (input?.payload !== undefined) return;
  throw new PlasticoreError(
    'data',
    `the encoder gives spikes values, and those of '${input?.name}' carry none`,
    {
      hint: `give populations.${input?.name} a payload: {bits: 8, signed: false}`,
    },
  );
}

/** Bits of a feature. */
const featureBits = 8;

/**
 * The addresses of spikes that carry values: of a feature, as many upper bits as the payload has for a magnitude, and a
 * count as it is, saturated to the payload. A spike whose bits are all 0 is not sent. Where an encoder gives no values,
 * a spike carries how often its input spikes in the step, one after the other.
 */
function withValues(spikes: SpikeTrain, input: Population | undefined): SpikeTrain {
  const { steps, offsets, indices, values, valuesAre = 'features' } = spikes;
  if (input?.payload === undefined) {
    if (values !== undefined) checkCarriesValues(input);
    return spikes;
  }
  const { bits, signed } = input.payload;
  const dropped = valuesAre === 'counts' ? 0 : Math.max(0, featureBits - bits + (signed ? 1 : 0));
  const addresses = new Uint32Array(at(offsets, steps));
  const ends = new Uint32Array(steps + 1);
  let sent = 0;
  for (let step = 0; step < steps; step++) {
    const end = at(offsets, step + 1);
    for (let place = at(offsets, step); place < end; ) {
      const neuron = at(indices, place);
      const count = values === undefined ? equalFrom(indices, place, end) : 1;
      const value = values === undefined ? count : at(values, place) >> dropped;
      if (value > 0) addresses[sent++] = sentFrom(input, neuron, value);
      place += count;
    }
    ends[step + 1] = sent;
  }
  return { steps, offsets: ends, indices: addresses };
}

/** How many items from a place on are equal. */
function equalFrom(items: ArrayLike<number>, place: number, end: number): number {
  let next = place + 1;
  while (next < end && items[next] === items[place]) next += 1;
  return next - place;
}

function settled(spikes: SpikeTrain, settle: number): SpikeTrain {
  if (settle === 0) return spikes;
  const { steps, offsets, indices } = spikes;
  const longer = new Uint32Array(steps + settle + 1).fill(at(offsets, steps));
  longer.set(offsets.subarray(0, steps + 1));
  return { steps: steps + settle, offsets: longer, indices };
}

/** From channel by channel to place by place. */
function renumbered(
  spikes: SpikeTrain,
  { inputChannels: channels = 1, input, populations }: Presentation,
): SpikeTrain {
  if (channels === 1) return spikes;
  const { steps, offsets, indices, values, valuesAre } = spikes;
  const places = (populations[input]?.size ?? 0) / channels;
  // The value below the number, so that one sort keeps them together.
  const packed = Uint32Array.from({ length: at(offsets, steps) }, (_, place) => {
    const index = at(indices, place);
    const number = (index % places) * channels + Math.floor(index / places);
    return number * 256 + (values?.[place] ?? 0);
  });
  for (let step = 0; step < steps; step++) packed.subarray(offsets[step], offsets[step + 1]).sort();
  return {
    steps,
    offsets,
    indices: packed.map((spike) => spike >>> 8),
    ...(values && { values: Uint8Array.from(packed), valuesAre }),
  };
}
