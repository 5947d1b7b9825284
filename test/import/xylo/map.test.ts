import { describe, expect, test } from 'vitest';
import { quantiseXylo, type XyloLayer, type XyloNetwork } from '../../../src/import/xylo/quantise.ts';
import { importToXylo } from '../../../src/import/xylo/target.ts';
import { type Conventions, conventions, type NirGraph } from '../../../src/nir/index.ts';
import { Dice } from '../../engine/random/dice.ts';
import { failure } from '../../hardware/tiny.ts';
import { graph } from '../support.ts';

const dice = new Dice(5);
const drawn = (count: number, low = -1, high = 1) =>
  Array.from({ length: count }, () => low + (high - low) * dice.fraction());
const dt = 0.001;
const rockpool: Conventions = { ...conventions.rockpool, dt };

type Numbers = readonly [readonly number[], readonly number[]];

interface Neurons {
  readonly tauMem: readonly number[];
  readonly tauSyn: readonly number[];
  readonly threshold: readonly number[];
  readonly leak?: readonly number[];
}

function cuba({ tauMem, tauSyn, threshold, leak }: Neurons) {
  const shape = [tauMem.length];
  const of = (values: readonly number[]): Numbers => [shape, values];
  const parameters = {
    tau_mem: of(tauMem),
    tau_syn: of(tauSyn),
    r: of(tauMem.map((tau) => tau / dt)),
    v_leak: of(leak ?? tauMem.map(() => 0)),
    v_threshold: of(threshold),
  };
  return ['CubaLIF', parameters] as const;
}

const neurons = (count: number): Neurons => ({
  tauMem: drawn(count, 0.0015, 0.02),
  tauSyn: drawn(count, 0.0015, 0.2),
  threshold: drawn(count, 0.5, 2),
  leak: drawn(count, -0.1, 0.1),
});

/** A matrix of NIR, targets x sources, from one of Rockpool, sources x targets. */
function transposed(values: readonly number[], rows: number): Numbers {
  const columns = values.length / rows;
  return [
    [columns, rows],
    Array.from(
      { length: values.length },
      (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0,
    ),
  ];
}

function xyloLayer(name: string, { tauMem, tauSyn, threshold, leak = [] }: Neurons): XyloLayer {
  const dash = (taus: readonly number[]) => Float64Array.from(taus, (tau) => Math.log2(tau / dt));
  return {
    name,
    size: tauMem.length,
    dashMem: dash(tauMem),
    dashSyn: dash(tauSyn),
    threshold: Float64Array.from(threshold),
    bias: Float64Array.from(leak),
  };
}

const [first, second, out] = [neurons(4), neurons(3), neurons(2)];
const [into, between, recurrent, last] = [drawn(8), drawn(12), drawn(9), drawn(6)];
const recurrentGraph = graph(
  {
    input: ['Input', { shape: [[1], [2]] }],
    w0: ['Linear', { weight: transposed(into, 2) }],
    first: cuba(first),
    w1: ['Linear', { weight: transposed(between, 4) }],
    second: cuba(second),
    loop: ['Linear', { weight: transposed(recurrent, 3) }],
    w2: ['Linear', { weight: transposed(last, 3) }],
    out: cuba(out),
    output: ['Output', { shape: [[1], [2]] }],
  },
  'input -> w0 -> first -> w1 -> second -> w2 -> out -> output',
  'second -> loop -> second',
);

/** The same network, put together by hand. */
const byHand: XyloNetwork = {
  inputs: 2,
  hidden: [xyloLayer('first', first), xyloLayer('second', second)],
  outputs: xyloLayer('out', out),
  weights: [
    { from: 'input', to: 0, values: Float64Array.from(into) },
    { from: 0, to: 1, values: Float64Array.from(between) },
    { from: 1, to: 1, values: Float64Array.from(recurrent) },
    { from: 1, to: 'output', values: Float64Array.from(last) },
  ],
};

function imported(
  nir: NirGraph,
  change: { readonly rules?: Conventions; readonly method?: 'channel' | 'global' } = {},
) {
  const { rules = rockpool, method = 'channel' } = change;
  const input = { are: 'spikes', scale: 1, offset: 0 } as const;
  return importToXylo(
    { graph: nir, rules, input, name: 'net', file: 'net.nir', steps: 10 },
    { method, passesAll: false },
  );
}

const sorted = ({ weights, ...others }: XyloNetwork) => ({
  ...others,
  weights: weights.toSorted((a, b) => `${a.from} ${a.to}`.localeCompare(`${b.from} ${b.to}`)),
});

describe('a recurrent network of Rockpool', () => {
  test.each(['channel', 'global'] as const)('has the numbers of its own quantisation, %s', (method) => {
    const made = imported(recurrentGraph, { method });
    expect(sorted(made.reals)).toEqual(sorted(byHand));
    expect(sorted(made.xylo)).toEqual(sorted(quantiseXylo(byHand, method)));
    expect(made.notes).toEqual([]);
    expect([made.description.steps, made.description.settle]).toEqual([10, 2]);
  });

  test('of another framework, whose current leaks later, has weights that make up for it', () => {
    const rules: Conventions = { ...rockpool, leak: 'euler', current: 'euler', fires: 'reaches' };
    const made = imported(recurrentGraph, { rules });
    // i = (1 - dt/tau) i + dt/tau x; v = (1 - dt/tau) v + r dt/tau i, and here r = tau/dt. On the chip, w (1 - dt/tau).
    const share = dt / (first.tauSyn[0] ?? 1);
    const weights = made.reals.weights.find(({ from }) => from === 'input');
    expect(weights?.values[0]).toBeCloseTo(((into[0] ?? 0) * share) / (1 - share), 12);
    expect(made.notes).toContainEqual(expect.stringContaining('up to 31 times'));
  });
});

describe('what the mapper leaves out is told, and what it refuses is refused', () => {
  const chain = (
    middle: Readonly<Record<string, Parameters<typeof graph>[0][string]>>,
    ...edges: readonly string[]
  ): NirGraph =>
    graph(
      {
        input: ['Input', { shape: [[1], [2]] }],
        w0: ['Linear', { weight: transposed(into, 2) }],
        first: cuba(first),
        ...middle,
        out: cuba(out),
        output: ['Output', { shape: [[1], [2]] }],
      },
      ...edges,
    );
  const w1 = ['Linear', { weight: transposed(drawn(8), 4) }] as const;

  test('biases of linear modules', () => {
    const biased = ['Affine', { weight: transposed(drawn(8), 4), bias: [[2], [0.5, 0]] }] as const;
    const made = imported(chain({ w1: biased }, 'input -> w0 -> first -> w1 -> out -> output'));
    expect(made.notes).toEqual([
      "node 'out': biases of linear nodes before it are left out, as Rockpool's mapper leaves them out",
    ]);
    expect([...made.reals.outputs.bias]).toEqual(out.leak);
  });

  test('inputs that lead to two layers', () => {
    const skip = ['Linear', { weight: transposed(drawn(4), 2) }] as const;
    const nir = chain({ w1, skip }, 'input -> w0 -> first -> w1 -> out -> output', 'input -> skip -> out');
    expect(failure(() => imported(nir))).toMatchObject({
      code: 'fit',
      message: "inputs lead to 'first' and 'out', and the mapper takes weights of inputs to one layer",
    });
  });

  test('a second layer of outputs', () => {
    const nir = chain(
      { w1, other: ['Output', { shape: [[1], [4]] }] },
      'input -> w0 -> first -> w1 -> out -> output',
      'first -> other',
    );
    expect(failure(() => imported(nir)).message).toContain("'first' and 'out' are outputs");
  });

  test('a time constant that 4 bits do not hold', () => {
    const slow = cuba({ ...second, tauSyn: [0.02, 47, 0.02] });
    const w2 = ['Linear', { weight: transposed(drawn(12), 4) }] as const;
    const w3 = ['Linear', { weight: transposed(drawn(6), 3) }] as const;
    const nir = chain(
      { w2, second: slow, w3 },
      'input -> w0 -> first -> w2 -> second -> w3 -> out -> output',
    );
    expect(failure(() => imported(nir)).message).toContain("node 'second' has a tau_syn of 47");
  });
});
