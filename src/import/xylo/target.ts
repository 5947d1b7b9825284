/** Networks as programs of Xylo's neurons, quantised as Rockpool does. */

import type { HwModel } from '../../hardware/index.ts';
import { conventionsAt, perItem } from '../../nir/index.ts';
import { addAt, at, PlasticoreError } from '../../text/index.ts';
import type { NetworkView } from '../check/running.ts';
import { endsOf, type ImportedProgram, placedFor, refuseValues, type TargetRecord } from '../imported.ts';
import { linearMap } from '../map/linear.ts';
import type { Link, Network, NirStage } from '../map/stages.ts';
import type { GivenGraph } from '../reading.ts';
import type { Target } from '../target.ts';
import { describeXylo } from './describe.ts';
import {
  quantiseXylo,
  type XyloLayer,
  type XyloMethod,
  type XyloNetwork,
  type XyloWeights,
} from './quantise.ts';

/** How to import a graph to Xylo. */
export interface XyloImportOptions {
  readonly method: XyloMethod;
  /** Whether the chip goes through all hidden neurons and outputs: see {@link describeXylo}. */
  readonly passesAll: boolean;
}

/** A graph of NIR as a program of Xylo's neurons. */
export interface XyloImport extends ImportedProgram {
  /** In integers. */
  readonly xylo: XyloNetwork;
  /** Before it was quantised, for the scales of potentials. */
  readonly reals: XyloNetwork;
}

const delivery = 'next';

/**
 * Puts a graph of NIR on Xylo as Rockpool does. Limits of the hw-model are not checked here.
 *
 * @throws PlasticoreError `fit` or `data` with the reason if the chip cannot run it
 */
export function importToXylo(given: GivenGraph, { method, passesAll }: XyloImportOptions): XyloImport {
  refuseValues(given.input, 'Xylo');
  const placed = placedFor(given, delivery);
  const { name, network, readout, steps } = placed;
  const { reals, notes } = mapToXylo(placed);
  const xylo = quantiseXylo(reals, method);
  const sizes = layersOf(xylo).map((layer) => layer.size);
  const description = `Imported from ${given.file} to Xylo: ${[xylo.inputs, ...sizes].join('-')}.`;
  return {
    ...placed,
    ...describeXylo(xylo, { name, description, steps, passesAll }),
    xylo,
    reals,
    notes: [...placed.notes, ...notes],
    layers: viewOf(network, readout, xylo, reals),
    answer: { field: `${readout.name}.count`, number: (neuron) => neuron },
    record: () => recordOf(network, readout, xylo, method),
  };
}

function layersOf({ hidden, outputs }: XyloNetwork): readonly XyloLayer[] {
  return [...hidden, outputs];
}

function stageOf({ name }: XyloLayer, { stages }: Network): NirStage {
  const stage = stages.find((each) => each.name === name);
  if (stage === undefined) throw new Error(`no stage '${name}'`);
  return stage;
}

function recordOf(network: Network, readout: NirStage, xylo: XyloNetwork, method: XyloMethod): TargetRecord {
  return {
    scales: {
      scales: method === 'channel' ? 'one for each target neuron' : 'one for hidden neurons, one for outputs',
    },
    readout: `${readout.name}.count`,
    populations: layersOf(xylo).map((layer) => {
      const { dashMem, dashSyn, threshold, bias } = layer;
      const numbers = {
        dashMem: [...dashMem],
        dashSyn: [...dashSyn],
        threshold: [...threshold],
        bias: [...bias],
      };
      return [stageOf(layer, network), numbers];
    }),
    projections: network.links.map(endsOf),
  };
}

/** The layers as a comparison sees them: a potential is to its threshold as that of the graph is to its own. */
function viewOf(
  network: Network,
  readout: NirStage,
  xylo: XyloNetwork,
  reals: XyloNetwork,
): NetworkView['layers'] {
  return layersOf(xylo).map((layer, place) => {
    const stage = stageOf(layer, network);
    const { threshold: levels } = at(layersOf(reals), place);
    return {
      stage,
      isSpiking: true,
      ...(stage !== readout && { countBits: 5 }),
      number: (neuron) => neuron,
      inGraph: (neuron, stored) => (stored * at(levels, neuron)) / Math.max(1, at(layer.threshold, neuron)),
      expected: (_neuron, potential) => potential,
    };
  });
}

/** Xylo's neurons, to which Rockpool maps. */
export function xyloTarget(hw: HwModel, precision: string, method: XyloMethod): Target {
  const passesAll = hw.mapping?.visits === 'all';
  return {
    hw,
    precision,
    delivery,
    ways: (given) => [{ choices: [], make: () => importToXylo(given, { method, passesAll }) }],
  };
}

/** The values of the graph; each layer of its network a step behind the one before it. */
type GraphValues = Pick<ImportedProgram, 'graph' | 'rules' | 'network' | 'readout'>;

/** The most steps of a time constant, as a power of two: 4 bits. */
const mostDash = 15;

/**
 * Puts a graph on hidden neurons and outputs as Rockpool's mapper does: layer by layer, those that the input reaches
 * first. Limits are checked before.
 *
 * @throws PlasticoreError `fit` with the reason if the mapper takes no such graph
 */
function mapToXylo(given: GraphValues): Pick<XyloImport, 'reals' | 'notes'> {
  const { network, readout } = given;
  const { input, links } = network;
  checkEnds(given);
  const hidden = network.stages.filter((stage) => stage !== readout);
  return {
    reals: {
      inputs: input.size,
      hidden: hidden.map((stage) => layerOf(stage, given)),
      outputs: layerOf(readout, given),
      weights: weightsOf(hidden, given),
    },
    notes: [...hidden, readout].flatMap((stage) => notesOn(stage, given)).concat(links.flatMap(lateNotes)),
  };
}

/** The ends of a network as the mapper finds them: one layer behind the inputs, and one that answers. */
function checkEnds({ network, readout }: GraphValues): void {
  const { input, links, outputs } = network;
  const first = [...new Set(links.filter(({ from }) => from === input).map(({ to }) => to.node))];
  if (first.length > 1)
    throw new PlasticoreError(
      'fit',
      `inputs lead to ${first.map((node) => `'${node}'`).join(' and ')}, and the mapper takes weights of inputs to one layer`,
      { hint: 'join these layers' },
    );
  const answering = [...new Set([...outputs.values()].map(({ node }) => node))];
  if (answering.length > 1)
    throw new PlasticoreError(
      'fit',
      `${answering.map((node) => `'${node}'`).join(' and ')} are outputs, and the chip has one layer of them`,
      { hint: `leave the Output nodes out, but for that of '${readout.node}'` },
    );
}

function nodeOf({ node }: NirStage, { graph }: GraphValues) {
  const found = graph.nodes.get(node);
  if (found?.type !== 'CubaLIF') throw new Error(`'${node}' is no CubaLIF`);
  return found;
}

function layerOf(stage: NirStage, given: GraphValues): XyloLayer {
  const { name, node, size, shape, model } = stage;
  const rules = conventionsAt(given.rules, node);
  if (rules.dt !== given.rules.dt)
    throw new PlasticoreError(
      'fit',
      `node '${node}' has a time step of ${rules.dt}, others of ${given.rules.dt}: the chip has one`,
    );
  const own = nodeOf(stage, given);
  const each = (parameter: string) => perItem(node, own, parameter, shape);
  const dash = (parameter: string) =>
    each(parameter).map((tau) => {
      const steps = Math.log2(tau / rules.dt);
      if (Math.round(steps) <= mostDash) return steps;
      throw new PlasticoreError(
        'fit',
        `node '${node}' has a ${parameter} of ${tau}, and the chip at most 2^${mostDash} steps of ${rules.dt}`,
        { hint: 'take a longer time step' },
      );
    });
  const unit = (neuron: number) => at(model?.unit ?? [], neuron);
  return {
    name,
    size,
    dashMem: dash('tau_mem'),
    dashSyn: dash('tau_syn'),
    threshold: each('v_threshold'),
    // Rockpool takes v_leak for a constant input.
    bias:
      rules.current === 'leaking-jump'
        ? each('v_leak')
        : Float64Array.from({ length: size }, (_, neuron) => at(model?.drive ?? [], neuron) * unit(neuron)),
  };
}

function weightsOf(hidden: readonly NirStage[], given: GraphValues): XyloWeights[] {
  const { network, readout } = given;
  const placeOf = (stage: NirStage) => (stage === readout ? 'output' : hidden.indexOf(stage));
  const joined = new Map<string, XyloWeights>();
  for (const link of network.links) {
    const { from, to } = link;
    const key = `${from.name} ${to.name}`;
    const found = joined.get(key)?.values ?? new Float64Array(from.size * to.size);
    addWeights(found, link, network);
    const source = from === network.input ? 'input' : hidden.indexOf(from);
    joined.set(key, { from: source, to: placeOf(to), values: found });
  }
  return [...joined.values()];
}

/** Adds the weights of a path as the chip has them: the synaptic state leaks before the membrane sees it. */
function addWeights(values: Float64Array, { from, to, path }: Link, { input, numbers }: Network): void {
  const { starts, targets, weights } = linearMap(path, from.shape, new Float64Array(to.size).fill(1)).rows();
  const scale = from === input ? numbers.scale : 1;
  const factors = Float64Array.from({ length: to.size }, (_, neuron) => factorOf(to, neuron));
  for (let row = 0; row < from.size; row++)
    for (let place = at(starts, row); place < at(starts, row + 1); place++) {
      const target = at(targets, place);
      addAt(values, row * to.size + target, at(weights, place) * at(factors, target) * scale);
    }
}

/** The factor of a weight of the graph; exactly 1 for currents that jump and then leak, as those of Rockpool do. */
function factorOf({ model }: NirStage, neuron: number): number {
  const factor =
    (at(model?.gain ?? [], neuron) * at(model?.unit ?? [], neuron)) / at(model?.current?.kept ?? [], neuron);
  return Math.abs(factor - 1) < 1e-12 ? 1 : factor;
}

function notesOn({ node, model }: NirStage, { rules }: GraphValues): string[] {
  const { fires, reset } = conventionsAt(rules, node);
  return [
    ...(model?.current?.drive.some((value) => value !== 0)
      ? [
          `node '${node}': biases of linear nodes before it are left out, as Rockpool's mapper leaves them out`,
        ]
      : []),
    ...(fires === 'each'
      ? []
      : [`node '${node}': hidden neurons of the chip spike up to 31 times in a step`]),
    ...(reset === 'subtract' ? [] : [`node '${node}': a spike of the chip takes the threshold off at once`]),
  ];
}

/** Spikes that the graph has in one step with those of a longer way. */
function lateNotes({ from, to, delay }: Link): string[] {
  return delay === 0
    ? []
    : [`spikes of '${from.node}' reach '${to.node}' ${String(delay)} steps before those of a longer way`];
}
