import { at } from '../arrays/index.ts';
import { type NdArray, npzArrays } from '../data/index.ts';
import { isNeuron, itemCount, type NirGraph, orderOf, shapesOf } from '../nir/index.ts';
import { PlasticoreError } from '../text/index.ts';

/** A framework's recording of a node's spikes: their numbers, sample by sample and step by step. */
export interface Recording {
  readonly node: string;
  /** Its array. */
  readonly array: string;
  readonly samples: number;
  /** The spikes of a sample, in C order. */
  sample(at: number): ArrayLike<number>;
}

/**
 * The recordings of spikes in a file: arrays NODE_spikes, or, in the order of the graph, layer1_spikes, layer2_spikes
 * and so on, hidden_spikes where one layer is hidden, and output_spikes for the last layer; a name may end in how many
 * samples it has, _first20.
 *
 * @returns in the order in which the nodes act
 * @throws PlasticoreError `data` for an array of another shape
 */
export function recordingsIn(
  arrays: ReadonlyMap<string, NdArray>,
  file: string,
  graph: NirGraph,
  steps: number,
): readonly Recording[] {
  const order = orderOf(graph);
  const shapes = shapesOf(graph, order);
  const layers = order.names.filter((name) => {
    const type = graph.nodes.get(name)?.type;
    return type !== undefined && isNeuron(type) && ['IF', 'LIF', 'CubaLIF'].includes(type);
  });
  const source = npzArrays(arrays, file);
  const found: Recording[] = [];
  for (const [index, node] of layers.entries()) {
    const isLast = index === layers.length - 1;
    const names = [
      node,
      `layer${index + 1}`,
      ...(isLast ? ['output'] : []),
      ...(layers.length === 2 && !isLast ? ['hidden'] : []),
    ];
    const array = [...arrays.keys()].find((name) =>
      names.some((start) => new RegExp(`^${escaped(start)}_spikes(_first\\d+)?$`).test(name)),
    );
    if (array === undefined) continue;
    const [samples = 0, ...rest] = source.shape(array);
    const size = itemCount(shapes.get(node)?.output ?? []);
    if (rest[0] !== steps || itemCount(rest) !== steps * size)
      throw new PlasticoreError(
        'data',
        `${array} is ${source.shape(array).join(' x ')}; samples x ${steps} steps x ${size} expected, the spikes of node '${node}'`,
        { file },
      );
    const values = source.numbers(array);
    const each = steps * size;
    found.push({
      node,
      array,
      samples,
      sample: (sample) =>
        Float64Array.from({ length: each }, (_, place) => at(values, sample * each + place)),
    });
  }
  return found;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
