import {
  type Hdf5Contents,
  type Hdf5Group,
  type Hdf5Item,
  isHdf5,
  type NamedBytes,
  readHdf5,
  withAttributes,
  writeHdf5,
} from '../data/index.ts';
import { PlasticoreError } from '../text/index.ts';

/** What was seen of a node, in each step of each sample: samples x steps x neurons. */
export interface Grid {
  readonly is: 'grid';
  readonly shape: readonly [samples: number, steps: number, neurons: number];
  readonly values: Float64Array;
  /** Time of a step. */
  readonly dt: number;
}

/** Spikes of a node with their times; where they carry values, a neuron has at most one in a step. */
interface Events {
  readonly is: 'events';
  readonly samples: number;
  readonly neurons: number;
  /** The end of the recording. */
  readonly end: number;
  /** For each sample as many as the longest has; the neuron is -1 where there is none. */
  readonly neuron: Float64Array;
  readonly time: Float64Array;
  readonly value: Float64Array | undefined;
}

/** By node, what was seen of it, by name; a node of a graph within a graph is `block/node`. */
export type NirData = ReadonlyMap<string, ReadonlyMap<string, Grid | Events>>;

const layout = 'a file of nir.write_data is expected: NIRGraphData with nodes, and their observables';

/** How far a time may be before a step that it belongs to, in steps: times are products of floats. */
const tolerance = 1e-6;

/**
 * Reads NIRData (HDF5), as `nir.write_data` lays it out; undefined for a file of another kind.
 *
 * @throws PlasticoreError `data` with the node and the observable at fault
 */
export async function readNirData(file: NamedBytes): Promise<NirData | undefined> {
  if (!isHdf5(file.bytes)) return undefined;
  return readHdf5(
    file,
    (contents) => {
      if (contents.attribute('/', kindKey) !== 'NIRGraphData') return undefined;
      const nodes = new Map<string, ReadonlyMap<string, Grid | Events>>();
      readGraph(contents, file.name, '', '', nodes);
      return nodes;
    },
    layout,
  );
}

const kindKey = '__type__';

function readGraph(
  contents: Hdf5Contents,
  file: string,
  path: string,
  graph: string,
  nodes: Map<string, ReadonlyMap<string, Grid | Events>>,
): void {
  for (const each of contents.names(`${path}/nodes`) ?? []) {
    const [inside, name] = [`${path}/nodes/${each}`, graph === '' ? each : `${graph}/${each}`];
    if (contents.attribute(inside, kindKey) === 'NIRGraphData') {
      readGraph(contents, file, inside, name, nodes);
      continue;
    }
    const names = contents.names(`${inside}/observables`) ?? [];
    const read = (observable: string) =>
      observableOf(contents, `${inside}/observables/${observable}`, (what) => {
        throw new PlasticoreError('data', `node '${name}', ${observable}: ${what}`, { file });
      });
    nodes.set(name, new Map(names.map((observable) => [observable, read(observable)])));
  }
}

function observableOf(contents: Hdf5Contents, path: string, refuse: (what: string) => never): Grid | Events {
  const kind = contents.attribute(path, kindKey);
  const number = (name: string): number => {
    const value = contents.attribute(path, name);
    return typeof value === 'number' && value > 0
      ? value
      : refuse(`expected ${name} above 0, found ${value}`);
  };
  if (kind === 'TimeGriddedData') {
    const shape = contents.shape(`${path}/data`);
    const [samples, steps, neurons] = shape;
    if (samples === undefined || steps === undefined || neurons === undefined || shape.length !== 3)
      return refuse(`expected samples x steps x neurons, found ${shape.join(' x ')}`);
    const values = contents.numbers(`${path}/data`);
    return { is: 'grid', shape: [samples, steps, neurons], values, dt: number('dt') };
  }
  if (kind !== 'EventData' && kind !== 'ValuedEventData')
    return refuse(`expected TimeGriddedData, EventData or ValuedEventData, found ${kind}`);
  const [neuron, time] = [contents.numbers(`${path}/idx`), contents.numbers(`${path}/time`)];
  const value = kind === 'EventData' ? undefined : contents.numbers(`${path}/value`);
  if (neuron.length !== time.length || (value !== undefined && value.length !== time.length))
    return refuse('idx, time and value have different lengths');
  const [neurons, end] = [number('n_neurons'), number('t_max')];
  const wrong = neuron.find((own) => own >= neurons || own < -1 || !Number.isInteger(own));
  if (wrong !== undefined) return refuse(`expected neurons from 0 to ${neurons - 1}, found ${wrong}`);
  return { is: 'events', samples: contents.rows(`${path}/idx`), neurons, end, neuron, time, value };
}

/**
 * Events, or a grid, in steps: events of a neuron in a step count, or their values add up.
 *
 * @throws PlasticoreError `data` for a grid of other steps
 */
export function gridOf(seen: Grid | Events, dt: number, name: string): Grid {
  if (seen.is === 'grid') {
    if (Math.abs(seen.dt / dt - 1) <= tolerance) return seen;
    throw new PlasticoreError('data', `${name} has steps of ${seen.dt}, and the graph is read with ${dt}`);
  }
  const { samples, neurons, end, neuron, time, value } = seen;
  const steps = Math.max(1, Math.round(end / dt));
  const values = new Float64Array(samples * steps * neurons);
  const each = neuron.length / samples;
  for (const [place, own] of neuron.entries()) {
    const step = Math.floor((time[place] ?? Infinity) / dt + tolerance);
    if (own < 0 || step >= steps) continue;
    const at = (Math.floor(place / each) * steps + step) * neurons + own;
    values[at] = (values[at] ?? 0) + (value?.[place] ?? 1);
  }
  return { is: 'grid', shape: [samples, steps, neurons], values, dt };
}

/** A grid as events with their values, or without where all are 1: each in the middle of its step. */
export function eventsOf({ shape: [samples, steps, neurons], values, dt }: Grid): Events {
  const found = Array.from({ length: samples }, (): number[] => []);
  const each = steps * neurons;
  for (const [place, value] of values.entries())
    if (value !== 0) found[Math.floor(place / each)]?.push(place % each);
  const longest = found.reduce((most, { length }) => Math.max(most, length), 1);
  const neuron = new Float64Array(samples * longest).fill(-1);
  const time = neuron.map(() => Infinity);
  const value = neuron.map(() => 0);
  for (const [sample, places] of found.entries())
    for (const [at, place] of places.entries()) {
      neuron[sample * longest + at] = place % neurons;
      time[sample * longest + at] = (Math.floor(place / neurons) + 0.5) * dt;
      value[sample * longest + at] = values[sample * each + place] ?? 0;
    }
  const isPlain = values.every((own) => own === 0 || own === 1);
  // nir takes the whole part of the end by the step for the number of steps.
  const end = Math.floor((steps * dt) / dt) < steps ? (steps + tolerance) * dt : steps * dt;
  return { is: 'events', samples, neurons, end, neuron, time, value: isPlain ? undefined : value };
}

/** Writes NIRData (HDF5), as `nir.write_data` lays it out. */
export function writeNirData(data: NirData): Promise<Uint8Array> {
  const graph = (nodes: readonly (readonly [path: readonly string[], Hdf5Group])[]): Hdf5Group => {
    const inner = new Map<string, Hdf5Item>();
    for (const first of new Set(nodes.map(([[name = '']]) => name))) {
      const own = nodes.filter(([[name]]) => name === first);
      const [[path, node] = [[], new Map()]] = own;
      inner.set(first, path.length === 1 ? node : graph(own.map(([[, ...rest], item]) => [rest, item])));
    }
    return withAttributes(new Map([['nodes', inner]]), { [kindKey]: 'NIRGraphData' });
  };
  const nodes = [...data].map(([name, observables]) => {
    const items = new Map([...observables].map(([observable, seen]) => [observable, written(seen)]));
    const node = withAttributes(new Map([['observables', items]]), { [kindKey]: 'NIRNodeData' });
    return [name.split('/'), node] as const;
  });
  return writeHdf5(graph(nodes));
}

function written(seen: Grid | Events): Hdf5Group {
  if (seen.is === 'grid') {
    const { shape, values, dt } = seen;
    const data = { shape, values: Float32Array.from(values) };
    return withAttributes(new Map([['data', data]]), { [kindKey]: 'TimeGriddedData', dt });
  }
  const { samples, neurons, end, neuron, time, value } = seen;
  const shape = [samples, neuron.length / samples];
  const whole = BigInt64Array.from(neuron, (own) => BigInt(own));
  const kind = value === undefined ? 'EventData' : 'ValuedEventData';
  const items = new Map<string, Hdf5Item>([
    ['idx', { shape, values: whole }],
    ['time', { shape, values: time }],
    ...(value === undefined ? [] : [['value', { shape, values: value }] as const]),
  ]);
  return withAttributes(items, { [kindKey]: kind, n_neurons: neurons, t_max: end });
}
