import { writeNpz } from '../../data/index.ts';
import { yamlText } from '../../text/index.ts';
import { importFiles, inOrder, recordText, samplesOf, wordsOf } from '../files.ts';
import { readingsOf } from '../readings.ts';
import type { ImportContext } from '../record.ts';
import type { XyloImport } from './import.ts';

/** The files of an import to Xylo by name: its program, weights, an experiment, and what was decided. */
export function xyloFilesOf(
  imported: XyloImport,
  context: ImportContext,
): ReadonlyMap<string, string | Uint8Array> {
  const { description, arrays, network } = imported;
  const { source, hw, precision, data } = context;
  const experiment = {
    format: 'plasticore/experiment/1',
    name: description.name,
    description: `Runs ${source.name} as ${importFiles.program}, without learning, on ${wordsOf(context, network)}.`,
    program: `./${importFiles.program}`,
    hw,
    precisions: [precision],
    seeds: [1],
    ...samplesOf(data, { network, entry: 'each step' }),
    epochs: 0,
    default: { precision, seed: 1 },
  };
  return new Map<string, string | Uint8Array>([
    [importFiles.weights, writeNpz(arrays)],
    [
      importFiles.program,
      `# Made from ${source.name}; ${importFiles.record} says how.\n${yamlText({ format: 'plasticore/program/1', ...inOrder(description) })}`,
    ],
    [importFiles.experiment, yamlText(experiment)],
    [importFiles.record, recordText(source, recordOf(imported, context))],
  ]);
}

/** The contents of `import.json`. */
function recordOf(
  { graph, rules, network, xylo, method, readout, output, notes, description }: XyloImport,
  { hw, precision, decisions }: ImportContext,
) {
  const { input, depths, outputs, links } = network;
  return {
    nir: graph.version,
    notes,
    decisions,
    readings: readingsOf(graph, rules),
    hw,
    precision,
    steps: description.steps ?? 1,
    scales: method === 'channel' ? 'one for each target neuron' : 'one for hidden neurons, one for outputs',
    input: { node: input.node, population: input.name, shape: input.shape, gives: network.numbers.are },
    outputs: [...outputs].map(([node, { name }]) => ({ node, population: name, isReadout: node === output })),
    readout: `${readout.name}.count`,
    populations: [...xylo.hidden, xylo.outputs].map(({ name, dashMem, dashSyn, threshold, bias }) => ({
      population: name,
      node: network.stages.find((stage) => stage.name === name)?.node,
      dashMem: [...dashMem],
      dashSyn: [...dashSyn],
      threshold: [...threshold],
      bias: [...bias],
      stepsBehindInput: depths.get(name) ?? 0,
    })),
    projections: links.map(({ from, to, nodes }) => ({ from: from.name, to: to.name, nodes })),
  };
}
