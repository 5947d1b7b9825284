/** Graphs of the Neuromorphic Intermediate Representation: reading them, and running them in doubles. */

export {
  type Conventions,
  conventions,
  conventionsAt,
  type Framework,
  frameworks,
  type NodeConventions,
  stepNotes,
} from './conventions.ts';
export { eventsOf, type Grid, gridOf, type NirData, readNirData, writeNirData } from './data.ts';
export { describeNir, type NirDescription } from './describe.ts';
export { readNir, writeNir } from './file.ts';
export {
  isNeuron,
  type NeuronType,
  type NirGraph,
  type NirNode,
  type NodeType,
  nodeOf,
  type Tensor,
  tensorOf,
} from './graph.ts';
export { layerOf } from './layers.ts';
export { NirNetwork, type Observer, shapesOf } from './network.ts';
export { type NeuronConstants, neuronConstants } from './neurons.ts';
export {
  dimensions,
  itemCount,
  misfit,
  nodeOrderOf,
  type Order,
  perItem,
  planeWindow,
  type TensorShape,
  windowOf,
} from './shapes.ts';
