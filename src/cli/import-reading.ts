/** Reads the sources of an import before it makes anything: the graph, its conventions, and samples. */
import { dirname } from 'node:path';
import type { HwModel } from '../hardware/index.ts';
import {
  DecidedInput,
  type Decision,
  type ExperimentData,
  findingNotes,
  findReadings,
  type ImportContext,
  type InputData,
  type NamedSamples,
  networkOf,
  rulesOf,
} from '../import/index.ts';
import { readNir } from '../nir/index.ts';
import { isBareName } from '../text/index.ts';
import { defaultSteps, stepsFor } from './import-choices.ts';
import { openSamples, pathFrom } from './input-source.ts';
import { statedReadings } from './stated-readings.ts';
import type { Terminal } from './terminal.ts';

/** The options of a command line that decide it. */
type ReadingLine = Parameters<typeof statedReadings>[0] &
  ConstructorParameters<typeof DecidedInput>[2] & {
    readonly file: string;
    readonly out?: string | undefined;
    readonly hw: string;
    readonly readings?: Parameters<typeof statedReadings>[1];
    readonly calibrate?: string | undefined;
    readonly check?: string | undefined;
    readonly learn?: readonly string[] | undefined;
  };

/** A graph with the samples of an import. */
export type Reading = Awaited<ReturnType<typeof readNetwork>>;

/**
 * Reads the graph and the samples of a command line.
 *
 * @param delivery when spikes arrive on the chip
 */
export async function readNetwork(
  line: ReadingLine,
  source: ImportContext['source'],
  hw: HwModel,
  precision: string,
  delivery: 'same' | 'next',
  terminal: Terminal,
) {
  const { file, out = '', calibrate, check, encoder } = line;
  const graph = await readNir({ name: file, bytes: source.bytes });
  const stated = statedReadings(line, line.readings);
  const { rules: assumed, decisions } = rulesOf(stated, graph);
  const named = async (path: string | undefined, part: 'train' | 'test') =>
    path === undefined ? undefined : openSamples(path, part, line.limit);
  const [toCalibrate, toCheck] = await Promise.all([named(calibrate, 'train'), named(check, 'test')]);
  const given = [toCheck, toCalibrate].filter((samples) => samples !== undefined);
  const input = new DecidedInput(given, networkOf(graph, assumed).input, line);
  const read = (samples: NamedSamples | undefined): InputData | undefined =>
    samples && input.read(samples, line.steps ?? defaultSteps);
  const [calibration, checked] = [read(toCalibrate), read(toCheck)];
  const found = findReadings(graph, assumed, stated, toCheck, checked);
  for (const note of findingNotes(found.findings)) terminal.note(note);
  const data = [checked, calibration].filter((samples) => samples !== undefined);
  const own: ExperimentData | undefined =
    given[0] === undefined
      ? encoder && { are: 'samples', path: undefined, encoder }
      : input.experimentData(given[0], line.learn && toCalibrate);
  const all: readonly Decision[] = [
    ...decisions,
    ...found.decisions,
    ...input.decisions,
    {
      what: 'when spikes arrive on the chip',
      value: `in the ${delivery} step`,
      why: `hw-model ${hw.name}`,
    },
  ];
  return {
    graph,
    rules: found.rules,
    stated,
    isFound: found.decisions.length > 0,
    input: input.numbers,
    calibration,
    checked,
    data,
    steps: stepsFor(data, line.steps),
    delivery,
    context: {
      source,
      data: own && fromFolder(own, out),
      // A bundled hw-model has a name, a file of one's own a path.
      hw: isBareName(line.hw) ? line.hw : pathFrom(out, line.hw),
      precision,
      decisions: all,
    },
  };
}

/** Paths of the data as an experiment in a folder names them. */
function fromFolder(data: ExperimentData, folder: string): ExperimentData {
  if (data.path === undefined) return data;
  const path = pathFrom(folder, data.path);
  if (data.are === 'samples' || data.train === undefined) return { ...data, path };
  return { ...data, path, train: pathFrom(dirname(data.path), data.train) };
}
