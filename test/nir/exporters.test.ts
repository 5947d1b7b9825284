import { describe, expect, test } from 'vitest';
import { type Conventions, conventions, NirNetwork, readNir } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { graph } from '../import/support.ts';
import { type Content, hdf5File } from '../support/hdf5.ts';

/*
 * Neurons as exporters of 2026 write them (SpikingJelly at afb13226, nir_exchange/to_nir.py; snnTorch at 634fc22,
 * export_nir.py), beside their frameworks' equations in plain loops. All numbers are halves of halves, so that sums
 * are exact.
 */

/** Time of a step. */
const dt = 1e-4;
const steps = 200;
const dice = new Dice(11);
const input = Float64Array.from({ length: steps }, () => dice.whole(-4, 8) / 8);

type Step = (
  v: number,
  x: number,
  spiked: boolean,
) => { readonly met: number; readonly spikes: boolean; readonly v: number };

function loop(start: number, step: Step): number[] {
  let [v, spiked] = [start, false];
  return Array.from(input, (x) => {
    const { spikes, v: left } = step(v, x, spiked);
    [v, spiked] = [left, spikes];
    return Number(spikes);
  });
}

function nirSpikes(
  type: 'IF' | 'LIF',
  parameters: Readonly<Record<string, number>>,
  rules: Conventions,
): number[] {
  const each = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, [[1], [value]] as const]),
  );
  const nir = graph(
    { in: ['Input', { shape: [[1], [1]] }], n: [type, each], out: ['Output', { shape: [[1], [1]] }] },
    'in -> n -> out',
  );
  return [...(new NirNetwork(nir, rules).run(new Map([['in', input]]), steps).get('out') ?? [])];
}

describe('SpikingJelly', () => {
  const fired = (met: number, soft: boolean, reset: number) => {
    const spikes = met - 1 >= 0;
    return { met, spikes, v: !spikes ? met : soft ? met - 1 : reset };
  };

  // A soft reset (v_reset=None) is written as one to 0, so that the file does not say which it was.
  test.each([
    [true, 0],
    [false, 0],
    [false, 0.25],
  ])('IFNode and LIFNode: soft %s, v_reset %d', (soft, reset) => {
    const rules: Conventions = soft
      ? { ...conventions.spikingjelly, reset: 'subtract' }
      : conventions.spikingjelly;
    const written = { v_threshold: 1, v_reset: reset };
    const counted: number[] = [];
    for (const decaysInput of [true, false]) {
      const expected = loop(reset, (v, x) =>
        fired(decaysInput ? v + (x - (v - reset)) / 2 : v - (v - reset) / 2 + x, soft, reset),
      );
      const lif = { ...written, tau: 2 * dt, r: decaysInput ? 1 : 2, v_leak: reset };
      expect(nirSpikes('LIF', lif, rules)).toEqual(expected);
      counted.push(expected.filter(Boolean).length);
    }
    const expected = loop(reset, (v, x) => fired(v + x, soft, reset));
    expect(nirSpikes('IF', { ...written, r: 1 / dt }, rules)).toEqual(expected);
    expect(Math.max(...counted)).toBeGreaterThan(5);
  });
});

test.each([
  ['subtract', conventions.snntorch],
  ['zero', { ...conventions.snntorch, reset: 'zero-late' }],
] as const)('snnTorch, Leaky: reset_mechanism %s', (mechanism, rules) => {
  const beta = 0.75;
  const expected = loop(0, (v, x, spiked) => {
    const kept = mechanism === 'zero' && spiked ? 0 : v;
    const met = beta * kept + x - (mechanism === 'subtract' && spiked ? 1 : 0);
    return { met, spikes: met - 1 > 0, v: met };
  });
  const tau = dt / (1 - beta);
  const written = { tau, r: tau / dt, v_leak: 0, v_threshold: 1, v_reset: 0 };
  expect(nirSpikes('LIF', written, rules)).toEqual(expected);
  expect(expected.filter(Boolean).length).toBeGreaterThan(5);
});

/** What a node has, by name: numbers with a shape, one number without, or the nodes and edges of a graph within. */
type Written = Readonly<
  Record<string, readonly [shape: readonly number[], values: readonly number[]] | number>
>;
type Nodes = Readonly<Record<string, readonly [type: string, has: Written] | Graph>>;
interface Graph {
  readonly nodes: Nodes;
  readonly edges: readonly (readonly [string, string])[];
}

/** A file as `nir.write` lays it out, by the writer of the tests: compressed, but for numbers without a shape. */
function fileOf(whole: Graph): Uint8Array {
  const numbers = (value: Written[string], type: 'float64' | 'int64'): Content => {
    if (typeof value === 'number') return { values: [value], shape: [], type };
    const [shape, values] = value;
    return { values, shape, type, ...(shape.length === 1 && { storage: { chunk: 4, deflate: true } }) };
  };
  const isWhole =
    /^(stride|padding|dilation|groups|input_shape|kernel_size|shape|input_type|start_dim|end_dim)$/;
  const partsOf = ({ nodes, edges }: Graph, path: string): [string, Content][] => [
    [`${path}/type`, { strings: ['NIRGraph'] }],
    [`${path}/edges`, { strings: edges.flat(), shape: [edges.length, 2] }],
    ...Object.entries(nodes).flatMap(([name, node]): [string, Content][] => {
      const inside = `${path}/nodes/${name}`;
      if ('nodes' in node) return partsOf(node, inside);
      const [type, has] = node;
      return [
        [`${inside}/type`, { strings: [type] }],
        ...Object.entries(has).map(([parameter, value]): [string, Content] => [
          `${inside}/${parameter}`,
          numbers(value, isWhole.test(parameter) ? 'int64' : 'float64'),
        ]),
      ];
    }),
  ];
  return hdf5File(Object.fromEntries([['version', { strings: ['1.0.8'] }], ...partsOf(whole, 'node')]));
}

const chained = (...names: readonly string[]) =>
  names.slice(1).map((name, at) => [names[at] ?? '', name] as const);
const eighths = (count: number) => Array.from({ length: count }, () => dice.whole(-7, 8) / 8);
const full = (shape: readonly number[], value: number) =>
  [shape, new Array<number>(shape.reduce((product, length) => product * length, 1)).fill(value)] as const;
const list = (...values: readonly number[]) => [[values.length], values] as const;
const dot = (weights: readonly number[], row: number, x: readonly number[]) =>
  x.reduce((sum, value, at) => sum + value * (weights[row * x.length + at] ?? 0), 0);
async function spikesOf(file: Uint8Array, rules: Conventions, given: readonly number[], count: number) {
  const network = new NirNetwork(await readNir({ name: 'net.nir', bytes: file }), rules);
  return [...(network.run(new Map([['input', Float64Array.from(given)]]), count).get('output') ?? [])];
}

test('a file of SpikingJelly: Conv2d, LIFNode, AvgPool2d(2), Flatten, Linear, IFNode', async () => {
  const [kernel, dense] = [eighths(18), eighths(16).map(Math.abs)];
  const like = [2, 4, 4];
  const file = fileOf({
    nodes: {
      input: ['Input', { shape: list(1, 4, 4) }],
      '0': [
        'Conv2d',
        {
          ...{ weight: [[2, 1, 3, 3], kernel], bias: list(0, 0), input_shape: list(4, 4), groups: 1 },
          ...{ stride: list(1, 1), padding: list(1, 1), dilation: list(1, 1) },
        },
      ],
      '1': [
        'LIF',
        {
          ...{ tau: full(like, 2 * dt), r: full(like, 1), v_leak: full(like, 0) },
          ...{ v_threshold: full(like, 0.5), v_reset: full(like, 0) },
        },
      ],
      // PyTorch keeps what it was given: one number for both axes.
      '2': ['AvgPool2d', { kernel_size: 2, stride: 2, padding: 0 }],
      '3': ['Flatten', { start_dim: 0, end_dim: -1, input_type: list(2, 2, 2) }],
      '4': ['Linear', { weight: [[2, 8], dense] }],
      '5': ['IF', { r: full([2], 1 / dt), v_threshold: full([2], 1), v_reset: full([2], 0) }],
      output: ['Output', { shape: list(2) }],
    },
    edges: chained('input', '0', '1', '2', '3', '4', '5', 'output'),
  });
  const count = 40;
  const given = Array.from({ length: 16 * count }, () => dice.whole(0, 1));
  const [v, u] = [new Array<number>(32).fill(0), [0, 0]];
  const expected = Array.from({ length: count }, (_, step) => {
    const spikes = v.map((before, at) => {
      const [filter, row, column] = [Math.floor(at / 16), Math.floor(at / 4) % 4, at % 4];
      let x = 0;
      for (let ky = 0; ky < 3; ky++)
        for (let kx = 0; kx < 3; kx++) {
          const [y, z] = [row + ky - 1, column + kx - 1];
          if (y < 0 || y > 3 || z < 0 || z > 3) continue;
          x += (kernel[9 * filter + 3 * ky + kx] ?? 0) * (given[16 * step + 4 * y + z] ?? 0);
        }
      const met = before + (x - before) / 2;
      v[at] = met >= 0.5 ? 0 : met;
      return Number(met >= 0.5);
    });
    const pooled = Array.from({ length: 8 }, (_unused, at) => {
      const first = 16 * Math.floor(at / 4) + 8 * (Math.floor(at / 2) % 2) + 2 * (at % 2);
      return [0, 1, 4, 5].reduce((sum, next) => sum + (spikes[first + next] ?? 0) / 4, 0);
    });
    return u.map((before, at) => {
      const met = before + dot(dense, at, pooled);
      u[at] = met >= 1 ? 0 : met;
      return Number(met >= 1);
    });
  }).flat();
  expect(await spikesOf(file, conventions.spikingjelly, given, count)).toEqual(expected);
  expect(expected.filter(Boolean).length).toBeGreaterThan(5);
});

test('a file of snnTorch: Flatten, Linear, RSynaptic as a graph within the graph, Linear, Leaky', async () => {
  const [first, recurrent, last, bias, own] = [eighths(12), eighths(9), eighths(6), eighths(3), eighths(3)];
  const [alpha, beta, threshold] = [0.5, 0.75, 0.9];
  const leaky = (count: number) => ({
    ...{ r: full([count], 1 / (1 - beta)), v_leak: full([count], 0) },
    ...{ v_threshold: full([count], threshold), v_reset: full([count], 0) },
  });
  const tau = full([3], dt / (1 - alpha));
  const file = fileOf({
    nodes: {
      input: ['Input', { shape: list(1, 2, 2) }],
      '0': ['Flatten', { start_dim: 0, end_dim: -1 }],
      '1': ['Affine', { weight: [[3, 4], first], bias: list(...bias) }],
      '2': {
        nodes: {
          input: ['Input', { shape: list(3) }],
          lif: [
            'CubaLIF',
            {
              ...leaky(3),
              ...{ tau_syn: tau, tau_mem: full([3], dt / (1 - beta)), w_in: full([3], 1 / (1 - alpha)) },
            },
          ],
          w_rec: ['Affine', { weight: [[3, 3], recurrent], bias: list(...own) }],
          output: ['Output', { shape: list(3) }],
        },
        edges: [...chained('input', 'lif', 'w_rec'), ['w_rec', 'lif'], ['lif', 'output']],
      },
      '3': ['Linear', { weight: [[2, 3], last] }],
      '4': ['LIF', { ...leaky(2), tau: full([2], dt / (1 - beta)) }],
      output: ['Output', { shape: list(2) }],
    },
    edges: chained('input', '0', '1', '2', '3', '4', 'output'),
  });
  const count = 40;
  const given = Array.from({ length: 4 * count }, () => dice.whole(0, 1));
  const [syn, v, u, out] = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0],
    [0, 0],
  ];
  let spikes = [0, 0, 0];
  const expected = Array.from({ length: count }, (_, step) => {
    const x = given.slice(4 * step, 4 * step + 4);
    spikes = v.map((before, at) => {
      const drive = dot(first, at, x) + (bias[at] ?? 0) + dot(recurrent, at, spikes) + (own[at] ?? 0);
      syn[at] = alpha * (syn[at] ?? 0) + drive;
      v[at] = beta * before + (syn[at] ?? 0) - (spikes[at] ?? 0) * threshold;
      return Number((v[at] ?? 0) > threshold);
    });
    return u.map((before, at) => {
      u[at] = beta * before + dot(last, at, spikes) - (out[at] ?? 0) * threshold;
      out[at] = Number((u[at] ?? 0) > threshold);
      return out[at] ?? 0;
    });
  }).flat();
  expect(await spikesOf(file, conventions.snntorch, given, count)).toEqual(expected);
  expect(expected.filter(Boolean).length).toBeGreaterThan(5);
});
