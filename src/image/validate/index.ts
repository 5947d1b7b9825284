import { flatIssues } from '../../text/index.ts';
import type { Image } from '../image.ts';
import { spikeLoopOf } from '../spike-loops.ts';
import { checkCosts } from './costs.ts';
import { checkEvents } from './events.ts';
import { damaged, Fault } from './fault.ts';
import { checkKernels } from './kernels.ts';
import { checkMemory } from './memory.ts';
import { checkNetwork } from './network.ts';
import { imageSchema } from './schema.ts';
import { checkStalls } from './stalls.ts';

/**
 * Makes sure that a value is a valid image: its shape, and everything from which the engines derive an index, a length,
 * a range or a loop bound.
 *
 * @param file its name, for errors
 * @throws PlasticoreError `image`, with the path of the fault
 */
export function validateImage(value: unknown, file: string): Image {
  const { data: image, error } = imageSchema.safeParse(value);
  if (image === undefined) {
    const [issue] = flatIssues(error.issues);
    throw damaged(new Fault(issue?.path ?? [], issue?.message ?? 'is not an image'), file);
  }
  try {
    checkMemory(image);
    checkNetwork(image);
    checkKernels(image);
    checkEvents(image);
    checkCosts(image);
    checkStalls(image, {});
    const loop = spikeLoopOf(image);
    if (loop?.isEndless === true) throw new Fault(['events', 'spike'], 'spikes make each other without end');
  } catch (error) {
    throw damaged(error, file);
  }
  return image;
}
