import type { NdArray } from '../../data/index.ts';
import type { Core } from '../../engine/index.ts';
import { itemsOf } from './recording.ts';

/**
 * The arrays of `weights.npz`: for each projection its `weight` and, if a rule writes it, its `shadow`, as stored in
 * the core: pre x post, or for a convolution (places of the window x inputs) x outputs. A program can load them with
 * `initialWeights: {file: weights.npz, array: NAME.shadow}`. Each array has a `.scale` beside it: the value of one unit
 * if the range of the width is ±1, which is 2^(1 - bits). With these scales, a weight and the shadow weight it is
 * derived from agree up to rounding. On float32 the scale is 1.
 */
export function weightArrays(engine: Core): Record<string, NdArray> {
  const { image } = engine;
  const arrays: Record<string, NdArray> = {};
  for (const { name, weightRows, weightRowLength } of image.projections) {
    for (const [index, field] of image.fields.entries()) {
      if (field.name !== `${name}.weight` && field.name !== `${name}.shadow`) continue;
      arrays[field.name] = {
        shape: [weightRows, weightRowLength],
        data: itemsOf(field, engine.read(index)),
      };
      const scale = field.storage === 'float32' ? 1 : 2 ** (1 - field.bits);
      arrays[`${field.name}.scale`] = { shape: [], data: Float64Array.of(scale) };
    }
  }
  return arrays;
}
