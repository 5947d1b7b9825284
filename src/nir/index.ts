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
export { type Layer, layerOf } from './layers.ts';
export { type NeuronState, NirNetwork, type Observer, shapesOf } from './network.ts';
export { type NeuronConstants, neuronConstants } from './neuron-constants.ts';
export { type Order, orderOf, type TimedEdge } from './order.ts';
export { readNir } from './read.ts';
export { dimensions, misfit, perItem, type Shape, shapeText, sizeOf, windowOf } from './shapes.ts';
export { stepNotes } from './step-notes.ts';
export { writeNir } from './write.ts';
