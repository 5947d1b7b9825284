import { type Hdf5Group, type Hdf5Item, type Hdf5Numbers, type Hdf5Texts, writeHdf5 } from '../data/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { NirGraph, NirNode, Tensor } from './graph.ts';
import { type ParameterRule, parametersOf } from './primitives.ts';

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
