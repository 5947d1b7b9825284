/** Numbers as pixels. */
import { computed } from '@preact/signals';
import { at } from '../../../src/text/index.ts';
import { colours, lastShade, shadesBetween } from './colours.ts';

/** The shades of pictures, from paper on. */
const shades = computed(() => {
  const { ink, surface, blue, orange } = colours.value;
  return {
    grey: shadesBetween(surface, ink),
    positive: shadesBetween(surface, blue),
    negative: shadesBetween(surface, orange),
  };
});

/** Grey values, 0 to 255, from paper to ink. */
export function paintGrey(context: CanvasRenderingContext2D, values: ArrayLike<number>, side: number): void {
  const { grey } = shades.value;
  paint(context, values, side, (value) => at(grey, value));
}

/** Signed values: from orange, the most negative, over paper to blue, the most positive. */
export function paintSigned(
  context: CanvasRenderingContext2D,
  values: ArrayLike<number>,
  side: number,
  largest: number,
): void {
  const { positive, negative } = shades.value;
  const most = Math.max(largest, Number.MIN_VALUE);
  paint(context, values, side, (value) => {
    const share = Math.sqrt(Math.min(1, Math.abs(value) / most));
    return at(value < 0 ? negative : positive, Math.round(lastShade * share));
  });
}

/** @param pixelOf the four bytes of a pixel, written as one number */
function paint(
  context: CanvasRenderingContext2D,
  values: ArrayLike<number>,
  side: number,
  pixelOf: (value: number) => number,
): void {
  const picture = context.createImageData(side, Math.ceil(values.length / side));
  const pixels = new Uint32Array(picture.data.buffer);
  for (let index = 0; index < values.length; index++) pixels[index] = pixelOf(at(values, index));
  context.putImageData(picture, 0, 0);
}

/** A raster: a column for each step, a row for each neuron; each spike one mark. */
export function paintRaster(
  context: CanvasRenderingContext2D,
  steps: readonly (readonly number[])[],
  size: number,
  marked: number | undefined,
): void {
  const { width, height } = context.canvas;
  const { ink, grid, orange } = colours.value;
  context.clearRect(0, 0, width, height);
  context.fillStyle = grid;
  const column = width / Math.max(1, steps.length);
  for (let step = 1; step < steps.length && steps.length <= 40; step++)
    context.fillRect(Math.round(step * column), 0, 1, height);
  const row = height / size;
  const mark = Math.max(1.5, row);
  for (const [step, neurons] of steps.entries())
    for (const neuron of neurons) {
      context.fillStyle = neuron === marked ? orange : ink;
      const wide = neuron === marked ? 2 : 1;
      context.fillRect(
        step * column + column * 0.15,
        neuron * row - (wide - 1),
        Math.max(1.5, column * 0.7),
        mark * wide,
      );
    }
}
