import type { Chip, ChipNetworks, MappedNetwork } from '../../chips/index.ts';
import { type Conventions, misfit, type NirGraph } from '../../nir/index.ts';
import type { ProgramSpec } from '../../program/index.ts';
import { type Override, option, PlasticoreError } from '../../text/index.ts';
import { answering } from '../import.ts';
import type { InputNumbers } from '../input-numbers.ts';
import { inStep, type Network, type NirStage, networkOf, pipelined } from '../map/index.ts';
import { weightsFile } from '../program/index.ts';

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
export interface ChipImport {
  readonly name: string;
  readonly graph: NirGraph;
  readonly rules: Conventions;
  readonly network: Network;
  /** The chip. */
  readonly chip: string;
  /** Its program. */
  readonly program: ProgramSpec;
  readonly networks: ChipNetworks;
  readonly mapped: MappedNetwork;
  readonly steps: number;
  /** The stage with the answer, and its output node. */
  readonly readout: NirStage;
  readonly output: string;
}

/**
 * Puts a graph of NIR on the neurons of a chip, whose program stays as it is.
 *
 * @throws PlasticoreError `fit` or `data`, with the node, if the chip cannot run it
 */
export function importToChip(
  graph: NirGraph,
  { name: chip, networks }: Pick<Chip, 'name'> & { readonly networks: ChipNetworks },
  { name, rules, steps, input, program, output: wanted }: ChipImportOptions,
): ChipImport {
  if (input.are !== 'spikes')
    throw new PlasticoreError(
      'fit',
      `values come in (${option('input', input.are)}), and inputs of the chip '${chip}' are spikes`,
    );
  const divided = networkOf(graph, rules, input);
  const network = networks.delivery === 'next' ? pipelined(divided) : inStep(divided);
  const [output, readout] = answering(network, wanted);
  for (const stage of network.stages)
    if (stage.type === 'Output')
      throw misfit(stage.node, 'it is no single layer of neurons, so none answers');
  const mapped = networks.map({ ...network, readout }, steps);
  return { name, graph, rules, network, chip, program, networks, mapped, steps, readout, output };
}

/** The parts of the chip's program with other values: steps, parameters, and the initial contents of memories. */
export function overridesOf(
  { steps, mapped, program }: Pick<ChipImport, 'steps' | 'mapped' | 'program'>,
  file: string,
): Override[] {
  const { parameters = {}, fields } = mapped;
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
  return values.map((replaced) => ({ ...replaced, place: { file } }));
}
