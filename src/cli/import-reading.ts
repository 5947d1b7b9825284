/** Reads the sources of an import before it makes anything: the graph, its conventions, and samples. */
import { basename, dirname, join } from 'node:path';
import { type NdArray, readNpz, stratifiedPrefix, writeNpz } from '../data/index.ts';
import { loadDataset } from '../data/node.ts';
import { readBytes, readText, statIfThere } from '../fs/index.ts';
import {
  type ExperimentData,
  findingNotes,
  type GivenRules,
  type InputData,
  type NamedSamples,
  type Reading,
  readGraph,
  withReadings,
} from '../import/index.ts';
import { conventions, gridOf, type NirData, type NirGraph, readNir, readNirData } from '../nir/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { pathFrom } from './files.ts';
import { textOption } from './options.ts';
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

/**
 * Reads a graph and the samples of a command line.
 *
 * @returns also the data of its experiment, and samples that it finds in no file yet, by the name of one
 */
export async function readNetwork(
  line: ReadingLine,
  source: { readonly file: string; readonly name: string; readonly bytes: Uint8Array },
  terminal: Terminal,
): Promise<{
  readonly reading: Reading;
  readonly data: ExperimentData | undefined;
  readonly copies: ReadonlyMap<string, Uint8Array>;
}> {
  const { out = '', calibrate, check, limit, learn } = line;
  const graph = await readNir({ name: source.file, bytes: source.bytes });
  const said = statedReadings(line, line.readings);
  const stated = { ...said, from: said.from ?? graph.framework };
  const named = async (path: string | undefined, part: 'train' | 'test') =>
    path === undefined
      ? undefined
      : openSamples(path, part, limit, (data) =>
          samplesOf(data, path, graph, stated, join(out, `${part}.npz`)),
        );
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
    copies: new Map(
      [toCalibrate, toCheck].flatMap((samples) =>
        samples !== undefined && 'arrays' in samples && samples.copy !== undefined
          ? [[basename(samples.copy), writeNpz(Object.fromEntries(samples.arrays))]]
          : [],
      ),
    ),
  };
}

/** A program is named after its file. */
function programName(file: string): string {
  return file.replace(/\.(nir|net)$/, '').replace(/[^A-Za-z0-9_-]/g, '_') || 'network';
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

/** The word for the digits in the package. */
const embedded = 'digits';

/** Opens a file with the arrays input, label and pred, or one of NIRData; any other path names a data set. */
async function openSamples(
  path: string,
  part: 'train' | 'test',
  limit: number | undefined,
  samplesFrom: (data: NirData) => NamedSamples,
): Promise<NamedSamples> {
  const arrays = path.endsWith('.npz') ? readNpz(readBytes(path), path) : undefined;
  if (arrays?.has('input')) return { path, arrays };
  const isFile = arrays === undefined && statIfThere(path)?.isFile() === true;
  const observed = isFile ? await readNirData({ name: path, bytes: readBytes(path) }) : undefined;
  if (observed !== undefined) return samplesFrom(observed);
  const isEmbedded = path === embedded;
  const all = await loadDataset(isEmbedded ? undefined : path);
  return {
    path,
    set: limit === undefined ? all[part] : stratifiedPrefix(all[part], limit, 0),
    isEmbedded,
  };
}

/**
 * Arrays of NIRData, as a `.npz` file has them: what its Input was given, and the spikes of nodes.
 *
 * @throws PlasticoreError `data` if nothing, or several things, were seen of the Input
 */
function samplesOf(
  data: NirData,
  path: string,
  { nodes }: NirGraph,
  { from, dt }: GivenRules,
  copy: string,
): NamedSamples {
  const step = dt?.all ?? conventions[from ?? 'strict'].dt;
  const inputs = [...data].filter(([node]) => nodes.get(node)?.type === 'Input');
  const given = inputs.flatMap(([node, observables]) =>
    [...observables].map(([name, seen]) => ({ node, name, seen })),
  );
  const [input, another] = given;
  if (input === undefined || another !== undefined) {
    const found = given.map(({ node, name }) => `'${name}' of '${node}'`).join(', ') || 'none';
    throw new PlasticoreError('data', `expected one observable of the graph's Input, found ${found}`, {
      file: path,
    });
  }
  const arrayOf = (seen: typeof input.seen, name: string): NdArray => {
    const { shape, values } = gridOf(seen, step, `${path}: ${name}`);
    return {
      shape,
      data: values.every((value) => Number.isInteger(value) && value >= 0 && value < 256)
        ? Uint8Array.from(values)
        : values,
    };
  };
  const spikes = [...data].flatMap(([node, observables]) => {
    const seen = nodes.get(node)?.type === 'Input' ? undefined : observables.get('spikes');
    return seen === undefined ? [] : [[`${node}_spikes`, arrayOf(seen, node)] as const];
  });
  return { path, copy, arrays: new Map([['input', arrayOf(input.seen, input.node)], ...spikes]) };
}

export const readingsOption = textOption(
  'A file that says how to read neurons, all or those of single nodes; options take precedence',
);

/** How to read neurons: as options say, and where they are silent, as a file says. */
function statedReadings(given: GivenRules, file: string | undefined): GivenRules {
  return file === undefined ? given : withReadings(given, readText(file), file);
}
