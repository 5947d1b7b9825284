/** Reads the sources of an import before it makes anything: the graph, its conventions, and samples. */
import { dirname } from 'node:path';
import {
  type ExperimentData,
  findingNotes,
  type InputData,
  type Reading,
  readGraph,
} from '../import/index.ts';
import { readNir } from '../nir/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { openSamples, pathFrom } from './input-source.ts';
import { statedReadings } from './stated-readings.ts';
import type { Terminal } from './terminal.ts';

/** The options of a command line that decide it. */
type ReadingLine = Parameters<typeof statedReadings>[0] &
  Parameters<typeof readGraph>[3] & {
    readonly out?: string | undefined;
    readonly readings?: Parameters<typeof statedReadings>[1];
    readonly calibrate?: string | undefined;
    readonly check?: string | undefined;
    readonly learn?: readonly string[] | undefined;
    readonly readout?: string | undefined;
  };

/** The most steps of a sample where no data say how many there are. */
export const defaultSteps = 100;

/** Reads a graph and the samples of a command line. @returns also the data of its experiment */
export async function readNetwork(
  line: ReadingLine,
  source: { readonly file: string; readonly name: string; readonly bytes: Uint8Array },
  terminal: Terminal,
): Promise<{ readonly reading: Reading; readonly data: ExperimentData | undefined }> {
  const { out = '', calibrate, check, limit, learn } = line;
  const graph = await readNir({ name: source.file, bytes: source.bytes });
  const stated = statedReadings(line, line.readings);
  const named = async (path: string | undefined, part: 'train' | 'test') =>
    path === undefined ? undefined : openSamples(path, part, limit);
  const [toCalibrate, toCheck] = await Promise.all([named(calibrate, 'train'), named(check, 'test')]);
  const read = readGraph(graph, stated, { toCheck, toCalibrate }, line, defaultSteps);
  for (const note of findingNotes(read.findings)) terminal.note(note);
  const data = read.experimentData(learn !== undefined);
  return {
    reading: {
      ...read,
      name: programName(source.name),
      steps: stepsFor(read.data, line.steps),
      output: line.readout,
    },
    data: data && fromFolder(data, out),
  };
}

/** A program is named after its file. */
function programName(file: string): string {
  return file.replace(/\.nir$/, '').replace(/[^A-Za-z0-9_-]/g, '_') || 'network';
}

/** The most steps of a sample: as given, or as many as the longest samples have. */
function stepsFor(given: readonly InputData[], stated: number | undefined): number {
  const longest = given.find(({ steps }) => given.every((other) => other.steps <= steps));
  if (longest === undefined || stated === undefined) return stated ?? longest?.steps ?? defaultSteps;
  if (longest.steps <= stated) return stated;
  throw new PlasticoreError(
    'usage',
    `--steps ${stated}: samples of ${longest.name} have ${longest.steps} steps`,
    { hint: 'without --steps, a sample may have as many as those of the data' },
  );
}

/** Paths of the data as an experiment in a folder names them. */
function fromFolder(data: ExperimentData, folder: string): ExperimentData {
  if (data.path === undefined) return data;
  const path = pathFrom(folder, data.path);
  if (data.are === 'samples' || data.train === undefined) return { ...data, path };
  return { ...data, path, train: pathFrom(dirname(data.path), data.train) };
}
