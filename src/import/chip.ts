/** Networks in the memories of chips with controllers of their own, whose programs stay as they are. */
import { type Chip, type ChipNetworks, fillFromArrays, type MappedNetwork } from '../chips/index.ts';
import { createCore, type EngineName } from '../engine/index.ts';
import type { HwModel } from '../hardware/index.ts';
import { coreImageOf, type Image } from '../image/index.ts';
import { type Conventions, misfit, type NirGraph, stepNotes } from '../nir/index.ts';
import { loadProgram, type ProgramSpec, programFiles } from '../program/index.ts';
import type { Find, Override } from '../text/index.ts';
import type { RunningLayer, RunningNetwork } from './check/running.ts';
import { importFiles } from './files.ts';
import { dividedFor, endsOf, type ImportedMemories, refuseValues, type TargetRecord } from './imported.ts';
import { trainOf } from './input-data.ts';
import type { InputNumbers } from './input-numbers.ts';
import { type Network, storedPotential } from './map/stages.ts';
import { weightsFile } from './program/layout.ts';
import type { Target } from './target.ts';

/** How to import a graph to the neurons of a chip. */
export interface ChipImportOptions {
  readonly name: string;
  readonly rules: Conventions;
  /** The most steps of a sample. */
  readonly steps: number;
  readonly input: InputNumbers;
  /** The program of the chip. */
  readonly program: ProgramSpec;
  /** The output node with the answer; by default the graph's first. */
  readonly output?: string | undefined;
}

/** A graph of NIR on the neurons of a chip. */
export interface ChipImport extends ImportedMemories {
  readonly mapped: MappedNetwork;
}

/** A chip that takes networks. */
export type ChipWithNetworks = Pick<Chip, 'name'> & { readonly networks: ChipNetworks };

/**
 * Puts a graph of NIR on the neurons of a chip.
 *
 * @throws PlasticoreError `fit` or `data`, with the node, if the chip cannot run it
 */
export function importToChip(
  graph: NirGraph,
  { name: chip, networks }: ChipWithNetworks,
  { name, rules, steps, input, program, output: wanted }: ChipImportOptions,
): ChipImport {
  refuseValues(input, `the chip '${chip}'`);
  const { delivery } = networks;
  const divided = dividedFor(graph, { rules, input, delivery, output: wanted });
  const { network, readout } = divided;
  for (const stage of network.stages)
    if (stage.type === 'Output')
      throw misfit(stage.node, 'it is no single layer of neurons, so none answers');
  const mapped = networks.map({ ...network, readout }, steps);
  return {
    ...divided,
    name,
    graph,
    rules,
    entry: 'each step',
    steps,
    arrays: mapped.fields,
    learns: false,
    mapped,
    bundled: {
      chip,
      program: networks.program,
      overrides: overridesOf(mapped, steps, program),
      section: mapped.section,
      running: (image, engine) => runningOnChip(image, engine, networks, network, mapped),
    },
    notes: [...graph.notes, ...stepNotes(graph, rules), ...mapped.notes],
    record: () => chipRecord(network, readout.name, mapped),
  };
}

/** The parts of the chip's program with other values: steps, parameters, and the initial contents of memories. */
function overridesOf(
  { parameters = {}, fields }: MappedNetwork,
  steps: number,
  program: ProgramSpec,
): Override[] {
  const values = [
    { path: ['steps'], value: steps },
    ...Object.entries(parameters).map(([name, value]) => ({ path: ['parameters', name], value })),
    ...Object.keys(fields).map((name) => {
      const [owner = '', field = ''] = name.split('.');
      const owners = Object.hasOwn(program.populations, owner) ? 'populations' : 'projections';
      return {
        path: [owners, owner, 'fields', field, 'initial'],
        value: { file: weightsFile, array: name },
      };
    }),
  ];
  return values.map((replaced) => ({ ...replaced, place: { file: importFiles.experiment } }));
}

function chipRecord({ stages, links }: Network, readout: string, { layers }: MappedNetwork): TargetRecord {
  return {
    readout,
    populations: stages.map((stage) => {
      const { type, shape } = stage;
      const layer = layers.find(({ name }) => name === stage.name);
      /** Divide the potential of a neuron of the chip by its unit for the graph's. */
      return [stage, { type, shape, units: layer && [...layer.units], place: layer?.place }];
    }),
    projections: links.map((link) => ({ projection: link.name, ...endsOf(link) })),
  };
}

/** A network that runs on the neurons of a chip. */
function runningOnChip(
  image: Image,
  engine: EngineName,
  { delivery, hasLeaked }: ChipNetworks,
  network: Network,
  mapped: MappedNetwork,
): RunningNetwork {
  const core = createCore(coreImageOf(image), { engine });
  fillFromArrays(core);
  const running = mapped.start(core);
  const layers = network.stages.flatMap((stage): RunningLayer[] => {
    const { name, model } = stage;
    const layer = mapped.layers.find((found) => found.name === name);
    if (layer === undefined) return [];
    const { units } = layer;
    const unitOf = (neuron: number): number => model?.unit[neuron] ?? 1;
    return [
      {
        stage,
        isSpiking: model?.firing !== undefined,
        depth: delivery === 'same' ? 0 : (network.depths.get(name) ?? 0),
        number: (neuron) => neuron,
        inGraph: (neuron, stored) => (stored / (units[neuron] ?? 1)) * unitOf(neuron),
        // A chip adds what a neuron gains by itself with its input, not when it leaks.
        expected: (neuron, v, spikes) =>
          hasLeaked && model !== undefined
            ? unitOf(neuron) * (storedPotential(model, neuron, v, spikes) - (model.drive[neuron] ?? 0))
            : v,
        spikes: () => running.spikes(name),
        potentials: () => running.potentials(name),
      },
    ];
  });
  return {
    image: core.image,
    input: network.input,
    layers,
    present(data, sample, stepped) {
      const train = trainOf({ network, entry: 'each step' }, data, sample);
      const scores = running.present(train, stepped);
      return (neuron) => scores[neuron];
    },
  };
}

/** The precision of the program of a chip: the widths of its memories. */
export const ownPrecision = 'own';

/** The neurons of a chip. */
export function chipTarget(hw: HwModel, chip: ChipWithNetworks, find: Find): Target {
  const { networks } = chip;
  return {
    hw,
    precision: ownPrecision,
    delivery: networks.delivery,
    ways(reading) {
      const { spec: program } = loadProgram(find('program', networks.program, ''), programFiles(find));
      return [{ choices: [], make: () => importToChip(reading.graph, chip, { ...reading, program }) }];
    },
  };
}
