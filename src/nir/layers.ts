import type { NirNode } from './graph.ts';
import { dimensions, itemCount, outputShape, perItem, type TensorShape, windowOf } from './shapes.ts';

/** The output of a node without a state for an input; valid until it is called again. */
export type Layer = (x: Float64Array) => Float64Array;

/** Nodes without a state; undefined for others. */
export function layerOf(name: string, node: NirNode, input: TensorShape): Layer | undefined {
  switch (node.type) {
    case 'Input':
    case 'Output':
    case 'Flatten':
      return (x) => x;
    case 'Affine':
    case 'Linear':
      return dense(node);
    case 'Scale': {
      const scale = perItem(name, node, 'scale', input);
      return (x) => x.map((value, at) => value * (scale[at] ?? 0));
    }
    case 'Threshold': {
      const threshold = perItem(name, node, 'threshold', input);
      return (x) => x.map((value, at) => Number(value > (threshold[at] ?? 0)));
    }
    case 'Conv1d':
    case 'Conv2d':
      return convolution(name, node, input);
    case 'SumPool2d':
    case 'AvgPool2d':
      return pooling(name, node, input);
    default:
      return undefined;
  }
}

/** Adds up the columns of the inputs that are not zero: most are, where spikes come in. */
function dense({ parameters }: NirNode): Layer {
  const weight = parameters.get('weight');
  const [outputs = 0, inputs = 0] = weight?.shape ?? [];
  const columns = new Float64Array(outputs * inputs);
  for (let to = 0; to < outputs; to++)
    for (let from = 0; from < inputs; from++)
      columns[from * outputs + to] = weight?.values[to * inputs + from] ?? 0;
  const bias = new Float64Array(outputs);
  const stated = parameters.get('bias')?.values;
  if (stated !== undefined) bias.set(stated.length === 1 ? bias.map(() => stated[0] ?? 0) : stated);
  const out = new Float64Array(outputs);
  return (x) => {
    out.set(bias);
    for (let from = 0; from < inputs; from++) {
      const value = x[from] ?? 0;
      if (value === 0) continue;
      const first = from * outputs;
      for (let to = 0; to < outputs; to++) out[to] = (out[to] ?? 0) + value * (columns[first + to] ?? 0);
    }
    return out;
  };
}

/** Visits each pair of an input item and an output item that a window joins, with the place in its kernel. */
function joins(
  name: string,
  node: NirNode,
  input: TensorShape,
  visit: (from: number, to: number, place: number) => void,
): void {
  const { kernel, stride, padding, dilation, from, to } = windowOf(name, node, input);
  // A line is a plane of one row.
  const two = (lengths: readonly number[], otherwise: number): [number, number] =>
    lengths.length === 1
      ? [otherwise, lengths[0] ?? otherwise]
      : [lengths[0] ?? otherwise, lengths[1] ?? otherwise];
  const [[height, width], [rows, columns]] = [two(from, 1), two(to, 1)];
  const [[kernelRows, kernelColumns], [strideY, strideX]] = [two(kernel, 1), two(stride, 1)];
  const [[beforeY, beforeX], [spreadY, spreadX]] = [two(padding, 0), two(dilation, 1)];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let ky = 0; ky < kernelRows; ky++) {
        const y = row * strideY - beforeY + ky * spreadY;
        if (y < 0 || y >= height) continue;
        for (let kx = 0; kx < kernelColumns; kx++) {
          const x = column * strideX - beforeX + kx * spreadX;
          if (x < 0 || x >= width) continue;
          visit(y * width + x, row * columns + column, ky * kernelColumns + kx);
        }
      }
    }
  }
}

/** Synapses of a plane by their source item: pairs of the target item and the place in the kernel. */
function byItem(
  name: string,
  node: NirNode,
  input: TensorShape,
  size: number,
): readonly (readonly number[])[] {
  const lists = Array.from({ length: size }, (): number[] => []);
  joins(name, node, input, (from, to, place) => lists[from]?.push(to, place));
  return lists;
}

function convolution(name: string, node: NirNode, input: TensorShape): Layer {
  const output = outputShape(name, node, input);
  const [filters = 0] = output;
  const [channels = 0] = input;
  const [groups = 1] = dimensions(node, 'groups', 1, 1);
  const [depth, each] = [channels / groups, filters / groups];
  const weights = node.parameters.get('weight')?.values ?? new Float64Array();
  const kernel = weights.length / (filters * depth);
  const [plane, area] = [itemCount(input.slice(1)), itemCount(output.slice(1))];
  const synapses = byItem(name, node, input, plane);
  const bias = perItem(name, node, 'bias', [filters]);
  const out = new Float64Array(filters * area);
  return (x) => {
    for (let filter = 0; filter < filters; filter++)
      out.fill(bias[filter] ?? 0, filter * area, (filter + 1) * area);
    for (let at = 0; at < x.length; at++) {
      const value = x[at] ?? 0;
      if (value === 0) continue;
      const channel = Math.floor(at / plane);
      const group = Math.floor(channel / depth);
      const pairs = synapses[at % plane] ?? [];
      for (let filter = group * each; filter < (group + 1) * each; filter++) {
        const first = (filter * depth + (channel % depth)) * kernel;
        for (let pair = 0; pair < pairs.length; pair += 2) {
          const to = filter * area + (pairs[pair] ?? 0);
          out[to] = (out[to] ?? 0) + value * (weights[first + (pairs[pair + 1] ?? 0)] ?? 0);
        }
      }
    }
    return out;
  };
}

function pooling(name: string, node: NirNode, input: TensorShape): Layer {
  const output = outputShape(name, node, input);
  const [plane, area] = [itemCount(input.slice(1)), itemCount(output.slice(1))];
  const share = node.type === 'AvgPool2d' ? 1 / itemCount(windowOf(name, node, input).kernel) : 1;
  const synapses = byItem(name, node, input, plane);
  const out = new Float64Array(itemCount(output));
  return (x) => {
    out.fill(0);
    for (let at = 0; at < x.length; at++) {
      const value = x[at] ?? 0;
      if (value === 0) continue;
      const channel = Math.floor(at / plane);
      const pairs = synapses[at % plane] ?? [];
      for (let pair = 0; pair < pairs.length; pair += 2) {
        const to = channel * area + (pairs[pair] ?? 0);
        out[to] = (out[to] ?? 0) + value * share;
      }
    }
    return out;
  };
}
