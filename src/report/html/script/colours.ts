import { largest, smallest } from '../../../text/index.ts';
import { areNumbers, type DesignPoint, type DesignSpace, figuresOf } from '../designs.ts';
import type { PairLook } from '../pair.ts';
import { colourOf, ink, sequential } from '../theme.ts';
import { inOrder } from './view.ts';

/** The colours of designs, by what was chosen to colour them, and what they mean. */
export function colouring(
  key: string,
  space: DesignSpace,
  shown: readonly DesignPoint[],
): Pick<PairLook, 'colourOf' | 'legend'> {
  const figure = figuresOf(space).find((known) => known.key === key);
  if (figure !== undefined) {
    const values = shown.flatMap((point) => figure.of(point) ?? []);
    const [low, high] = [smallest(values), largest(values)];
    const parts = values.length === 0 ? [] : [0, 0.5, 1];
    return {
      colourOf: (point) => {
        const value = figure.of(point);
        return value === null ? ink : shadeAt(high === low ? 0.5 : (value - low) / (high - low));
      },
      legend: parts.map((part) => ({
        name: `${figure.title} ${figure.format(low + part * (high - low))}`,
        colour: shadeAt(part),
      })),
    };
  }
  const axis = space.axes.findIndex(({ name }) => key === `axis:${name}`);
  const { name, values } = space.axes[axis] ?? { name: '', values: [] };
  if (axis < 0)
    return {
      colourOf: ({ onFront }) => colourOf(onFront ? 1 : 0),
      legend: [
        { name: 'on the front of all objectives', colour: colourOf(1) },
        { name: 'bettered by another', colour: colourOf(0) },
      ],
    };
  const order = inOrder(values);
  const isGraded = areNumbers(values) && order.length > 2;
  const colours = new Map(
    order.map((value, at) => [value, isGraded ? shadeAt((at + 1) / order.length) : colourOf(at)]),
  );
  return {
    colourOf: ({ choices }) => colours.get(choices[axis] ?? '') ?? ink,
    legend: [...colours].map(([value, colour]) => ({ name: `${name} ${value}`, colour })),
  };
}

/** A shade from none to all, of so many that they are told apart. */
function shadeAt(share: number): string {
  return sequential[Math.round(share * (sequential.length - 1))] ?? ink;
}
