import type { Conventions, NirGraph } from '../../nir/index.ts';
import { stepNotes } from '../../nir/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { answering } from '../import.ts';
import type { InputNumbers } from '../input-numbers.ts';
import { type Network, type NirStage, networkOf, pipelined } from '../map/index.ts';
import type { DescribedProgram } from '../program/index.ts';
import { describeXylo } from './describe.ts';
import { mapToXylo } from './map.ts';
import type { XyloNetwork } from './network.ts';
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
export interface XyloImport extends DescribedProgram {
  readonly graph: NirGraph;
  readonly rules: Conventions;
  readonly network: Network;
  /** In integers. */
  readonly xylo: XyloNetwork;
  readonly method: XyloMethod;
  /** Before it was quantised, for the scales of potentials. */
  readonly reals: XyloNetwork;
  readonly readout: NirStage;
  readonly output: string;
  /** Corrections of the graph, and what is different on the chip. */
  readonly notes: readonly string[];
}

/**
 * Puts a graph of NIR on Xylo as Rockpool does. Limits of the hw-model are not checked here.
 *
 * @throws PlasticoreError `fit` or `data` with the reason if the chip cannot run it
 */
export function importToXylo(graph: NirGraph, options: XyloImportOptions): XyloImport {
  const { name, file, rules, input, method, passesAll } = options;
  if (input.are !== 'spikes')
    throw new PlasticoreError(
      'fit',
      `values come in (${option('input', input.are)}), and inputs of Xylo are spikes`,
    );
  const network = pipelined(networkOf(graph, rules, input));
  const [output, readout] = answering(network, options.output);
  const { network: reals, notes } = mapToXylo({ graph, rules, network, readout });
  const xylo = quantiseXylo(reals, method);
  const sizes = [...xylo.hidden, xylo.outputs].map((layer) => layer.size).join('-');
  const described = describeXylo(xylo, {
    name,
    description: `Imported from ${file} to Xylo: ${xylo.inputs}-${sizes}.`,
    steps: options.steps,
    passesAll,
  });
  return {
    ...described,
    graph,
    rules,
    network,
    xylo,
    reals,
    method,
    readout,
    output,
    notes: [...graph.notes, ...stepNotes(graph, rules), ...notes],
  };
}
