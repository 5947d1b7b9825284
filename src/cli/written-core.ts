import { type CoreImage, coreImageOf, type Image, isSpread } from '../image/index.ts';
import { PlasticoreError } from '../text/index.ts';

/**
 * The core of an image that is written in Verilog.
 *
 * @throws PlasticoreError `fit` for a network on several cores
 */
export function writtenCore(image: Image): CoreImage {
  if (isSpread(image)) {
    throw new PlasticoreError(
      'fit',
      `${image.program} is placed on a chip of many cores, ${image.core.hwModel}`,
      {
        hint: 'only a network on one core is written in Verilog yet; choose an hw-model of one core with --hw',
      },
    );
  }
  return coreImageOf(image);
}
