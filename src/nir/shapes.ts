import { PlasticoreError } from '../text/index.ts';
import { type Edge, isNeuron, type NirGraph, type NirNode, type Tensor } from './graph.ts';

export type TensorShape = readonly number[];

/** The most numbers that a node may give, or keep. A damaged file may state any. */
export const mostNumbers = 2 ** 27;

export function itemCount(shape: TensorShape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The numbers of a parameter, as many as it has dimensions to serve: one number serves all of them. */
export function dimensions(node: NirNode, parameter: string, count: number, otherwise?: number): number[] {
  const values = node.parameters.get(parameter)?.values ?? (otherwise === undefined ? [] : [otherwise]);
  return Array.from({ length: count }, (_, axis) => values[values.length === 1 ? 0 : axis] ?? otherwise ?? 0);
}

/** A convolution or a pooling: its window along each axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  /** Before the first item of each axis. */
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly channels: number;
  /** Lengths of the axes, without the channels, of what comes in and of what goes out. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * The window of a convolution or a pooling over an input.
 *
 * @throws PlasticoreError `data` if they do not fit
 */
export function windowOf(name: string, node: NirNode, input: TensorShape): Window {
  const axes = node.type === 'Conv1d' ? 1 : 2;
  if (input.length !== axes + 1)
    throw misfit(
      name,
      `${node.type} takes ${axes + 1} dimensions (channels first), but gets ${shapeText(input)}`,
    );
  const [channels = 1, ...from] = input;
  const weight = node.parameters.get('weight');
  const kernel = weight === undefined ? dimensions(node, 'kernel_size', axes) : weight.shape.slice(2);
  const dilation = dimensions(node, 'dilation', axes, 1);
  const stride = dimensions(node, 'stride', axes, 1);
  const reach = kernel.map((length, axis) => (dilation[axis] ?? 1) * (length - 1));
  if (node.padding === 'same' && stride.some((length) => length !== 1))
    throw misfit(name, "padding 'same' goes with stride 1");
  const before =
    node.padding === 'same'
      ? reach.map((length) => Math.floor(length / 2))
      : node.padding === 'valid'
        ? reach.map(() => 0)
        : dimensions(node, 'padding', axes, 0);
  const to = from.map((length, axis) => {
    if (node.padding === 'same') return length;
    const room = length + 2 * (before[axis] ?? 0) - (reach[axis] ?? 0) - 1;
    return Math.floor(room / (stride[axis] ?? 1)) + 1;
  });
  if (to.some((length) => length < 1))
    throw misfit(name, `a window of ${shapeText(kernel)} does not fit an input of ${shapeText(input)}`);
  return { kernel, stride, padding: before, dilation, channels, from, to };
}

type Pair = readonly [rows: number, columns: number];

/** A window along rows and columns: a line is a plane of one row. */
export function planeWindow(name: string, node: NirNode, input: TensorShape) {
  const window = windowOf(name, node, input);
  const pair = ([first = 0, second]: readonly number[], alone: number): Pair =>
    second === undefined ? [alone, first] : [first, second];
  return {
    kernel: pair(window.kernel, 1),
    stride: pair(window.stride, 1),
    padding: pair(window.padding, 0),
    dilation: pair(window.dilation, 1),
    from: pair(window.from, 1),
    to: pair(window.to, 1),
  };
}

/**
 * The shape of what a node gives, from that of what it gets.
 *
 * @throws PlasticoreError `data` if the node cannot take it
 */
export function outputShape(name: string, node: NirNode, input: TensorShape): TensorShape {
  const output = shapeAfter(name, node, input);
  if (itemCount(output) > mostNumbers)
    throw misfit(name, `it gives ${shapeText(output)}, more than ${mostNumbers} numbers`);
  return output;
}

function shapeAfter(name: string, node: NirNode, input: TensorShape): TensorShape {
  const { type, parameters } = node;
  const weight = parameters.get('weight');
  switch (type) {
    case 'Input':
    case 'Output': {
      const stated = [...(parameters.get('shape')?.values ?? [])];
      if (itemCount(stated) !== itemCount(input))
        throw misfit(name, `it states the shape ${shapeText(stated)}, but gets ${shapeText(input)}`);
      return input;
    }
    case 'Affine':
    case 'Linear': {
      const [outputs = 0, inputs = 0] = matrix(name, weight);
      // Leading ones are axes of a batch, or of time.
      if (inputs !== itemCount(input) || input.slice(0, -1).some((length) => length !== 1))
        throw misfit(
          name,
          `its weight ${shapeText([outputs, inputs])} takes ${inputs} values, but it gets ${shapeText(input)}`,
        );
      perItem(name, node, 'bias', [outputs]);
      return [outputs];
    }
    case 'Conv1d':
    case 'Conv2d': {
      const { channels, to } = windowOf(name, node, input);
      const [groups = 1] = dimensions(node, 'groups', 1, 1);
      const [filters = 0, depth = 0] = weight?.shape ?? [];
      if (weight?.shape.length !== input.length + 1)
        throw misfit(
          name,
          `expected a weight of ${input.length + 1} dimensions, found ${shapeText(weight?.shape ?? [])}`,
        );
      if (depth * groups !== channels || filters % groups !== 0)
        throw misfit(
          name,
          `its weight ${shapeText(weight.shape)} in ${groups} groups takes ${depth * groups} channels, but it gets ${shapeText(input)}`,
        );
      perItem(name, node, 'bias', [filters]);
      return [filters, ...to];
    }
    case 'SumPool2d':
    case 'AvgPool2d': {
      const { channels, to } = windowOf(name, node, input);
      return [channels, ...to];
    }
    case 'Flatten': {
      const axis = (parameter: string, otherwise: number): number => {
        const [value = otherwise] = parameters.get(parameter)?.values ?? [];
        return value < 0 ? value + input.length : value;
      };
      const [first, last] = [axis('start_dim', 0), axis('end_dim', -1)];
      if (first < 0 || last >= input.length || first > last)
        throw misfit(name, `it flattens dimensions ${first} to ${last}, but gets ${shapeText(input)}`);
      return [...input.slice(0, first), itemCount(input.slice(first, last + 1)), ...input.slice(last + 1)];
    }
    default:
      for (const parameter of parameters.keys()) perItem(name, node, parameter, input);
      return input;
  }
}

/**
 * A parameter with one number for each item of a shape; a single number serves all.
 *
 * @throws PlasticoreError `data` if it has another number of them
 */
export function perItem(
  name: string,
  node: NirNode,
  parameter: string,
  shape: TensorShape,
  otherwise = 0,
): Float64Array {
  const size = itemCount(shape);
  const tensor = node.parameters.get(parameter);
  if (tensor === undefined) return new Float64Array(size).fill(otherwise);
  if (tensor.values.length === 1) return new Float64Array(size).fill(tensor.values[0] ?? 0);
  if (tensor.values.length !== size)
    throw misfit(
      name,
      `${parameter} has the shape ${shapeText(tensor.shape)}, but ${shapeText(shape)} is needed`,
    );
  return tensor.values;
}

function matrix(name: string, weight: Tensor | undefined): TensorShape {
  if (weight?.shape.length === 2) return weight.shape;
  throw misfit(name, `expected a weight of 2 dimensions, found ${shapeText(weight?.shape ?? [])}`);
}

export function shapeText(shape: TensorShape): string {
  return `[${shape.join(', ')}]`;
}

export function misfit(name: string, what: string): PlasticoreError {
  return new PlasticoreError('data', `node '${name}': ${what}`);
}

/** An edge, and whether what passes it arrives one step later. */
export interface TimedEdge extends Edge {
  readonly isLate: boolean;
}

export interface Order {
  /** All nodes with edges, each after those whose output it takes in the same step. */
  readonly names: readonly string[];
  readonly edges: readonly TimedEdge[];
}

/**
 * The order in which nodes act within a step. Edges take no time, but for those of a cycle that leave a neuron: each of
 * them takes one step, so that a cycle never waits for itself.
 *
 * @throws PlasticoreError `data` for a cycle without a neuron
 */
export function nodeOrderOf({ nodes, edges }: NirGraph): Order {
  const cycle = cyclesOf([...nodes.keys()], edges);
  const timed = edges.map((edge): TimedEdge => {
    const type = nodes.get(edge.from)?.type;
    const isLate = type !== undefined && isNeuron(type) && cycle.get(edge.from) === cycle.get(edge.to);
    return { ...edge, isLate };
  });
  const joined = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const waiting = new Set([...nodes.keys()].filter((name) => joined.has(name)));
  const names: string[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(
      (name) => !timed.some(({ from, to, isLate }) => to === name && !isLate && waiting.has(from)),
    );
    if (ready.length === 0) {
      throw new PlasticoreError(
        'data',
        `a cycle without a neuron: ${[...waiting].map((name) => `'${name}'`).join(', ')}`,
        {
          hint: 'only a neuron keeps a value from one step to the next',
        },
      );
    }
    for (const name of ready) waiting.delete(name);
    names.push(...ready);
  }
  return { names, edges: timed };
}

/** For each node, the first of the nodes from which and to which a way leads: nodes of one cycle have the same one. */
function cyclesOf(names: readonly string[], edges: readonly Edge[]): ReadonlyMap<string, string> {
  const reached = new Map(names.map((name) => [name, reachableFrom(name, edges)]));
  return new Map(
    names.map((name) => [
      name,
      names.find(
        (other) => other === name || (reached.get(name)?.has(other) && reached.get(other)?.has(name)),
      ) ?? name,
    ]),
  );
}

function reachableFrom(start: string, edges: readonly Edge[]): ReadonlySet<string> {
  const found = new Set<string>();
  const next = [start];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    for (const { from, to } of edges) {
      if (from !== name || found.has(to)) continue;
      found.add(to);
      next.push(to);
    }
  }
  return found;
}
