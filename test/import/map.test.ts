import { describe, expect, it, test } from 'vitest';
import { runSample } from '../../src/engine/index.ts';
import { conventions } from '../../src/nir/index.ts';
import { expectError } from '../support/errors.ts';
import { agreeing } from './beside.ts';
import { coreOf, graph, importOf, strict } from './support.ts';

const two = [2];
const input = ['Input', { shape: [[1], two] }] as const;
const output = ['Output', { shape: [[1], two] }] as const;
const ifNeurons = ['IF', { r: [[], [1]], v_threshold: [[], [1]], v_reset: [[], [0]] }] as const;
const linear = (...values: readonly number[]) => ['Linear', { weight: [[2, 2], values] }] as const;

describe('integers, by hand', () => {
  // Weights 0.5 and -0.25 with 8 bits: the finest power of two at which 0.5 is at most 127 is 2^7, so 64 and -32.
  // Potentials: one step adds at most 0.5 to a threshold of 1; 1.5 x 2^14 = 24 576 is the most that 16 bits hold.
  const nir = graph(
    { in: input, fc: linear(0.5, -0.25, 0, 0.5), n: ifNeurons, out: output },
    'in -> fc -> n -> out',
  );
  const imported = importOf(nir, { weightBits: 8, accumulatorBits: 16 });

  it('weights and thresholds have their scales', () => {
    const [stage] = imported.integers.stages;
    const [link] = imported.integers.links;
    expect([stage?.scale.potential, [...(stage?.threshold ?? [])]]).toEqual([14, [16384, 16384]]);
    expect([link?.weights.scale, link?.shift, [...(link?.weights.values ?? [])]]).toEqual([
      7,
      7,
      [64, -32, 64],
    ]);
  });

  it('the core adds, fires above the threshold, and sets potentials to zero', () => {
    const core = coreOf(imported, 'reference', 'mp16-8');
    const v = core.image.fields.findIndex(({ name }) => name === 'n.v');
    const seen: number[][] = [];
    const spikes = {
      steps: 4,
      offsets: Uint32Array.of(0, 2, 3, 4, 5),
      indices: Uint32Array.of(0, 1, 0, 0, 0),
    };
    runSample(core, spikes, { label: 0, learn: false, observe: () => seen.push([...core.read(v)]) });
    // 0.25, 0.75, 1.25 which is above 1, 0.5 in units of 2^-14; the other neuron keeps 0.5.
    expect(seen).toEqual([
      [4096, 8192],
      [12288, 8192],
      [0, 8192],
      [8192, 8192],
    ]);
    expect([...core.read(core.image.readout)]).toEqual([1, 0]);
  });
});

describe('leaks', () => {
  const lif = (tau: number) =>
    ({
      tau: [[], [tau]],
      r: [[], [1]],
      v_leak: [[], [0]],
      v_threshold: [[], [1]],
      v_reset: [[], [0]],
    }) as const;
  test.each([
    // 1 - 1/8, 1 - 1/4096 x 1024 / 3 ..., and what 12 bits do not hold
    [8, { is: 'shift', shift: 3 }],
    [4096 / 3, { is: 'product', bits: 12 }],
    [10, { is: 'product', bits: 16 }],
    [1, { is: 'nothing' }],
    // 2^-40 is lost in a step: with the largest shift of a core, nothing is.
    [2 ** 40, { is: 'shift', shift: 31 }],
    [Infinity, { is: 'all' }],
  ])('tau of %d steps', (tau, leak) => {
    const nir = graph({ in: input, n: ['LIF', lif(tau)], out: output }, 'in -> n -> out');
    const imported = importOf(nir);
    expect(imported.integers.stages[0]?.leak).toMatchObject(leak);
    coreOf(imported);
  });

  test('a step that multiplies a state beyond what a core holds is refused by the name of the node', () => {
    const nir = graph({ in: input, n: ['LIF', lif(2 ** -17)], out: output }, 'in -> n -> out');
    expectError(() => importOf(nir), 'data', "node 'n': a step multiplies its state by -131071");
  });

  test('a neuron that keeps all beside one that does not', () => {
    const own = { ...lif(8), tau: [two, [Infinity, 4]] as const };
    const nir = graph({ in: input, n: ['LIF', own], out: output }, 'in -> n -> out');
    expect(importOf(nir).integers.stages[0]?.leak).toMatchObject({
      is: 'product',
      bits: 12,
      factors: Int32Array.of(4096, 3072),
    });
  });
});

describe('what becomes what', () => {
  it('joins no windows that take what lies between them as different pictures', () => {
    // A pooling of 2 channels of 6 x 6, its rows one after the other, and a convolution along these.
    const nir = graph(
      {
        in: ['Input', { shape: [[3], [2, 6, 6]] }],
        pool: ['SumPool2d', { kernel_size: [[], [2]], stride: [[], [2]], padding: [[], [0]] }],
        flat: ['Flatten', { start_dim: [[], [1]], end_dim: [[], [-1]] }],
        conv: [
          'Conv1d',
          {
            weight: [[3, 2, 3], Array.from({ length: 18 }, (_, at) => ((at % 5) - 2) / 4)],
            bias: [[3], [0, 0, 0]],
            stride: [[], [1]],
            padding: [[], [0]],
            dilation: [[], [1]],
            groups: [[], [1]],
          },
        ],
        n: ifNeurons,
        out: ['Output', { shape: [[2], [3, 7]] }],
      },
      'in -> pool -> flat -> conv -> n -> out',
    );
    const imported = importOf(nir);
    expect(imported.description.projections?.inToN?.connect).not.toHaveProperty('convolution');
    expect(agreeing(imported, coreOf(imported), strict, 20, 1)).toBeGreaterThan(0);
  });

  it('finds shared weights for a pooling between convolutions, and pairs for what follows it', async () => {
    const conv = (filters: number, channels: number) =>
      [
        'Conv2d',
        {
          weight: [
            [filters, channels, 2, 2],
            Array.from({ length: 4 * filters * channels }, (_, at) => (at % 5) / 8),
          ],
          bias: [[filters], Array.from({ length: filters }, () => 0)],
          stride: [[], [1]],
          padding: [[], [0]],
          dilation: [[], [1]],
          groups: [[], [1]],
        },
      ] as const;
    const pool = ['SumPool2d', { kernel_size: [[], [2]], stride: [[], [2]], padding: [[], [0]] }] as const;
    const nir = graph(
      {
        in: ['Input', { shape: [[3], [1, 7, 7]] }],
        first: conv(2, 1),
        a: ifNeurons,
        pool,
        second: conv(3, 2),
        b: ifNeurons,
        flat: ['Flatten', { start_dim: [[], [0]], end_dim: [[], [-1]] }],
        fc: ['Linear', { weight: [[2, 12], Array.from({ length: 24 }, (_, at) => 1 + (at % 3))] }],
        c: ifNeurons,
        out: output,
      },
      'in -> first -> a -> pool -> second -> b -> flat -> fc -> c -> out',
    );
    const { description } = importOf(nir);
    expect(description.projections).toMatchObject({
      inToA: { connect: { convolution: { window: 2, stride: 1, padding: 0 } } },
      aToB: { connect: { convolution: { window: 4, stride: 2, padding: 0 } } },
      bToC: { connect: 'dense' },
    });
    expect(description.populations).toMatchObject({
      a: { shape: [6, 6, 2] },
      b: { shape: [2, 2, 3] },
      c: { size: 2 },
    });
  });

  it('names populations after nodes, as a program may', () => {
    const nir = graph(
      { '0': input, 'a.b/c': ifNeurons, 'a_b/c': ifNeurons, out: output },
      '0 -> a.b/c -> a_b/c -> out',
    );
    expect(Object.keys(importOf(nir).description.populations)).toEqual(['input0', 'a_b_c', 'a_b_c_2']);
  });
});

describe('what a core cannot do is refused, with the node', () => {
  const delays = (...values: readonly number[]) => ['Delay', { delay: [two, values] }] as const;
  test.each([
    [
      'delays between weights',
      { a: linear(1, 1, 0, 1), wait: delays(1, 2), b: linear(1, 1, 0, 1) },
      'in -> a -> wait -> b -> n -> out',
      "node 'wait': delays that differ have to belong to single neurons",
    ],
    [
      'long delays',
      { wait: delays(63, 63) },
      'in -> wait -> n -> out',
      "node 'wait': a core delays spikes by 0 to 62 steps, found 63",
    ],
    [
      'a late bias',
      {
        a: [
          'Affine',
          {
            weight: [
              [2, 2],
              [1, 0, 0, 1],
            ],
            bias: [two, [0.5, 0]],
          },
        ] as const,
        wait: delays(1, 1),
      },
      'in -> a -> wait -> n -> out',
      "node 'wait': a bias would come through it late",
    ],
  ] as const)('%s', (_, nodes, edges, words) => {
    const nir = graph({ in: input, n: ifNeurons, out: output, ...nodes }, edges);
    expectError(() => importOf(nir), 'data', words);
  });

  it('two inputs', () => {
    const nir = graph({ in: input, also: input, n: ifNeurons, out: output }, 'in -> n -> out', 'also -> n');
    expectError(
      () => importOf(nir),
      'data',
      "node 'also': a core has one input population, and 'in' is one already",
    );
  });

  it('potentials that no integer follows', () => {
    const nir = graph(
      { in: input, fc: linear(1e9, 0, 0, 1), n: ifNeurons, out: output },
      'in -> fc -> n -> out',
    );
    expectError(() => importOf(nir), 'data', "node 'n': its potentials or currents may reach 1.00e+9");
  });

  it('several spikes a step of a threshold that is not above zero', () => {
    const n = ['IF', { r: [[], [1]], v_threshold: [two, [1, 0]], v_reset: [[], [0]] }] as const;
    const nir = graph({ in: input, n, out: output }, 'in -> n -> out');
    const rules = { ...conventions.sinabs, dt: strict.dt };
    expectError(
      () => importOf(nir, { rules }),
      'data',
      "node 'n': neurons that fire once for each threshold",
    );
  });
});
