import { learntFields } from '../../src/image/index.ts';
import type { SteppedRun } from './run.ts';

/**
 * Gives a run the weights, and what else was learnt, of an earlier one, where both have a field of one name, size and
 * width.
 *
 * @returns how many fields it has got
 */
export function carryOver(from: SteppedRun, to: SteppedRun): number {
  const { image: old } = from.machine;
  const { image } = to.machine;
  const learnt = new Set(learntFields(old));
  // A shadow weight brings its weight along.
  const views = new Set(image.fields.flatMap(({ storedView }) => storedView ?? []));
  let carried = 0;
  for (const index of learntFields(image)) {
    const field = image.fields[index];
    const before = old.fields.findIndex((other, at) => {
      const isAlike = (['name', 'count', 'bits', 'signed', 'storage'] as const).every(
        (key) => other[key] === field?.[key],
      );
      return isAlike && learnt.has(at);
    });
    if (before < 0 || field?.layout === undefined || views.has(index)) continue;
    to.machine.write(index, from.machine.read(before));
    carried += 1;
  }
  return carried;
}
