/** Graphs of the Neuromorphic Intermediate Representation: reading them, and running them in doubles. */

export { type Conventions, conventions, type Framework } from './conventions.ts';
export { describeNir, type NirDescription } from './describe.ts';
export {
  type Edge,
  isNeuron,
  type NeuronType,
  type NirGraph,
  type NirNode,
  type NodeType,
  nodeTypes,
  type Tensor,
} from './graph.ts';
export { NirNetwork, type Observer } from './network.ts';
export { readNir } from './read.ts';
export { type Shape, sizeOf } from './shapes.ts';
