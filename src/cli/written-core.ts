import { type CoreImage, coreImageOf, type Image, isSpread } from '../image/index.ts';
import { option, PlasticoreError } from '../text/index.ts';

/** A core that is written in Verilog. */
export interface WrittenCore {
  readonly image: CoreImage;
  /** Its number on the chip, if it is one of several. */
  readonly number: number | undefined;
}

/**
 * The core of an image that is written in Verilog.
 *
 * @param number on a chip of many cores, which of them
 * @throws PlasticoreError `usage` where the number of a core is missing, or where it names none
 */
export function writtenCore(image: Image, number: number | undefined): WrittenCore {
  if (!isSpread(image)) {
    if (number !== undefined)
      throw new PlasticoreError('usage', `${option('core', number)}: ${image.program} is on one core`, {
        hint: `leave it out, or place the program on a chip of many cores, such as ${option('hw', 'mesh')}`,
      });
    return { image: coreImageOf(image), number: undefined };
  }
  const numbers = image.cores.map((core) => core.number);
  const hint = `its cores are ${numbers.join(', ')}`;
  const { hwModel } = image.core;
  if (number === undefined)
    throw new PlasticoreError(
      'usage',
      `${image.program} is placed on ${numbers.length} cores of ${hwModel}: ${option('core')} says which one`,
      { hint },
    );
  const found = image.cores.find((core) => core.number === number);
  if (found === undefined)
    throw new PlasticoreError(
      'usage',
      `${option('core', number)}: no such core holds a part of ${image.program}`,
      { hint },
    );
  return { image: found.image, number };
}
