import { coreNumbers } from '../../hardware/index.ts';
import { flatIssues } from '../../text/index.ts';
import type { CoreImage, ProgramView } from '../image.ts';
import type { Image } from '../placed.ts';
import { spikeLoopOf } from '../spike-loops.ts';
import { imageOfAlikeCores, imageOfCore } from '../whole.ts';
import { checkCosts } from './costs.ts';
import { checkEvents } from './events.ts';
import { damaged, expect, Fault, within } from './fault.ts';
import { checkKernels } from './kernels.ts';
import { checkContents, checkMemory } from './memory.ts';
import { checkNetwork } from './network.ts';

import { checkSpread } from './spread.ts';
import { checkStalls } from './stalls.ts';
import { type Stored, storedSchema } from './stored-schema.ts';

/**
 * Makes sure that the contents of a file are a valid image: its shape, and everything from which machines and engines
 * derive an index, a length, a range or a loop bound.
 *
 * @param file its name, for errors
 * @throws PlasticoreError `image`, with the path of the fault
 */
export function validateImage(value: unknown, file: string): Image {
  const { data: stored, error } = storedSchema.safeParse(value);
  if (stored === undefined) {
    const [issue] = flatIssues(error.issues);
    const { path = [], message = 'is not an image' } = issue ?? {};
    // The view of a single core is that of the whole image.
    throw damaged(new Fault(path[0] === 'core' ? path.slice(1) : path, message), file);
  }
  try {
    if (stored.holds !== 'parts') {
      checkCore(stored.core);
      if (stored.holds === 'core') return imageOfCore(stored.core);
      return alikeCores(stored);
    }
    const { view, holds: _, ...spread } = stored;
    const image = { ...view, ...spread };
    checkView(view);
    for (const [index, { image: core }] of image.cores.entries())
      within(['cores', index, 'image'], () => checkCore(core));
    checkSpread(image);
    return image;
  } catch (error) {
    throw damaged(error, file);
  }
}

/** The cores of a chip that are all as one, but for their contents. */
function alikeCores({ core, chip, count, contents }: Extract<Stored, { readonly holds: 'alike' }>): Image {
  const { length: cores } = coreNumbers(chip.mesh);
  expect(count === cores, ['count'], () => `the chip has ${cores} cores, found ${count}`);
  const found = contents?.length;
  if (contents !== undefined)
    expect(found === cores, ['contents'], () => `expected one for each of ${cores} cores, found ${found}`);
  for (const [index, own] of (contents ?? []).entries())
    within(['contents', index], () => checkContents({ ...core, contents: own }));
  return imageOfAlikeCores(core, chip, contents);
}

/** Checks a core's image with its contents. */
function checkCore(image: CoreImage): void {
  checkView(image);
  checkContents(image);
}

function checkView(image: ProgramView): void {
  checkMemory(image);
  checkNetwork(image);
  checkKernels(image);
  checkEvents(image);
  checkCosts(image);
  checkStalls(image, {});
  const loop = spikeLoopOf(image);
  if (loop?.isEndless === true) throw new Fault(['events', 'spike'], 'spikes make each other without end');
}
