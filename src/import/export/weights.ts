import type { Processor } from '../../engine/index.ts';
import type { Tensor } from '../../nir/index.ts';
import { type ProgramSpec, visitRow } from '../../program/index.ts';

/** The numbering of a population's neurons: a picture has them by place, then channel; NIR has channels first. */
export interface Numbering {
  readonly size: number;
  /** As NIR has it. */
  readonly shape: readonly number[];
  /** From the number in the program to that in NIR. */
  place(neuron: number): number;
}

export function numberingOf(spec: ProgramSpec | undefined, name: string, size: number): Numbering {
  const shape = spec?.populations[name]?.shape;
  if (shape === undefined) return { size, shape: [size], place: (neuron) => neuron };
  const [rows, columns, channels] = shape;
  const plane = rows * columns;
  return {
    size,
    shape: [channels, rows, columns],
    place: (neuron) => (neuron % channels) * plane + Math.floor(neuron / channels),
  };
}

/** All weights between two populations as a matrix, outputs x inputs, in units of `unit`. */
export function matrixOf(
  core: Processor,
  index: number,
  from: Numbering,
  to: Numbering,
  unit: number,
): Tensor {
  const projection = core.image.projections[index];
  const values = new Float64Array(from.size * to.size);
  if (projection === undefined) return { shape: [to.size, from.size], values };
  const { name, segments, weightRows } = projection;
  const field = core.image.fields.findIndex((candidate) => candidate.name === `${name}.weight`);
  const weights = weightRows === 0 || field < 0 ? undefined : core.read(field);
  for (let source = 0; source < from.size; source++)
    visitRow(segments, source, (firstPost, count, firstWeight) => {
      for (let item = 0; item < count; item++) {
        const weight = weights === undefined ? 1 : (weights[firstWeight + item] ?? 0);
        const at = to.place(firstPost + item) * from.size + from.place(source);
        values[at] = (values[at] ?? 0) + weight * unit;
      }
    });
  return { shape: [to.size, from.size], values };
}

/** The weights of a convolution, outputs x inputs x rows x columns, in units of `unit`. */
export function kernelOf(
  core: Processor,
  name: string,
  [rows, columns]: readonly [number, number],
  [inputs, outputs]: readonly [number, number],
  unit: number,
): Tensor {
  const weights = core.read(core.image.fields.findIndex((field) => field.name === `${name}.weight`));
  const area = rows * columns;
  const values = new Float64Array(weights.length);
  for (let place = 0; place < area; place++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++)
        values[(output * inputs + input) * area + place] =
          (weights[(place * inputs + input) * outputs + output] ?? 0) * unit;
  return { shape: [outputs, inputs, rows, columns], values };
}
