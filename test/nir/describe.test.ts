import { expect, test } from 'vitest';
import { describeNir } from '../../src/nir/index.ts';
import { battery, graphOf } from './files.ts';

test('a graph is described in the order in which its nodes act, with shapes, ranges, and edges that take a step', async () => {
  const { nodes, edges } = describeNir(await graphOf(battery, 'recurrent_linear'));
  const at = (name: string) => nodes.findIndex((node) => node.name === name);
  expect(at('input')).toBeLessThan(at('lif'));
  expect(at('w_rec')).toBeLessThan(at('lif'));
  expect(at('lif')).toBeLessThan(at('output'));
  expect(edges.filter(({ isLate }) => isLate)).toEqual([{ from: 'lif', to: 'w_rec', isLate: true }]);
  const conv = describeNir(await graphOf(battery, 'conv2d_stride_pad')).nodes.find(
    ({ type }) => type === 'Conv2d',
  );
  expect([conv?.input, conv?.output]).toEqual([
    [2, 7, 6],
    [3, 4, 8],
  ]);
});
