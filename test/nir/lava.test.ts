import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Hdf5Group, type Hdf5Item, writeHdf5 } from '../../src/data/index.ts';
import { conventions, NirNetwork, readNir } from '../../src/nir/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { Dice } from '../engine/random/dice.ts';
import { argv } from '../support/argv.ts';
import { expectRejection } from '../support/errors.ts';
import { scratch } from '../support/scratch.ts';

const { path } = scratch();

const numbers = (values: readonly number[], shape: readonly number[] = [values.length]): Hdf5Item => ({
  shape,
  values: Float64Array.from(values),
});
const one = (value: number) => numbers([value], []);
/** lava-dl writes the type of a layer as an array of one text, that of neurons as a text. */
const layer = (type: string, items: Readonly<Record<string, Hdf5Item>>): Hdf5Group =>
  new Map(Object.entries({ type: { shape: [1], texts: [type] }, ...items }));
const neuron = (values: Readonly<Record<string, number>>, type = 'LOIHI'): Hdf5Group =>
  new Map<string, Hdf5Item>([
    ['type', { shape: [], texts: [type] }],
    ...Object.entries({ refDelay: 1, ...values }).map(([name, value]) => [name, one(value)] as const),
  ]);
const fileOf = (layers: readonly Hdf5Group[]) =>
  writeHdf5(new Map([['layer', new Map(layers.map((item, number) => [String(number), item]))]]));
const graphOf = async (layers: readonly Hdf5Group[]) =>
  readNir({ name: 'x.net', bytes: await fileOf(layers) });

const dice = new Dice(5);
const whole = (count: number) => Array.from({ length: count }, () => dice.whole(-4, 5));
const kernel = whole(2 * 4);
const [dense, back, last] = [whole(3 * 8), whole(3 * 3), whole(3)];
const picture = layer('input', { shape: numbers([1, 3, 3]) });
const convolution = layer('conv', {
  shape: numbers([2, 2, 2]),
  // What is behind the point is cut off.
  weight: numbers(
    kernel.map((value) => value + 0.25 * Math.sign(value)),
    [2, 1, 2, 2],
  ),
  bias: numbers([1, -1]),
  stride: numbers([1, 1]),
  padding: numbers([0, 0]),
  dilation: numbers([1, 1]),
  groups: one(1),
  neuron: neuron({ iDecay: 4096, vDecay: 1024, vThMant: 5 }),
});
const layers = [
  picture,
  convolution,
  layer('flatten', { shape: numbers([1, 1, 8]) }),
  layer('dense_rec', {
    shape: numbers([3, 1, 1]),
    weight: numbers(dense, [3, 8]),
    weight_rec: numbers(back, [3, 3]),
    bias: numbers([1, 0, 2]),
    delay: numbers([0, 1, 2]),
    neuron: neuron({ iDecay: 2048, vDecay: 1024, vThMant: 4 }, 'CUBA'),
  }),
  layer('dense', {
    shape: numbers([1, 1, 1]),
    weight: numbers(last),
    neuron: neuron({ iDecay: 4096, vDecay: 0, vThMant: 3 }),
  }),
];

/** Lava's neurons: u = u (1 - iDecay/4096) + input, v = v (1 - vDecay/4096) + u + bias; above the threshold, v = 0. */
class Loihi {
  readonly #u: number[];
  readonly #v: number[];
  readonly #of: readonly [iDecay: number, vDecay: number, threshold: number];
  readonly #bias: (at: number) => number;

  constructor(size: number, of: readonly [number, number, number], bias: (at: number) => number) {
    [this.#u, this.#v] = [new Array(size).fill(0), new Array(size).fill(0)];
    this.#of = of;
    this.#bias = bias;
  }

  step(input: readonly number[]): number[] {
    const [i, v, threshold] = this.#of;
    return input.map((value, at) => {
      const u = (this.#u[at] ?? 0) * (1 - i / 4096) + value;
      const met = (this.#v[at] ?? 0) * (1 - v / 4096) + u + this.#bias(at);
      this.#u[at] = u;
      this.#v[at] = met > threshold ? 0 : met;
      return Number(met > threshold);
    });
  }
}

test('a network of lava-dl spikes as its equations say', async () => {
  const steps = 40;
  const input = Float64Array.from({ length: steps * 9 }, () => Number(dice.chance(0.4)));
  const first = new Loihi(8, [4096, 1024, 5], (at) => (at < 4 ? 1 : -1));
  const second = new Loihi(3, [2048, 1024, 4], (at) => [1, 0, 2][at] ?? 0);
  const third = new Loihi(1, [4096, 0, 3], () => 0);
  const history: number[][] = [];
  const expected: number[][] = [];
  for (let step = 0; step < steps; step++) {
    const x = (row: number, column: number) => input[step * 9 + row * 3 + column] ?? 0;
    const conv = Array.from({ length: 8 }, (_, at) => {
      const [filter, row, column] = [Math.floor(at / 4), Math.floor((at % 4) / 2), at % 2];
      const weight = (place: number) => kernel[filter * 4 + place] ?? 0;
      return (
        weight(0) * x(row, column) +
        weight(1) * x(row, column + 1) +
        weight(2) * x(row + 1, column) +
        weight(3) * x(row + 1, column + 1)
      );
    });
    const hidden = first.step(conv);
    const before = history.at(-1) ?? [0, 0, 0];
    const sum = (weights: readonly number[], row: number, of: readonly number[]) =>
      of.reduce((total, value, at) => total + value * (weights[row * of.length + at] ?? 0), 0);
    history.push(second.step([0, 1, 2].map((row) => sum(dense, row, hidden) + sum(back, row, before))));
    const late = [0, 1, 2].map((neuronAt) => history[step - neuronAt]?.[neuronAt] ?? 0);
    expected.push(third.step([sum(last, 0, late)]));
  }
  const graph = await graphOf(layers);
  expect(graph.framework).toBe('lava');
  const outputs = new NirNetwork(graph, conventions.lava).run(new Map([['input', input]]), steps);
  expect([...(outputs.get('output') ?? [])]).toEqual(expected.flat());
  // Silence would be equal, too.
  expect(expected.flat().filter(Boolean).length).toBeGreaterThan(3);
});

test('a bias does not go through a current that has a memory, nor a spike comes where none can', async () => {
  const items = { weight: numbers(kernel, [2, 1, 2, 2]), bias: numbers([1, -1]), groups: one(1) };
  const window = { stride: numbers([1, 1]), padding: numbers([0, 0]), dilation: numbers([1, 1]) };
  const { nodes } = await graphOf([
    picture,
    layer('conv', {
      ...items,
      ...window,
      shape: numbers([2, 2, 2]),
      neuron: neuron({ iDecay: 2048, vDecay: 1024, vThMant: 131_071 }),
    }),
    layer('dense', { shape: numbers([1, 1, 1]), weight: numbers(whole(8)) }),
  ]);
  expect([...nodes.values()].map(({ type }) => type).join(' ')).toBe(
    'Input Conv2d CubaLI Flatten Affine I Output',
  );
  const of = (node: string, parameter: string) => [
    ...(nodes.get(node)?.parameters.get(parameter)?.values ?? []),
  ];
  expect(of('layer1', 'bias')).toEqual([0, 0]);
  // A leak of a quarter towards 4 adds 1 in each step.
  expect(of('neurons1', 'v_leak')).toEqual([4, 4, 4, 4, -4, -4, -4, -4]);
});

test('is imported without a word on its framework', async () => {
  const [file, out] = [path('small.net'), path('small')];
  writeFileSync(file, await fileOf(layers.slice(0, 2)));
  const { status, stderr } = await commandLine(argv`import ${file} -o ${out}`);
  expect([status, stderr]).toEqual([0, expect.stringContaining("'neurons1', LIF: steps of 1, leak euler")]);
  expect(stderr).not.toContain('no --from');
  const described = await commandLine(argv`inspect ${file}`);
  expect([described.status, described.stdout]).toEqual([0, expect.stringContaining('neurons1')]);
});

test.each([
  ['layer 1: expected input, conv, dense, dense_rec or flatten, found pool', layer('pool', {})],
  [
    'layer 1: expected neurons of type LOIHI or CUBA, found SDNN',
    layer('dense', {
      shape: numbers([1, 1, 1]),
      weight: numbers(whole(9)),
      neuron: neuron({ vThMant: 1 }, 'SDNN'),
    }),
  ],
  [
    'layer 1: its neurons rest for 3 steps (refDelay)',
    layer('dense', {
      shape: numbers([1, 1, 1]),
      weight: numbers(whole(9)),
      neuron: neuron({ vThMant: 1, refDelay: 3 }),
    }),
  ],
])('%s', async (words, wrong) => {
  await expectRejection(graphOf([picture, wrong]), 'data', words);
});
