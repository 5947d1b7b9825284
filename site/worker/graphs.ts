/** A graph of NIR, as a design: its program, weights and experiment are edits. */
import { type Dataset, readNpz, stratifiedPrefix } from '../../src/data/index.ts';
import { findHwModel, loadExperiment } from '../../src/experiment/index.ts';
import {
  driftOf,
  findingNotes,
  importFiles,
  importPrecision,
  importTo,
  type NamedSamples,
  networkOf,
  readGraph,
  rulesOf,
  targetOf,
} from '../../src/import/index.ts';
import { readNir } from '../../src/nir/index.ts';
import { type Drift, driftRemarks, grouped, percent, silentLayers } from '../../src/report/index.ts';
import { type Find, isBareName } from '../../src/text/index.ts';
import { defaultDesign } from '../shared/design.ts';
import type { DroppedFile } from '../shared/dropped-file.ts';
import type { GraphOptions } from '../shared/graphs.ts';
import type { DesignOfFile } from '../shared/protocol.ts';
import { arraysText } from './edits.ts';
import { statedInput, statedRules, takesDigits } from './graph-options.ts';

const hwName = 'reference';
/** So many digits decide on the scales of a graph, and as many are compared. */
const usedDigits = 100;
/** The spikes of a picture are the same each time. */
const encoder = 'phase';

/**
 * Imports a graph as `plasticore import` does, for the reference core, and compares floats with integers.
 *
 * @throws PlasticoreError `data`, with the node, for what a core cannot do
 */
export async function designOfGraph(
  file: DroppedFile,
  options: GraphOptions,
  find: Find,
  digits: () => Promise<Dataset>,
): Promise<DesignOfFile> {
  const { steps, samples } = options;
  const graph = await readNir(file);
  const hw = findHwModel({ name: hwName, from: '' }, importPrecision, find);
  const stated = statedRules(options);
  const stage = networkOf(graph, rulesOf(stated, graph).rules).input;
  const isOfDigits = samples === undefined && takesDigits(stage);
  const given = isOfDigits
    ? ofDigits(await digits())
    : { toCheck: samples && ofFile(samples), toCalibrate: undefined };
  const asked = statedInput(options);
  const read = readGraph(
    graph,
    stated,
    given,
    { ...asked, encoder: isOfDigits && asked.input !== 'constant' ? encoder : undefined },
    steps,
  );
  const name = nameOf(file.name, find);
  const reading = { ...read, name, steps: read.checked?.steps ?? steps };
  const data = read.experimentData(false);
  const made = importTo(targetOf(hw, [], {}, find), reading, { source: file, hw: hwName, data }, find);
  const { imported, files } = made;
  const drift = driftOf(made, reading, 'fast');
  const text = (path: string): string => String(files.get(path) ?? '');
  const weights = files.get(importFiles.weights);
  const experimentFile = `experiments/${name}.yaml`;
  const experimentText = text(importFiles.experiment).replace(`./${importFiles.program}`, name);
  const experiment = loadExperiment({ text: experimentText, file: experimentFile });
  return {
    design: {
      ...defaultDesign,
      experiment: name,
      edits: {
        [experimentFile]: experimentText,
        [`programs/${name}.yaml`]: text(importFiles.program),
        ...(weights instanceof Uint8Array && { [`programs/${importFiles.weights}`]: arraysText(weights) }),
      },
    },
    notes: [
      ...findingNotes(read.findings),
      ...imported.notes,
      ...(drift === undefined
        ? []
        : driftRemarks({
            ...drift,
            layers: drift.layers.filter((layer) => !silentLayers(drift).includes(layer)),
          })),
    ],
    fault: drift && silenceIn(drift),
    figures: drift === undefined ? [] : figuresOf(drift),
    arrays: samples && experiment.spec.arrays,
    answers: drift?.bySample.map(({ integer }) => integer),
  };
}

function ofDigits({ train, test }: Dataset): Record<'toCheck' | 'toCalibrate', NamedSamples> {
  const first = (set: Dataset['train'] | Dataset['test']): NamedSamples => ({
    path: 'digits',
    set: stratifiedPrefix(set, usedDigits, 0),
    isEmbedded: true,
  });
  return { toCheck: first(test), toCalibrate: first(train) };
}

function ofFile({ name, bytes }: DroppedFile): NamedSamples {
  return { path: name, arrays: readNpz(bytes, name) };
}

/** That layers pass nothing on, if some do: the answer then says nothing of the sample. */
function silenceIn(drift: Drift): string | undefined {
  const silent = silentLayers(drift).map(({ node }) => `'${node}'`);
  return silent.length === 0
    ? undefined
    : `no neuron of ${silent.join(', ')} spikes in ${grouped(drift.samples)} samples: is the network from another framework?`;
}

/** How far the integers are from the floats. */
function figuresOf(drift: Drift): DesignOfFile['figures'] {
  const { samples, steps, agreement, accuracy, recorded } = drift;
  return [
    { name: 'compared', value: `${grouped(samples)} samples of ${grouped(steps)} steps` },
    // Where nothing spikes, both answer alike whatever they are.
    ...(silenceIn(drift) !== undefined
      ? []
      : [{ name: 'integers answer as floats do', value: percent(agreement) }]),
    ...(accuracy === undefined
      ? []
      : [
          { name: 'right in floats', value: percent(accuracy.float) },
          { name: 'right in integers', value: percent(accuracy.integer) },
        ]),
    ...(recorded === undefined
      ? []
      : [{ name: 'integers answer as the file says', value: percent(recorded.integer) }]),
  ];
}

/** A name that no bundled file has. */
function nameOf(file: string, find: Find): string {
  const name = file.replace(/\.nir$/i, '').replace(/[^A-Za-z0-9_-]/g, '_') || 'network';
  const isTaken = (['experiment', 'program'] as const).some((kind) => {
    try {
      find(kind, name, '');
      return true;
    } catch {
      return false;
    }
  });
  return isTaken || !isBareName(name) ? `${name}-imported` : name;
}
