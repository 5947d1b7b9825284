import { describe, expect, test } from 'vitest';
import { conventions, NirNetwork, readNir } from '../../src/nir/index.ts';
import { expectError } from '../support/errors.ts';
import { arraysOf, battery, bytesOf, graphOf } from './files.ts';

const names = Object.keys(battery)
  .filter((file) => file.endsWith('.nir'))
  .map((file) => file.slice(0, -4));
/** Packed by a filter that is not part of HDF5. */
const refused = ['compression_lzf'];
const valid = names.filter((name) => battery[`${name}.npz`] !== undefined && !refused.includes(name));

/** What a graph of the battery gives, and what it should. */
async function resultsOf(name: string) {
  const graph = await graphOf(battery, name);
  const arrays = arraysOf(bytesOf(battery, `${name}.npz`));
  const network = new NirNetwork(graph, { ...conventions.strict, dt: arrays('dt')?.values[0] ?? 0 });
  const named = (kind: string, node: string) => arrays(`${kind}_${node}`) ?? arrays(kind);
  const [first = ''] = network.inputs.keys();
  const steps = named('input', first)?.shape[0] ?? 0;
  const inputs = [...network.inputs.keys()].map(
    (node) => [node, named('input', node)?.values ?? []] as const,
  );
  const outputs = network.run(new Map(inputs), steps);
  const expected = [...outputs.keys()].map(
    (node) => [node, named('output', node)?.values ?? new Float64Array()] as const,
  );
  return { graph, outputs, expected: new Map(expected) };
}

test('the battery is complete', () => {
  expect(valid.length).toBeGreaterThanOrEqual(50);
});

test.each(valid)('%s gives its expected output', async (name) => {
  const { outputs, expected } = await resultsOf(name);
  expect(outputs.size).toBeGreaterThan(0);
  for (const [node, found] of outputs) {
    const wanted = expected.get(node) ?? new Float64Array();
    expect(found.length).toBe(wanted.length);
    for (const [at, value] of found.entries())
      expect(Math.abs(value - (wanted[at] ?? Number.NaN))).toBeLessThanOrEqual(1e-6);
  }
});

describe('what is odd is told', () => {
  test.each([
    ['broken_duplicate_edge', 'edge fc -> lif is listed twice: used once'],
    ['dead_node', "node 'spare' has no edges: it is left out"],
  ])('%s', async (name, note) => {
    expect((await graphOf(battery, name)).notes).toEqual([note]);
  });
});

describe('a broken graph is refused, with the node', () => {
  test.each([
    ['broken_not_hdf5', 'not an HDF5 file: it begins with "{\\"nodes\\""'],
    ['broken_edge_to_missing_node', "edge lif -> readout names a node 'readout' that is not in the graph"],
    ['broken_edges_shape', 'edges: expected pairs of names, N x 2, found 2 x 3'],
    ['broken_missing_parameter', "node 'lif': the LIF has no tau"],
    ['broken_tau_zero', "node 'lif': tau[2]: expected a time constant above 0, found 0"],
    ['broken_unknown_node_type', "node 'lif': type 'AdLIF' is not defined by NIR"],
    ['compression_lzf', "is packed with filter 'lzf', which cannot be read"],
  ])('%s', async (name, words) => {
    await expect(readNir({ name, bytes: bytesOf(battery, `${name}.nir`) })).rejects.toThrow(words);
  });

  test.each([
    ['broken_no_output', 'the graph has no Output'],
    ['broken_shape_mismatch', "node 'fc': its weight [4, 7] takes 7 values, but it gets [4]"],
  ])('%s', async (name, words) => {
    const graph = await graphOf(battery, name);
    expectError(() => new NirNetwork(graph, conventions.strict), 'data', words);
  });

  test('cut short', async () => {
    const bytes = bytesOf(battery, 'lif.nir');
    for (const length of [9, 100, 1000, 10_000, bytes.length - 1]) {
      const result = await readNir({ name: 'lif.nir', bytes: bytes.slice(0, length) }).then(
        () => 'read',
        (error: { code?: string }) => error.code,
      );
      expect(result).toBe('data');
    }
  });
});
