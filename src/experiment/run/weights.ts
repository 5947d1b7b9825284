import type { NdArray } from '../../data/index.ts';
import type { Core } from '../../engine/index.ts';
import { itemsOf } from './recording.ts';

/**
 * The arrays of `weights.npz`: for each projection its `weight` and, where a rule writes it, its `shadow`, as the
 * core holds them: pre x post, or for a convolution (places of the window x inputs) x outputs. A program takes them back
 * as `initialWeights: {file: weights.npz, array: NAME.shadow}`. Beside each is its `.scale`, the value of one unit when the range of
 * the width is ±1: 2^(1 - bits). Scaled so, a weight and the shadow that it is a view of agree but for rounding. On
 * float32 the scale is 1.
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
