import {
  type Hdf5Contents,
  type Hdf5Group,
  type Hdf5Item,
  type Hdf5Numbers,
  type Hdf5Texts,
  isHdf5,
  type NamedBytes,
  readHdf5,
  writeHdf5,
} from '../data/index.ts';
import { PlasticoreError, suggest } from '../text/index.ts';
import {
  type Edge,
  type NirGraph,
  type NirNode,
  nodeTypes,
  type ParameterRule,
  parametersOf,
  type Tensor,
} from './graph.ts';
import { isLava, readLava } from './lava.ts';

const layout = 'a graph of NIR is expected: a group /node with type NIRGraph, nodes and edges';

/** A graph as it stands in a file: its nodes may be graphs. */
interface NestedGraph {
  readonly nodes: ReadonlyMap<string, NirNode | NestedGraph>;
  readonly edges: readonly Edge[];
}

/**
 * Reads a file of NIR (HDF5) and flattens its subgraphs, or a network of lava-dl, which becomes a graph.
 *
 * @throws PlasticoreError `data` with the node at fault: damaged files, unknown types, missing, misshapen or impossible
 * parameters, edges to nodes that are not there
 */
export async function readNir(file: NamedBytes): Promise<NirGraph> {
  if (!isHdf5(file.bytes)) {
    const start = new TextDecoder().decode(file.bytes.subarray(0, 8));
    throw new PlasticoreError('data', `not an HDF5 file: it begins with ${JSON.stringify(start)}`, {
      file: file.name,
      hint: 'nir.write writes such files',
    });
  }
  const read = (contents: Hdf5Contents) =>
    isLava(contents) ? readLava(contents, file.name) : new Reader(contents, file.name).read();
  return readHdf5(file, read, layout);
}

/** Collects the notes of a file. */
class Reader {
  readonly #contents: Hdf5Contents;
  readonly #file: string;
  readonly #notes: string[] = [];

  constructor(contents: Hdf5Contents, file: string) {
    this.#contents = contents;
    this.#file = file;
  }

  read(): NirGraph {
    const root = this.#described('node', '');
    if (!('edges' in root)) throw this.#wrong('the graph', "expected type 'NIRGraph', found a single node");
    const { nodes, edges } = this.#flatten(root, '');
    for (const [name, { type }] of nodes) {
      const isJoined = edges.some(({ from, to }) => from === name || to === name);
      if (!isJoined && type !== 'Input' && type !== 'Output')
        this.#notes.push(`node '${name}' has no edges: it is left out`);
    }
    const version = this.#contents.has('version') ? (this.#contents.strings('version')[0] ?? '') : '';
    return { nodes, edges, notes: this.#notes, version };
  }

  #described(path: string, name: string): NirNode | NestedGraph {
    if (!this.#contents.has(`${path}/type`)) throw this.#wrong(nodeNamed(name), 'it has no type');
    const type = this.#contents.strings(`${path}/type`)[0] ?? '';
    if (type === 'NIRGraph') {
      const nodes = new Map<string, NirNode | NestedGraph>();
      this.#collect(`${path}/nodes`, '', name, nodes);
      return { nodes, edges: this.#edges(path, name, nodes) };
    }
    const known = nodeTypes.find((candidate) => candidate === type);
    if (known === undefined) {
      throw this.#wrong(
        nodeNamed(name),
        `type '${type}' is not defined by NIR`,
        suggest(type, [...nodeTypes]),
      );
    }
    return this.#node(path, name, known);
  }

  /** HDF5 takes a slash in a node's name for a group within a group: one without a type is a part of names. */
  #collect(path: string, before: string, graph: string, nodes: Map<string, NirNode | NestedGraph>): void {
    const names = this.#contents.names(path);
    if (names === undefined)
      throw this.#wrong(graph === '' ? 'the graph' : `graph '${graph}'`, 'it has no nodes');
    for (const each of names) {
      const inside = `${path}/${each}`;
      const name = before === '' ? each : `${before}/${each}`;
      const parts = this.#contents.names(inside);
      if (parts === undefined) throw this.#wrong(nodeNamed(name), 'expected a group, found a data set');
      if (parts.includes('type')) nodes.set(name, this.#described(inside, joined(graph, name)));
      else this.#collect(inside, name, graph, nodes);
    }
  }

  #node(path: string, name: string, type: NirNode['type']): NirNode {
    const parameters = new Map<string, Tensor>();
    let padding: NirNode['padding'];
    const isConvolution = type === 'Conv1d' || type === 'Conv2d';
    const rules = Object.entries<ParameterRule>({
      ...parametersOf[type],
      ...(isConvolution && { padding: { wholeFrom: 0 } }),
    });
    for (const [parameter, rule] of rules) {
      const place = `${path}/${parameter}`;
      if (!this.#contents.has(place)) {
        if (rule.optional === true) continue;
        throw this.#wrong(nodeNamed(name), `the ${type} has no ${parameter}`);
      }
      if (parameter === 'padding' && this.#contents.isText(place)) {
        const word = this.#contents.strings(place)[0];
        if (word !== 'same' && word !== 'valid')
          throw this.#wrong(nodeNamed(name), `padding: expected 'same', 'valid' or numbers, found '${word}'`);
        padding = word;
        continue;
      }
      const tensor = { shape: this.#contents.shape(place), values: this.#contents.numbers(place) };
      this.#check(name, parameter, tensor, rule);
      parameters.set(parameter, tensor);
    }
    return { type, parameters, ...(padding !== undefined && { padding }) };
  }

  #check(node: string, parameter: string, { values }: Tensor, { positive, wholeFrom }: ParameterRule): void {
    const refuse = (at: number, expected: string, help?: string) =>
      this.#wrong(nodeNamed(node), `${parameter}[${at}]: expected ${expected}, found ${values[at]}`, help);
    for (const [at, value] of values.entries()) {
      if (!Number.isFinite(value)) throw refuse(at, 'a number');
      if (positive === true && value <= 0)
        throw refuse(
          at,
          'a time constant above 0',
          'snnTorch writes a negative one where a beta has been learnt above 1',
        );
      if (wholeFrom !== undefined && (!Number.isInteger(value) || value < wholeFrom))
        throw refuse(at, `a whole number from ${wholeFrom} on`);
    }
  }

  #edges(path: string, graph: string, nodes: ReadonlyMap<string, unknown>): Edge[] {
    const where = graph === '' ? 'the graph' : `graph '${graph}'`;
    if (!this.#contents.has(`${path}/edges`)) throw this.#wrong(where, 'it has no edges');
    const shape = this.#contents.shape(`${path}/edges`);
    if (shape.length !== 2 || shape[1] !== 2)
      throw this.#wrong(where, `edges: expected pairs of names, N x 2, found ${shape.join(' x ')}`);
    const names = shape[0] === 0 ? [] : this.#contents.strings(`${path}/edges`);
    const edges: Edge[] = [];
    const seen = new Set<string>();
    for (let at = 0; at < names.length; at += 2) {
      const [from = '', to = ''] = names.slice(at, at + 2);
      const missing = [from, to].find((name) => !nodes.has(name));
      if (missing !== undefined) {
        throw this.#wrong(
          where,
          `edge ${from} -> ${to} names a node '${missing}' that is not in the graph`,
          `its nodes are ${[...nodes.keys()].join(', ')}`,
        );
      }
      const key = JSON.stringify([from, to]);
      if (seen.has(key))
        this.#notes.push(`edge ${joined(graph, from)} -> ${joined(graph, to)} is listed twice: used once`);
      else edges.push({ from, to });
      seen.add(key);
    }
    return edges;
  }

  /** Puts the nodes of subgraphs into their graph. Their inputs and outputs become nodes that pass on what they get. */
  #flatten({ nodes, edges }: NestedGraph, before: string): Pick<NirGraph, 'nodes' | 'edges'> {
    const flat = new Map<string, NirNode>();
    const within: Edge[] = [];
    const ends = new Map<string, { readonly input: string; readonly output: string }>();
    for (const [name, node] of nodes) {
      const full = joined(before, name);
      if (!('edges' in node)) {
        flat.set(full, node);
        continue;
      }
      const inner = this.#flatten(node, full);
      for (const [each, found] of inner.nodes) flat.set(each, found);
      within.push(...inner.edges);
      const end = (type: 'Input' | 'Output'): string => {
        const found = [...node.nodes].filter(([, inside]) => 'type' in inside && inside.type === type);
        const [only] = found;
        if (only === undefined || found.length > 1)
          throw this.#wrong(
            `graph '${full}'`,
            `expected one ${type} in a graph within a graph, found ${found.length}`,
          );
        return joined(full, only[0]);
      };
      ends.set(name, { input: end('Input'), output: end('Output') });
    }
    const outer = edges.map(({ from, to }) => ({
      from: ends.get(from)?.output ?? joined(before, from),
      to: ends.get(to)?.input ?? joined(before, to),
    }));
    return { nodes: flat, edges: [...outer, ...within] };
  }

  #wrong(where: string, what: string, hint?: string): PlasticoreError {
    return new PlasticoreError('data', `${where}: ${what}`, {
      file: this.#file,
      ...(hint !== undefined && { hint }),
    });
  }
}

function nodeNamed(name: string): string {
  return `node '${name}'`;
}

function joined(graph: string, name: string): string {
  return graph === '' ? name : `${graph}/${name}`;
}

/** The version of NIR whose layout is written. */
const version = '1.0';

/**
 * Writes a graph as a file of NIR (HDF5), as `nir.write` lays it out. Numbers that float32 holds are written in
 * float32, others in float64. The slash that joins the names of a graph and of its nodes becomes a dot, since HDF5
 * takes it for a group.
 *
 * @throws PlasticoreError `data` if two nodes would have one name
 */
export async function writeNir({ nodes, edges }: NirGraph): Promise<Uint8Array> {
  const names = new Map<string, string>();
  for (const name of nodes.keys()) {
    const written = writtenName(name);
    const other = [...names].find(([, known]) => known === written)?.[0];
    if (other !== undefined)
      throw new PlasticoreError('data', `nodes '${other}' and '${name}' would both be named '${written}'`, {
        hint: 'rename one of them',
      });
    names.set(name, written);
  }
  const graph: Hdf5Group = new Map<string, Hdf5Item>([
    ['type', text('NIRGraph')],
    ['nodes', new Map([...nodes].map(([name, node]) => [writtenName(name), written(node)]))],
    [
      'edges',
      {
        shape: [edges.length, 2],
        texts: edges.flatMap(({ from, to }) => [writtenName(from), writtenName(to)]),
      },
    ],
  ]);
  return writeHdf5(
    new Map<string, Hdf5Item>([
      ['version', text(version)],
      ['node', graph],
    ]),
  );
}

function writtenName(name: string): string {
  return name.replaceAll('/', '.');
}

function written({ type, parameters, padding }: NirNode): Hdf5Group {
  const rules: Readonly<Record<string, ParameterRule>> = parametersOf[type];
  return new Map<string, Hdf5Item>([
    ['type', text(type)],
    ...[...parameters].map(([name, tensor]) => [name, numbers(tensor, rules[name])] as const),
    ...(padding === undefined ? [] : [['padding', text(padding)] as const]),
  ]);
}

function text(value: string): Hdf5Texts {
  return { shape: [], texts: [value] };
}

function numbers({ shape, values }: Tensor, rule: ParameterRule = { wholeFrom: 0 }): Hdf5Numbers {
  if (rule.wholeFrom !== undefined)
    return { shape, values: BigInt64Array.from(values, (value) => BigInt(value)) };
  const isNarrow = values.every((value) => Math.fround(value) === value);
  return { shape, values: isNarrow ? Float32Array.from(values) : values };
}
