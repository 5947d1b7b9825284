import type { NirGraph, NodeType } from './graph.ts';
import { shapesOf } from './network.ts';
import { nodeOrderOf, type TensorShape, type TimedEdge } from './shapes.ts';

/** A graph in words and numbers. */
export interface NirDescription {
  /** The version of NIR that wrote the file; empty if it says none. */
  readonly version: string;
  /** Another framework whose file it is. */
  readonly framework?: NirGraph['framework'];
  /** In the order in which they act within a step. */
  readonly nodes: readonly {
    readonly name: string;
    readonly type: NodeType;
    /** Shapes of what it gets and gives. */
    readonly input: TensorShape;
    readonly output: TensorShape;
    readonly parameters: readonly {
      readonly name: string;
      readonly shape: TensorShape;
      readonly low: number;
      readonly high: number;
    }[];
  }[];
  readonly edges: readonly TimedEdge[];
  readonly notes: readonly string[];
}

/**
 * Describes a graph: its nodes with shapes and ranges of parameters, its edges, which of them take a step.
 *
 * @throws PlasticoreError `data` for shapes that do not follow from each other, or a cycle without a neuron
 */
export function describeNir(graph: NirGraph): NirDescription {
  const order = nodeOrderOf(graph);
  const shapes = shapesOf(graph, order);
  const nodes = order.names.flatMap((name) => {
    const [node, shape] = [graph.nodes.get(name), shapes.get(name)];
    if (node === undefined || shape === undefined) return [];
    const parameters = [...node.parameters].map(([parameter, { shape: dimensions, values }]) => ({
      name: parameter,
      shape: dimensions,
      low: values.reduce((low, value) => Math.min(low, value), Infinity),
      high: values.reduce((high, value) => Math.max(high, value), -Infinity),
    }));
    return [{ name, type: node.type, ...shape, parameters }];
  });
  const { version, framework, notes } = graph;
  return { version, ...(framework && { framework }), nodes, edges: order.edges, notes };
}
