import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { defaultEventEncoding, writeNpz } from '../data/index.ts';
import type { ProgramDescription } from '../program/index.ts';
import { yamlText } from '../text/index.ts';
import type { ExperimentData } from './decide-input.ts';
import type { Imported } from './imported.ts';
import { type InputNumbers, inputBits } from './input-numbers.ts';
import type { Network } from './map/stages.ts';
import { weightsFile } from './program/layout.ts';
import { readingsOf } from './readings.ts';
import type { Decision } from './rules.ts';

/** Names of the files that an import makes. */
export const importFiles = {
  program: 'program.yaml',
  weights: weightsFile,
  experiment: 'experiment.yaml',
  record: 'import.json',
} as const;

/** Information for an import's files beside the program itself. */
export interface ImportContext {
  /** The graph's file: its name and its bytes. */
  readonly source: { readonly name: string; readonly bytes: Uint8Array };
  readonly hw: string;
  readonly precision: string;
  readonly decisions: readonly Decision[];
  /** The experiment's data; undefined if none are named. */
  readonly data: ExperimentData | undefined;
}

/** The files of an import by name. The same graph with the same options gives the same bytes. */
export function filesOf(
  imported: Imported,
  context: ImportContext,
): ReadonlyMap<string, string | Uint8Array> {
  const { description, bundled, arrays } = imported;
  const { source } = context;
  const made = `# Made from ${source.name}; ${importFiles.record} says how.\n`;
  const experiment = yamlText(experimentOf(imported, context));
  const record = {
    schema: 'plasticore/import/1',
    source: { file: source.name, sha256: bytesToHex(sha256(source.bytes)) },
    ...recordOf(imported, context),
  };
  return new Map<string, string | Uint8Array>([
    [importFiles.weights, writeNpz(arrays)],
    ...(description === undefined
      ? []
      : [
          [
            importFiles.program,
            `${made}${yamlText({ format: 'plasticore/program/1', ...inOrder(description) })}`,
          ] as const,
        ]),
    [importFiles.experiment, bundled === undefined ? experiment : `${made}${experiment}`],
    [importFiles.record, `${JSON.stringify(record, null, 2)}\n`],
  ]);
}

/** Passes over the training set, in which the rate falls as it does in the program. */
const learntEpochs = 3;

/** The experiment that runs an import. */
function experimentOf(
  { name, network, entry, bundled, learns, widths }: Imported,
  { source, hw, precision, data }: ImportContext,
): object {
  const place = bundled === undefined ? `as ${importFiles.program}` : `in the memories of ${bundled.chip}`;
  const learning = learns ? 'part of which goes on learning' : 'without learning';
  return {
    format: 'plasticore/experiment/1',
    name,
    description: `Runs ${source.name} ${place}, ${learning}, on ${wordsOf(data, network)}.`,
    program: bundled?.program ?? `./${importFiles.program}`,
    hw,
    precisions: [precision],
    seeds: [1],
    ...samplesOf(data, network, entry),
    ...(bundled && { [bundled.chip]: bundled.section }),
    epochs: learns ? learntEpochs : 0,
    ...(bundled && {
      set: Object.fromEntries(
        bundled.overrides.map(({ path, value }) => [['program', ...path].join('.'), fromHere(value)]),
      ),
    }),
    ...(widths === undefined && { default: { precision, seed: 1 } }),
  };
}

/** A value of the program for the experiment, which finds an array beside itself. */
function fromHere(value: unknown): unknown {
  const isArray = typeof value === 'object' && value !== null && 'file' in value;
  return isArray ? { ...value, file: `./${String(value.file)}` } : value;
}

/** The keys of an experiment that choose its data. */
function samplesOf(
  data: ExperimentData | undefined,
  { numbers, input }: Network,
  entry: Imported['entry'],
): object {
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

function wordsOf(data: ExperimentData | undefined, { input: { size: inputs }, numbers }: Network): string {
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
function inOrder({ name, description, steps, settle, input, ...others }: ProgramDescription) {
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

/** The decisions of an import, with reasons: the contents of `import.json`. */
function recordOf(imported: Imported, { hw, precision, decisions }: ImportContext) {
  const { graph, rules, network, output, steps, widths, notes } = imported;
  const { input, numbers, depths, outputs } = network;
  const { scales, readout, populations, projections } = imported.record();
  return {
    nir: graph.version,
    notes,
    decisions,
    readings: readingsOf(graph, rules),
    hw,
    precision,
    ...(widths && { accumulatorBits: widths.accumulatorBits }),
    steps,
    ...scales,
    input: {
      node: input.node,
      population: input.name,
      shape: input.shape,
      gives: numbers.are,
      ...(numbers.are !== 'spikes' && { scale: numbers.scale, offset: numbers.offset, bits: inputBits }),
    },
    outputs: [...outputs].map(([node, { name }]) => ({ node, population: name, isReadout: node === output })),
    readout,
    populations: populations.map(([{ name, node }, own]) => ({
      population: name,
      node,
      ...own,
      stepsBehindInput: depths.get(name) ?? 0,
    })),
    projections,
  };
}
