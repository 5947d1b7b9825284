import { type CoreImage, hostRange } from '../../image/index.ts';
import { eventScalars, type ValueRange, valueRange } from '../../isa/index.ts';

/** The range of a scalar that the host writes; a core that is one of several takes it with its events. */
export function scalarRange(image: CoreImage, scalar: number): ValueRange {
  const given = image.eventScalars[eventScalars.length + scalar];
  return given === undefined ? hostRange(image, scalar) : valueRange(given.low, given.high);
}
