import { describe, expect, test } from 'vitest';
import { type NirGraph, readNir, writeNir } from '../../src/nir/index.ts';
import { expectRejection } from '../support/errors.ts';
import { battery, graphOf, paper } from './files.ts';

/** A graph as its parts, without what the version of a file and notes say. */
function partsOf({ nodes, edges }: NirGraph) {
  const dotted = (name: string) => name.replaceAll('/', '.');
  return {
    nodes: Object.fromEntries(
      [...nodes].map(([name, { type, parameters, padding }]) => [
        dotted(name),
        { type, padding, parameters: Object.fromEntries(parameters) },
      ]),
    ),
    edges: edges.map(({ from, to }) => [dotted(from), dotted(to)]),
  };
}

const namesIn = (files: Readonly<Record<string, Uint8Array>>) =>
  Object.keys(files)
    .filter((name) => name.endsWith('.nir') && !name.startsWith('broken') && !name.includes('lzf'))
    .map((name) => name.slice(0, -'.nir'.length));

describe('a graph that is written and read again is the same', () => {
  test.each([
    ...namesIn(battery).map((name) => [name, battery] as const),
    ...namesIn(paper).map((name) => [name, paper] as const),
  ])('%s', async (name, files) => {
    const graph = await graphOf(files, name);
    const again = await readNir({ name: 'again.nir', bytes: await writeNir(graph) });
    expect(partsOf(again)).toEqual(partsOf(graph));
  });
});

test('names that would be the same are refused', async () => {
  const graph = await graphOf(battery, 'affine');
  const [[, node] = ['', undefined]] = [...graph.nodes];
  if (node === undefined) throw new Error('a graph without nodes');
  const twice = { ...graph, nodes: new Map([...graph.nodes, ['a/b', node], ['a.b', node]]) };
  await expectRejection(writeNir(twice), 'data', "nodes 'a/b' and 'a.b' would both be named 'a.b'");
});
