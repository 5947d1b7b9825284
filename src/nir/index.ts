/** Graphs of the Neuromorphic Intermediate Representation: reading them, and running them in doubles. */

export {
  type Conventions,
  conventions,
  conventionsAt,
  type Framework,
  frameworks,
  type NodeConventions,
} from './conventions.ts';
export { describeNir, type NirDescription } from './describe.ts';
export {
  isNeuron,
  type NeuronType,
  type NirGraph,
  type NirNode,
  type NodeType,
  type Tensor,
} from './graph.ts';
export { layerOf } from './layers.ts';
export { NirNetwork, type Observer, shapesOf } from './network.ts';
export { type NeuronConstants, neuronConstants } from './neuron-constants.ts';
export { type Order, orderOf } from './order.ts';
export { readNir } from './read.ts';
export { dimensions, itemCount, misfit, perItem, type TensorShape, windowOf } from './shapes.ts';
export { stepNotes } from './step-notes.ts';
export { writeNir } from './write.ts';
