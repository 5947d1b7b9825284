import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { defaultEventEncoding, writeNpz } from '../data/index.ts';
import type { ProgramDescription } from '../program/index.ts';
import { yamlText } from '../text/index.ts';
import type { ImportedNetwork } from './import.ts';
import type { InputNumbers } from './input-numbers.ts';
import type { Network } from './map/index.ts';
import { weightsFile } from './program/index.ts';
import type { IntegerNetwork } from './quantise/index.ts';
import { type ExperimentData, type ImportContext, recordOf } from './record.ts';

/** Names of the files that an import makes. */
export const importFiles = {
  program: 'program.yaml',
  weights: weightsFile,
  experiment: 'experiment.yaml',
  record: 'import.json',
} as const;

/** The files of an import by name. The same graph with the same options gives the same bytes. */
export function filesOf(
  imported: ImportedNetwork,
  context: ImportContext,
): ReadonlyMap<string, string | Uint8Array> {
  const { description, arrays, integers } = imported;
  const { source, hw, precision } = context;
  const program = { format: 'plasticore/program/1', ...inOrder(description) };
  const experiment = {
    format: 'plasticore/experiment/1',
    name: description.name,
    description: `Runs ${source.name} as ${importFiles.program}, ${imported.learns ? 'part of which goes on learning' : 'without learning'}, on ${wordsOf(context, integers.network)}.`,
    program: `./${importFiles.program}`,
    hw,
    precisions: [precision],
    seeds: [1],
    ...samplesOf(context.data, integers),
    epochs: imported.learns ? learntEpochs : 0,
  };
  return new Map<string, string | Uint8Array>([
    [importFiles.weights, writeNpz(arrays)],
    [
      importFiles.program,
      `# Made from ${source.name}; ${importFiles.record} says how.\n${yamlText(program)}`,
    ],
    [importFiles.experiment, yamlText(experiment)],
    [importFiles.record, recordText(source, recordOf(imported, context))],
  ]);
}

/** The text of `import.json`. */
export function recordText(source: ImportContext['source'], record: object): string {
  const whole = {
    schema: 'plasticore/import/1',
    source: { file: source.name, sha256: bytesToHex(sha256(source.bytes)) },
    ...record,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** Passes over the training set, in which the rate falls as it does in the program. */
const learntEpochs = 3;

/** The keys of an experiment that choose its data. */
export function samplesOf(
  data: ExperimentData | undefined,
  { network, entry }: Pick<IntegerNetwork, 'network' | 'entry'>,
): object {
  const { numbers, input } = network;
  const constant = entry === 'once' ? 'graded' : 'constant';
  if (data === undefined && numbers.are === 'constant') return { encoder: constant };
  if (data === undefined && input.size === digitPixels && numbers.are === 'spikes') return {};
  if (data?.are === 'samples')
    return {
      ...(data.path !== undefined && { data: data.path }),
      encoder:
        data.encoder === defaultEventEncoding
          ? 'bins'
          : data.encoder === 'constant'
            ? constant
            : data.encoder,
    };
  return {
    ...(data !== undefined && { data: data.path }),
    arrays: {
      ...(data?.train !== undefined && { train: { file: data.train, ...partOf(numbers, true) } }),
      test: partOf(numbers, data?.hasLabels ?? true),
      ...(data?.range && { range: [...data.range] }),
    },
    encoder: numbers.are === 'constant' ? constant : 'steps',
  };
}

/** The arrays of a part of the data. */
function partOf({ are }: InputNumbers, hasLabels: boolean): object {
  return { [are === 'constant' ? 'features' : are]: 'input', ...(hasLabels && { labels: 'label' }) };
}

export function wordsOf(
  { data }: Pick<ImportContext, 'data'>,
  { input: { size: inputs }, numbers }: Network,
): string {
  if (data?.are === 'spikes') return 'spikes in time steps';
  if (data?.are === 'values') return 'values in time steps';
  if (numbers.are === 'constant') return 'values that stay the same in all time steps';
  const encoded = `samples that become spikes (encoder)`;
  if (data !== undefined) return data.path === undefined ? `the digits in the package, ${encoded}` : encoded;
  if (inputs === digitPixels)
    return `the digits in the package, ${encoded}; an import that is checked with FILE.npz runs on spikes in time steps`;
  return `spikes in time steps: data names a file with the arrays input, samples x steps x ${inputs}, and label`;
}

/** Pictures of 28 x 28, which the embedded digits are. */
const digitPixels = 784;

/** The sections of a program in the order in which a person reads them. */
export function inOrder({ name, description, steps, settle, input, ...others }: ProgramDescription) {
  const { inputAxes, populations, projections, microcode, events, readout, parameters } = others;
  const { sample, tick, spike, previousSpike } = events;
  return {
    name,
    description,
    steps,
    settle,
    input,
    inputAxes,
    populations,
    projections,
    microcode,
    readout,
    parameters,
    events: { sample, tick, spike, previousSpike },
  };
}
