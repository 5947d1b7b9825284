/** Numbers of any shape, in C order. */
export interface Tensor {
  /** No dimensions: a single number. */
  readonly shape: readonly number[];
  readonly values: Float64Array;
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
}
