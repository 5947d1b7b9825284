/** Networks in the memories of chips with controllers of their own, whose programs stay as they are. */
import { type Chip, type ChipNetworks, fillFromArrays, type MappedNetwork } from '../chips/index.ts';
import { createCore, type EngineName } from '../engine/index.ts';
import type { HwModel } from '../hardware/index.ts';
import { coreImageOf, type Image } from '../image/index.ts';
import { misfit } from '../nir/index.ts';
import { loadProgram, type ProgramSpec, programFiles } from '../program/index.ts';
import type { Find, Override } from '../text/index.ts';
import type { RunningLayer, RunningNetwork } from './check/running.ts';
import { importFiles } from './files.ts';
import { endsOf, type ImportedMemories, placedFor, refuseValues, type TargetRecord } from './imported.ts';
import { trainOf } from './input-data.ts';
import { type Network, storedPotential } from './map/stages.ts';
import { weightsFile } from './program/layout.ts';
import type { GivenGraph } from './reading.ts';
import type { Target } from './target.ts';

/** A graph of NIR on the neurons of a chip. */
export interface ChipImport extends ImportedMemories {
  readonly mapped: MappedNetwork;
}

/** A chip that takes networks. */
export type ChipWithNetworks = Pick<Chip, 'name'> & { readonly networks: ChipNetworks };

/**
 * Puts a graph of NIR on the neurons of a chip.
 *
 * @param program that of the chip
 * @throws PlasticoreError `fit` or `data`, with the node, if the chip cannot run it
 */
export function importToChip(
  given: Omit<GivenGraph, 'file'>,
  { name: chip, networks }: ChipWithNetworks,
  program: ProgramSpec,
): ChipImport {
  refuseValues(given.input, `the chip '${chip}'`);
  const placed = placedFor(given, networks.delivery);
  const { network, readout, steps } = placed;
  for (const stage of network.stages)
    if (stage.type === 'Output')
      throw misfit(stage.node, 'it is no single layer of neurons, so none answers');
  const mapped = networks.map({ ...network, readout }, steps);
  return {
    ...placed,
    arrays: mapped.fields,
    mapped,
    bundled: {
      chip,
      program: networks.program,
      overrides: overridesOf(mapped, steps, program),
      section: mapped.section,
      running: (image, engine) => runningOnChip(image, engine, networks, network, mapped),
    },
    notes: [...placed.notes, ...mapped.notes],
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
    ways(given) {
      const { spec } = loadProgram(find('program', networks.program, ''), programFiles(find));
      return [{ choices: [], make: () => importToChip(given, chip, spec) }];
    },
  };
}
