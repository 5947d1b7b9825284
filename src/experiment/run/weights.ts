import type { NdArray } from '../../data/index.ts';
import type { Processor } from '../../engine/index.ts';
import { learntFields } from '../../image/index.ts';
import { tableOf } from '../../text/index.ts';
import { itemsOf } from './recording.ts';

/**
 * The arrays of `weights.npz`: for each projection its `weight` and, if a rule writes it, its `shadow`, as stored in
 * the core: pre x post, or for a convolution (places of the window x inputs) x outputs. The option `weights` loads
 * them, and so does a program with `initialWeights: {file: weights.npz, array: NAME.shadow}`. Each of these arrays has
 * a `.scale` beside it: the value of one unit if the range of the width is ±1, which is 2^(1 - bits). With these
 * scales, a weight and the shadow weight it is derived from agree up to rounding. On float32 the scale is 1. Other
 * fields that were learnt, such as thresholds, follow as the core stores them.
 */
export function weightArrays(core: Pick<Processor, 'image' | 'read'>): Record<string, NdArray> {
  const { image } = core;
  const arrays = tableOf<NdArray>();
  for (const index of learntFields(image)) {
    const field = image.fields[index];
    if (field === undefined) continue;
    const owner = field.name.slice(0, field.name.lastIndexOf('.'));
    const projection = image.projections.find(({ name }) => name === owner);
    const isWeight =
      field.name === `${projection?.name}.weight` || field.name === `${projection?.name}.shadow`;
    const shape =
      projection === undefined ? [field.count] : [projection.weightRows, projection.weightRowLength];
    arrays[field.name] = { shape, data: itemsOf(field, core.read(index)) };
    if (!isWeight && field.storage === 'integer') continue;
    const scale = field.storage === 'float32' ? 1 : 2 ** (1 - field.bits);
    arrays[`${field.name}.scale`] = { shape: [], data: Float64Array.of(scale) };
  }
  return arrays;
}
