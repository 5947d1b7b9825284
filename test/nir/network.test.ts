import { describe, expect, test } from 'vitest';
import {
  type Conventions,
  conventions,
  type NirGraph,
  NirNetwork,
  type NirNode,
  type NodeType,
  stepNotes,
} from '../../src/nir/index.ts';
import { expectError } from '../support/errors.ts';
import { bytesOf, graphOf, paper } from './files.ts';

const tensor = (...values: number[]) => ({ shape: [values.length], values: Float64Array.from(values) });

function node(type: NodeType, parameters: Readonly<Record<string, number>> = {}): NirNode {
  return {
    type,
    parameters: new Map(Object.entries(parameters).map(([name, value]) => [name, tensor(value)])),
  };
}

/** A chain of nodes from an input of one number to an output. */
function chain(nodes: Readonly<Record<string, NirNode>>, more: readonly [string, string][] = []): NirGraph {
  const all = { input: node('Input', { shape: 1 }), ...nodes, output: node('Output', { shape: 1 }) };
  const names = Object.keys(all);
  const pairs = [...names.slice(1).map((to, at) => [names[at] ?? '', to] as const), ...more];
  return {
    nodes: new Map(Object.entries(all)),
    edges: pairs.map(([from, to]) => ({ from, to })),
    notes: [],
    version: '',
  };
}

/** What one neuron gives for an input, and its potentials. */
function runNeuron(neuron: NirNode, rules: Conventions, input: readonly number[]) {
  const potentials: number[] = [];
  const output = new NirNetwork(chain({ neuron }), rules).run(
    new Map([['input', input]]),
    input.length,
    (name, _, __, v) => {
      if (name === 'neuron') potentials.push(v?.[0] ?? Number.NaN);
    },
  );
  return { output: [...(output.get('output') ?? [])], potentials };
}

// By hand. With dt = tau / 2 a LIF keeps half, and its input counts half of r.
const lif = node('LIF', { tau: 2, r: 2, v_leak: 0, v_threshold: 1, v_reset: 0.25 });
const half = { dt: 1 } as const;

describe('a neuron fires and is reset as its framework has it', () => {
  test.each<[string, Conventions, number[], number[]]>([
    // v = v/2 + x: 0.75, 1.375 (fires, 0.25), 0.125, ...
    ['strict', { ...conventions.strict, ...half }, [0, 1, 0, 0], [0.75, 0.25, 0.125, 0.0625]],
    // Not reset in its step; then v/2 + x - 1.
    ['snntorch', { ...conventions.snntorch, ...half }, [0, 1, 0, 0], [0.75, 1.375, -0.3125, -0.15625]],
    // Zero before it leaks.
    [
      'snntorch, reset to zero',
      { ...conventions.snntorch, reset: 'zero-late', ...half },
      [0, 1, 0, 0],
      [0.75, 1.375, 0, 0],
    ],
    // Starts at v_reset: v = 0.125 + 0.75, then 0.4375 + 1 fires.
    ['spikingjelly', { ...conventions.spikingjelly, ...half }, [0, 1, 0, 0], [0.875, 0.25, 0.125, 0.0625]],
  ])('%s', (_, rules, output, potentials) => {
    expect(runNeuron(lif, rules, [0.75, 1, 0, 0])).toEqual({ output, potentials });
  });

  test('at its threshold only where it may', () => {
    const input = [1, 0];
    expect(runNeuron(lif, { ...conventions.strict, ...half }, input).output).toEqual([0, 0]);
    expect(runNeuron(lif, { ...conventions.spikingjelly, ...half, start: 'zero' }, input).output).toEqual([
      1, 0,
    ]);
  });

  test('several times a step in sinabs and rockpool, once for each threshold', () => {
    const neuron = node('IF', { r: 1, v_threshold: 1, v_reset: 0 });
    expect(runNeuron(neuron, conventions.sinabs, [3.5, 0.5, -2])).toEqual({
      output: [3, 1, 0],
      potentials: [0.5, 0, -2],
    });
  });

  test('with an exponential leak, and an input that is scaled where it is normalised', () => {
    const kept = Math.exp(-1 / 2);
    expect(runNeuron(lif, conventions.sinabs, [1, 1]).potentials).toEqual([
      1 - kept,
      kept * (1 - kept) + (1 - kept),
    ]);
    expect(runNeuron(lif, { ...conventions.rockpool, dt: 1 }, [0.5, 0.25]).potentials).toEqual([
      0.5,
      kept * 0.5 + 0.25,
    ]);
  });
});

describe('a current takes its input as its framework has it', () => {
  const cuba = node('CubaLIF', {
    tau_syn: 2,
    tau_mem: 4,
    r: 4,
    v_leak: 0,
    v_threshold: 100,
    v_reset: 0,
    w_in: 2,
  });
  test.each<[string, Conventions, number[]]>([
    // i = 1/2 i + 1/2 (2 x); v = 3/4 v + 1/4 (4 i).
    ['strict', { ...conventions.strict, dt: 1 }, [1, 1.25, 1.1875]],
    // i += x, then v = 3/4 v + 1/4 ... with a gain of dt/tau_mem, then i halves.
    ['norse', { ...conventions.norse, dt: 1 }, [0.25, 0.3125, 0.296875]],
  ])('%s', (_, rules, potentials) => {
    expect(runNeuron(cuba, rules, [1, 0, 0]).potentials).toEqual(potentials);
  });

  test('rockpool: it jumps and leaks at once', () => {
    const [synaptic, membrane] = [Math.exp(-1 / 2), Math.exp(-1 / 4)];
    const first = synaptic;
    const { potentials } = runNeuron(cuba, { ...conventions.rockpool, dt: 1 }, [1, 0]);
    expect(potentials).toEqual([first, membrane * first + synaptic * first]);
  });

  test('snntorch: nothing is integrated in the step after a spike if it is reset to zero', () => {
    const rules = { ...conventions.snntorch, reset: 'zero-late', dt: 1 } as const;
    const quick = { ...cuba, parameters: new Map([...cuba.parameters, ['v_threshold', tensor(0.5)]]) };
    expect(runNeuron(quick, rules, [1, 0, 0])).toEqual({ output: [1, 0, 0], potentials: [1, 0, 0.25] });
  });
});

test("Rockpool's recorded trace: all spikes, and the potential within its rounding", async () => {
  const rows = new TextDecoder()
    .decode(bytesOf(paper, 'lif_rockpool.csv'))
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
  const network = new NirNetwork(await graphOf(paper, 'lif_rockpool'), { ...conventions.rockpool, dt: 1e-4 });
  const potentials: number[] = [];
  const [[input] = ['']] = network.inputs;
  const output = network.run(
    new Map([[input, rows.map(([spike = 0]) => spike)]]),
    rows.length,
    (name, _, __, v) => {
      if (name === '1_LIFNeuronTorch') potentials.push(v?.[0] ?? Number.NaN);
    },
  );
  expect([...output.values()].map((values) => [...values])).toEqual([rows.map(([, , spike]) => spike)]);
  for (const [step, [, v = 0]] of rows.entries())
    expect(Math.abs((potentials[step] ?? 0) - v)).toBeLessThan(1e-7);
});

test('the recurrent network of the paper runs', async () => {
  const graph = await graphOf(paper, 'braille_noDelay_bias_zero');
  const network = new NirNetwork(graph, conventions.snntorch);
  expect([...network.inputs.values()]).toEqual([[12]]);
  expect([...network.outputs.values()]).toEqual([[7]]);
  const [[input] = ['']] = network.inputs;
  const output = network.run(new Map([[input, new Float64Array(12 * 256).fill(1)]]), 256);
  expect([...output.values()][0]?.some((value) => value > 0)).toBe(true);
});

test('samples do not see each other', () => {
  const network = new NirNetwork(chain({ neuron: lif }), { ...conventions.strict, ...half });
  const run = () => [...(network.run(new Map([['input', [0.75, 1, 0.9]]]), 3).get('output') ?? [])];
  expect(run()).toEqual(run());
});

describe('a graph is refused', () => {
  const scale = node('Scale', { scale: 1 });
  test.each<[string, NirGraph, string]>([
    [
      'with a cycle without a neuron',
      chain({ a: scale, b: scale }, [['b', 'a']]),
      "a cycle without a neuron: 'a', 'b', 'output'",
    ],
    [
      'with a node that nothing reaches',
      {
        ...chain({ a: scale }),
        nodes: new Map([...chain({ a: scale }).nodes, ['b', scale]]),
        edges: [...chain({ a: scale }).edges, { from: 'b', to: 'output' }],
      },
      "node 'b': no edge from an input leads to it",
    ],
    [
      'with parameters of another shape',
      chain({
        neuron: {
          type: 'IF',
          parameters: new Map([
            ['r', tensor(1, 2)],
            ['v_threshold', tensor(1)],
          ]),
        },
      }),
      "node 'neuron': r has the shape [2], but [1] is needed",
    ],
    [
      'that would take more memory than there is',
      { ...chain({}), nodes: new Map([...chain({}).nodes, ['input', node('Input', { shape: 2 ** 40 })]]) },
      "node 'input': it gives [1099511627776], more than 134217728 numbers",
    ],
    [
      'with a delay of years',
      chain({ line: node('Delay', { delay: 1e9 }) }),
      'found up to 10000000000000 steps',
    ],
    ['with a negative delay', chain({ line: node('Delay', { delay: -1 }) }), 'expected delays from 0 on'],
  ])('%s', (_, graph, words) => {
    expectError(() => new NirNetwork(graph, conventions.strict), 'data', words);
  });

  test('for an input of another length', () => {
    const network = new NirNetwork(chain({ neuron: lif }), conventions.strict);
    expectError(
      () => network.run(new Map([['input', [1, 2]]]), 3),
      'data',
      "node 'input': expected 3 steps of [1], 3 numbers, found 2",
    );
  });
});

test('steps that are too long for a time constant are told', () => {
  const notesOf = (dt: number, from: keyof typeof conventions = 'strict') =>
    stepNotes(chain({ neuron: lif }), { ...conventions[from], dt });
  expect(notesOf(2)).toEqual([]);
  expect(notesOf(3)).toEqual([
    "node 'neuron': a step of 3 is longer than its tau of 2: what leaks overshoots its rest",
  ]);
  expect(notesOf(5)).toEqual([
    "node 'neuron': a step of 5 is longer than its tau of 2: what leaks grows without end",
  ]);
  expect(notesOf(5, 'sinabs')).toEqual([]);
});
