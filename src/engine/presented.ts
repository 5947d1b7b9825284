import type { SpikeTrain } from '../data/index.ts';
import type { Image } from '../image/index.ts';

/** How samples reach a program. */
type Presentation = Pick<Image, 'steps' | 'settle' | 'input' | 'inputChannels' | 'populations'>;

/** The most steps of a sample that a program takes: those in which it settles come after them. */
export function sampleSteps({ steps, settle = 0 }: Pick<Image, 'steps' | 'settle'>): number {
  return steps - settle;
}

/**
 * A sample as a program takes it, from its spikes as data hold them: with the program's numbers of the inputs, and followed by
 * the steps without input in which the program settles.
 */
export function presented(image: Presentation, spikes: SpikeTrain): SpikeTrain {
  return settled(renumbered(spikes, image), image.settle ?? 0);
}

function settled(spikes: SpikeTrain, settle: number): SpikeTrain {
  if (settle === 0) return spikes;
  const { steps, offsets, indices } = spikes;
  const longer = new Uint32Array(steps + settle + 1).fill(offsets[steps] ?? 0);
  longer.set(offsets.subarray(0, steps + 1));
  return { steps: steps + settle, offsets: longer, indices };
}

/** From channel by channel to place by place. */
function renumbered(
  spikes: SpikeTrain,
  { inputChannels: channels = 1, input, populations }: Presentation,
): SpikeTrain {
  if (channels === 1) return spikes;
  const { steps, offsets, indices } = spikes;
  const places = (populations[input]?.size ?? 0) / channels;
  const numbers = Uint32Array.from(
    indices.subarray(0, offsets[steps]),
    (index) => (index % places) * channels + Math.floor(index / places),
  );
  for (let step = 0; step < steps; step++) numbers.subarray(offsets[step], offsets[step + 1]).sort();
  return { steps, offsets, indices: numbers };
}
