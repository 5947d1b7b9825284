/** Numbers as pixels. */
import { colours, mixed, rgbOf } from './colours.ts';

/** Grey values, 0 to 255, from paper to ink. */
export function paintGrey(context: CanvasRenderingContext2D, values: ArrayLike<number>, side: number): void {
  const { ink, surface } = colours();
  const [paper, pen] = [rgbOf(surface), rgbOf(ink)];
  paint(context, values, side, (value) => mixed(paper, pen, value / 255));
}

/** Signed values: from orange, the most negative, over paper to blue, the most positive. */
export function paintSigned(
  context: CanvasRenderingContext2D,
  values: ArrayLike<number>,
  side: number,
  largest: number,
): void {
  const { blue, orange, surface } = colours();
  const [paper, positive, negative] = [rgbOf(surface), rgbOf(blue), rgbOf(orange)];
  paint(context, values, side, (value) => {
    const share = Math.min(1, Math.abs(value) / Math.max(largest, Number.MIN_VALUE));
    return mixed(paper, value < 0 ? negative : positive, Math.sqrt(share));
  });
}

function paint(
  context: CanvasRenderingContext2D,
  values: ArrayLike<number>,
  side: number,
  colourOf: (value: number) => readonly [number, number, number],
): void {
  const picture = context.createImageData(side, Math.ceil(values.length / side));
  for (let index = 0; index < values.length; index++) {
    const [red, green, blue] = colourOf(values[index] ?? 0);
    picture.data.set([red, green, blue, 255], 4 * index);
  }
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
  const { ink, grid, orange } = colours();
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
