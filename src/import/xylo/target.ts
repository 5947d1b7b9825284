/** Networks as programs of Xylo's neurons, quantised as Rockpool does. */
import { at } from '../../arrays/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import { type Conventions, type NirGraph, stepNotes } from '../../nir/index.ts';
import type { ProgramView } from '../check/index.ts';
import { dividedFor, endsOf, type ImportedProgram, refuseValues, type TargetRecord } from '../imported.ts';
import type { InputNumbers } from '../input-numbers.ts';
import type { Network, NirStage } from '../map/index.ts';
import type { Target } from '../target.ts';
import { describeXylo } from './describe.ts';
import { mapToXylo } from './map.ts';
import type { XyloLayer, XyloNetwork } from './network.ts';
import { quantiseXylo, type XyloMethod } from './quantise.ts';

/** How to import a graph to Xylo. */
export interface XyloImportOptions {
  readonly name: string;
  /** Name of the graph's file. */
  readonly file: string;
  readonly rules: Conventions;
  /** The most steps of a sample. */
  readonly steps: number;
  readonly input: InputNumbers;
  readonly method: XyloMethod;
  /** Whether the chip goes through all hidden neurons and outputs: see {@link describeXylo}. */
  readonly passesAll: boolean;
  /** The output node with the answer; by default the graph's first. */
  readonly output?: string | undefined;
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
export function importToXylo(graph: NirGraph, options: XyloImportOptions): XyloImport {
  const { name, file, rules, input, steps, method, passesAll, output } = options;
  refuseValues(input, 'Xylo');
  const divided = dividedFor(graph, { rules, input, delivery, output });
  const { network, readout } = divided;
  const { network: reals, notes } = mapToXylo({ graph, rules, network, readout });
  const xylo = quantiseXylo(reals, method);
  const sizes = layersOf(xylo).map((layer) => layer.size);
  const description = `Imported from ${file} to Xylo: ${[xylo.inputs, ...sizes].join('-')}.`;
  return {
    ...describeXylo(xylo, { name, description, steps, passesAll }),
    ...divided,
    name,
    graph,
    rules,
    entry: 'each step',
    steps,
    learns: false,
    xylo,
    reals,
    notes: [...graph.notes, ...stepNotes(graph, rules), ...notes],
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
): ProgramView['layers'] {
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
    ways: (reading, file) => [
      {
        choices: [],
        make: () => importToXylo(reading.graph, { ...reading, file, method, passesAll }),
      },
    ],
  };
}
