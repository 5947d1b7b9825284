import type { NirNode } from './graph.ts';
import {
  dimensions,
  itemCount,
  outputShape,
  perItem,
  planeWindow,
  type TensorShape,
  windowOf,
} from './shapes.ts';

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
    case 'SumPool2d':
    case 'AvgPool2d':
      return convolution(name, node, input);
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

/**
 * The synapses of a plane by their source item: pairs of the target item and the place in the kernel, of windows that
 * slide over it.
 */
function synapsesOf(name: string, node: NirNode, input: TensorShape): readonly (readonly number[])[] {
  const { kernel, stride, padding, dilation, from, to } = planeWindow(name, node, input);
  const lists = Array.from({ length: itemCount(from) }, (): number[] => []);
  for (let row = 0; row < to[0]; row++) {
    for (let column = 0; column < to[1]; column++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        const y = row * stride[0] - padding[0] + ky * dilation[0];
        if (y < 0 || y >= from[0]) continue;
        for (let kx = 0; kx < kernel[1]; kx++) {
          const x = column * stride[1] - padding[1] + kx * dilation[1];
          if (x < 0 || x >= from[1]) continue;
          lists[y * from[1] + x]?.push(row * to[1] + column, ky * kernel[1] + kx);
        }
      }
    }
  }
  return lists;
}

/** A convolution; or a pooling, which is one of each channel with weights that are alike. */
function convolution(name: string, node: NirNode, input: TensorShape): Layer {
  const output = outputShape(name, node, input);
  const [filters = 0] = output;
  const [channels = 0] = input;
  const given = node.parameters.get('weight');
  const [groups = 1] = given === undefined ? [channels] : dimensions(node, 'groups', 1, 1);
  const [depth, each] = [channels / groups, filters / groups];
  const kernel = itemCount(windowOf(name, node, input).kernel);
  const share = node.type === 'AvgPool2d' ? 1 / kernel : 1;
  const weights = given?.values ?? new Float64Array(filters * kernel).fill(share);
  const [plane, area] = [itemCount(input.slice(1)), itemCount(output.slice(1))];
  const synapses = synapsesOf(name, node, input);
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
