/** Numbers of any shape, in C order. */
export interface Tensor {
  /** No dimensions: a single number. */
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** A tensor: numbers of a shape, by default a list, or one number for all of a shape; a number alone has no shape. */
export function tensorOf(values: ArrayLike<number> | number, shape?: readonly number[]): Tensor {
  if (typeof values !== 'number')
    return { shape: shape ?? [values.length], values: Float64Array.from(values) };
  const count = (shape ?? []).reduce((product, length) => product * length, 1);
  return { shape: shape ?? [], values: new Float64Array(count).fill(values) };
}

/** The types of nodes of NIR 1.0. */
export const nodeTypes = [
  'Input',
  'Output',
  'Affine',
  'Linear',
  'Scale',
  'Flatten',
  'Conv1d',
  'Conv2d',
  'SumPool2d',
  'AvgPool2d',
  'Delay',
  'Threshold',
  'I',
  'IF',
  'LI',
  'LIF',
  'CubaLI',
  'CubaLIF',
] as const;
export type NodeType = (typeof nodeTypes)[number];

/** The types that keep a state: a potential, some a current, too. */
const neuronTypes = ['I', 'IF', 'LI', 'LIF', 'CubaLI', 'CubaLIF'] as const;
export type NeuronType = (typeof neuronTypes)[number];

export function isNeuron(type: NodeType): type is NeuronType {
  return neuronTypes.some((neuron) => neuron === type);
}

export interface NirNode {
  readonly type: NodeType;
  /** Parameters by name. Those that may be absent, and are, are not in it. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** Padding in words, of a convolution. */
  readonly padding?: 'same' | 'valid' | undefined;
}

export function nodeOf(type: NodeType, parameters: Readonly<Record<string, Tensor>>): NirNode {
  return { type, parameters: new Map(Object.entries(parameters)) };
}

export interface Edge {
  readonly from: string;
  readonly to: string;
}

/**
 * A graph without subgraphs. Nodes of subgraphs have the names of their graphs before their own, `block/lif`, where
 * they are joined by slashes.
 */
export interface NirGraph {
  readonly nodes: ReadonlyMap<string, NirNode>;
  readonly edges: readonly Edge[];
  /** Corrections and notes, in words. */
  readonly notes: readonly string[];
  /** The version of NIR that wrote the file; empty if it says none. */
  readonly version: string;
  /** The framework whose conventions hold, where the format of the file says so. */
  readonly framework?: 'lava' | undefined;
}

/** The types of a node's parameter. */
export interface ParameterRule {
  /** May be absent. */
  readonly optional?: true;
  /** Has to be above zero: a time constant. */
  readonly positive?: true;
  /** Whole numbers from this one on. */
  readonly wholeFrom?: number;
}

const perNeuron = { r: {}, v_leak: {}, tau: { positive: true } } as const;
const spiking = { v_threshold: {}, v_reset: { optional: true } } as const;
const twoTimes = {
  tau_syn: { positive: true },
  tau_mem: { positive: true },
  r: {},
  v_leak: {},
  w_in: { optional: true },
} as const;
const convolution = {
  weight: {},
  bias: {},
  stride: { wholeFrom: 1 },
  dilation: { wholeFrom: 1 },
  groups: { wholeFrom: 1 },
  input_shape: { optional: true, wholeFrom: 1 },
} as const;
const pooling = {
  kernel_size: { wholeFrom: 1 },
  stride: { wholeFrom: 1 },
  padding: { wholeFrom: 0 },
} as const;

/** The parameters of each type of node. */
export const parametersOf: Readonly<Record<NodeType, Readonly<Record<string, ParameterRule>>>> = {
  Input: { shape: { wholeFrom: 1 } },
  Output: { shape: { wholeFrom: 1 } },
  Affine: { weight: {}, bias: {} },
  Linear: { weight: {} },
  Scale: { scale: {} },
  Flatten: {
    start_dim: { wholeFrom: -32 },
    end_dim: { wholeFrom: -32 },
    input_type: { optional: true, wholeFrom: 0 },
  },
  Conv1d: convolution,
  Conv2d: convolution,
  SumPool2d: pooling,
  AvgPool2d: pooling,
  Delay: { delay: {} },
  Threshold: { threshold: {} },
  I: { r: {} },
  IF: { r: {}, ...spiking },
  LI: perNeuron,
  LIF: { ...perNeuron, ...spiking },
  CubaLI: twoTimes,
  CubaLIF: { ...twoTimes, ...spiking },
};
