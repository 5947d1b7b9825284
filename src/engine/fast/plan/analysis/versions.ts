import type { BoundKernel, CoreImage } from '../../../../image/index.ts';
import { at } from '../../../../text/index.ts';
import type { LaneShape } from './lanes.ts';

/** Values of scheduled parameters, by their index, that code is written for. */
export type Version = ReadonlyMap<number, number>;

/** Versions of a kernel's code, at most: each is as long as the kernel itself. */
const mostVersions = 4;

/**
 * The versions of a kernel's code: for vectors over synapses, whose loops take most of the time, one for each setting
 * of its parameters that the schedule comes to. A shift of a vector by a variable is four instructions of the
 * processor, one by a constant is one.
 *
 * @returns at least one; parameters that it leaves open are read from memory
 */
export function planVersions(
  { code, domain }: BoundKernel,
  image: CoreImage,
  lanes: LaneShape,
): readonly Version[] {
  if (domain !== 'synapses' || lanes === 'one') return [new Map()];
  const operands = code.flatMap((line) => line.operands);
  const named = new Set(operands.flatMap((one) => (one.is === 'parameter' ? [one.parameter] : [])));
  const versions = new Map<string, Version>();
  for (const interval of image.epochs.keys()) {
    const setting = [...named].map(
      (parameter) => [parameter, at(at(image.parameters, parameter).values, interval)] as const,
    );
    versions.set(setting.join(), new Map(setting));
  }
  return versions.size <= mostVersions ? [...versions.values()] : [new Map()];
}
