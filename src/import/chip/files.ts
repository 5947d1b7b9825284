import { writeNpz } from '../../data/index.ts';
import { stepNotes } from '../../nir/index.ts';
import { yamlText } from '../../text/index.ts';
import { importFiles, recordText, samplesOf, wordsOf } from '../files.ts';
import { readingsOf } from '../readings.ts';
import type { ImportContext } from '../record.ts';
import { type ChipImport, overridesOf } from './import.ts';

/** The files of an import to a chip by name: what its memories hold, an experiment, and what was decided. */
export function chipFilesOf(
  imported: ChipImport,
  context: ImportContext,
): ReadonlyMap<string, string | Uint8Array> {
  const { name, network, networks, mapped, chip } = imported;
  const { source, hw, precision, data } = context;
  const entry = 'each step';
  const experiment = {
    format: 'plasticore/experiment/1',
    name,
    description: `Runs ${source.name} in the memories of ${chip}, without learning, on ${wordsOf(context, network)}.`,
    program: networks.program,
    hw,
    precisions: [precision],
    seeds: [1],
    ...samplesOf(data, { network, entry }),
    [chip]: mapped.section,
    epochs: 0,
    set: Object.fromEntries(
      overridesOf(imported, importFiles.experiment).map(({ path, value }) => [
        ['program', ...path].join('.'),
        typeof value === 'object' && value !== null && 'file' in value
          ? { ...value, file: `./${String(value.file)}` }
          : value,
      ]),
    ),
    default: { precision, seed: 1 },
  };
  return new Map<string, string | Uint8Array>([
    [importFiles.weights, writeNpz(mapped.fields)],
    [
      importFiles.experiment,
      `# Made from ${source.name}; ${importFiles.record} says how.\n${yamlText(experiment)}`,
    ],
    [importFiles.record, recordText(source, chipRecordOf(imported, context))],
  ]);
}

/** The decisions of an import to a chip, with reasons: the contents of `import.json`. */
function chipRecordOf(imported: ChipImport, { hw, precision, decisions }: ImportContext) {
  const { graph, rules, network, mapped, readout, output, steps } = imported;
  const { input, depths, outputs, links } = network;
  return {
    nir: graph.version,
    notes: chipNotesOf(imported),
    decisions,
    readings: readingsOf(graph, rules),
    hw,
    precision,
    steps,
    input: { node: input.node, population: input.name, shape: input.shape, gives: network.numbers.are },
    outputs: [...outputs].map(([node, { name }]) => ({ node, population: name, isReadout: node === output })),
    readout: readout.name,
    populations: network.stages.map(({ name, node, type, shape }) => {
      const layer = mapped.layers.find((found) => found.name === name);
      return {
        population: name,
        node,
        type,
        shape,
        /** Divide the potential of a neuron of the chip by this for the graph's. */
        units: layer && [...layer.units],
        place: layer?.place,
        stepsBehindInput: depths.get(name) ?? 0,
      };
    }),
    projections: links.map(({ name, from, to, nodes }) => ({
      projection: name,
      from: from.name,
      to: to.name,
      nodes,
    })),
  };
}

/** Corrections of the graph, and what is different on the chip. */
export function chipNotesOf({
  graph,
  rules,
  mapped,
}: Pick<ChipImport, 'graph' | 'rules' | 'mapped'>): string[] {
  return [...graph.notes, ...stepNotes(graph, rules), ...mapped.notes];
}
