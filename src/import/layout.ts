import {
  type HwModel,
  type LaidPopulation,
  type LaidProjection,
  misfits,
  type NetworkLayout,
} from '../hardware/index.ts';
import { conventionsAt, type NirNode, planeWindow } from '../nir/index.ts';
import { at, Faults, largest, PlasticoreError, smallest } from '../text/index.ts';
import { networkOf } from './map/network.ts';
import { poolingOf } from './map/path.ts';
import type { Link, Network, NirStage } from './map/stages.ts';
import type { GivenGraph } from './reading.ts';

/** A graph, how it is read, what comes in, and the output node that answers. */
type CheckedGraph = Pick<GivenGraph, 'graph' | 'rules' | 'input' | 'output'>;

/**
 * Refuses a graph that a chip does not take, or the tool that maps networks to it. What a program no longer says, such
 * as types of neurons, is known here.
 *
 * @throws PlasticoreError `fit` with all that misses a limit
 */
export function checkGraph(given: CheckedGraph, hw: HwModel): void {
  if (hw.mapping === undefined) return;
  const faults = new Faults();
  for (const { message, hint } of misfits(graphLayout(given), hw))
    faults.add(new PlasticoreError('fit', message, { hint }));
  faults.throwIfAny();
}

/** A graph as a mapper of networks sees it. */
function graphLayout({ graph, rules, input, output }: CheckedGraph): NetworkLayout {
  const network = networkOf(graph, rules, input);
  const [first] = network.outputs.values();
  const readout = output === undefined ? first : network.outputs.get(output);
  const laid = (stage: NirStage): LaidPopulation => {
    const node = graph.nodes.get(stage.node);
    const [channels = 1, rows, columns] = stage.shape;
    return {
      name: stage.name,
      size: stage.size,
      shape: rows === undefined || columns === undefined ? undefined : [rows, columns, channels],
      role: stage === network.input ? 'input' : stage === readout ? 'output' : 'hidden',
      ...(stage !== network.input && {
        neurons: stage.type,
        reset: resetOf(stage),
        steps: node && shortestSteps(node, conventionsAt(rules, stage.node).dt),
      }),
      path: [stage.node],
    };
  };
  return {
    populations: [network.input, ...network.stages].map(laid),
    projections: network.links.map((link) => projectionOf(link, network)),
  };
}

function resetOf({ model }: NirStage): LaidPopulation['reset'] {
  const reset = model?.firing?.reset;
  if (reset === undefined || reset === 'none') return undefined;
  return reset === 'subtract' || reset === 'subtract-late' ? 'subtract' : 'value';
}

/** The shortest time constant of a node, in steps; undefined if it has none. */
function shortestSteps({ parameters }: NirNode, dt: number): number | undefined {
  const times = ['tau', 'tau_mem', 'tau_syn'].flatMap((name) => {
    const values = parameters.get(name)?.values;
    return values === undefined ? [] : [smallest(values)];
  });
  return times.length === 0 ? undefined : Math.min(...times) / dt;
}

const weightTypes: readonly string[] = ['Affine', 'Linear', 'Conv1d', 'Conv2d'];

function projectionOf(link: Link, { links }: Network): LaidProjection {
  const { name, from, to, path, delay, map } = link;
  const weighing = path.filter(({ node }) => weightTypes.includes(node.type));
  const [first] = weighing;
  const window = first?.node.type.startsWith('Conv')
    ? planeWindow(first.name, first.node, first.input)
    : undefined;
  const degrees = degreesOf(map, to.size);
  return {
    name,
    from: from.name,
    to: to.name,
    connection: window !== undefined ? 'convolution' : withoutWindow(path),
    window: window && { size: window.kernel, stride: window.stride, padding: window.padding },
    pooled: poolingOf(path) ?? [1, 1],
    weights: weighing.reduce((sum, { node }) => sum + (node.parameters.get('weight')?.values.length ?? 0), 0),
    weightNodes: weighing.length,
    delay: typeof delay === 'number' ? delay : largest(delay.steps, 0),
    learns: false,
    get fanOut() {
      return degrees().fanOut;
    },
    get reached() {
      return degrees().reached;
    },
    path: [links.indexOf(link)],
  };
}

/** Nodes that change nothing, or each item by itself, lead from one neuron to one. */
function withoutWindow(path: Link['path']): LaidProjection['connection'] {
  if (path.some(({ node }) => weightTypes.includes(node.type))) return 'dense';
  return path.some(({ node }) => node.type.endsWith('Pool2d')) ? 'pooling' : 'sparse';
}

/** Synapses by neuron at both ends; asked for only where a limit is about them. */
function degreesOf(map: Link['map'], targets: number) {
  let known: Pick<LaidProjection, 'fanOut' | 'reached'> | undefined;
  return () => {
    if (known !== undefined) return known;
    const { starts, targets: to, weights } = map.rows();
    const fanOut = new Uint32Array(starts.length - 1);
    const reached = new Uint8Array(targets);
    for (const row of fanOut.keys())
      for (let synapse = at(starts, row); synapse < at(starts, row + 1); synapse++) {
        if (at(weights, synapse) === 0) continue;
        fanOut[row] = at(fanOut, row) + 1;
        reached[at(to, synapse)] = 1;
      }
    known = { fanOut, reached };
    return known;
  };
}
