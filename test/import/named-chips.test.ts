import { describe, expect, it, test } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { writeNpz } from '../../src/data/index.ts';
import { runSample } from '../../src/engine/index.ts';
import { findHwModel, noSettings, parseSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import { price } from '../../src/image/index.ts';
import { checkGraph } from '../../src/import/index.ts';
import { inputSpikes } from '../../src/import/input-numbers.ts';
import { createMachine } from '../../src/machine/index.ts';
import { type Conventions, conventions, type NirGraph, type NodeType } from '../../src/nir/index.ts';
import { createProgram } from '../../src/program/index.ts';
import { failure } from '../hardware/tiny.ts';
import { graph, importOf } from './support.ts';

/*
 * What the makers' own tools refuse, worked out from their rules by hand: sinabs for Speck, py-spinnaker2 for SpiNNaker
 * 2, Lava for Loihi 2. Each network is the smallest that a rule refuses, beside the largest that it takes.
 */
const model = (name: string, ...set: readonly string[]): HwModel =>
  findHwModel(
    { name, from: '' },
    'mp8-8',
    findFile,
    set.length === 0 ? noSettings.hw : parseSettings(set).hw,
  );
const speck = model('speck');
/** Without its readout, which has room for fewer classes than most layers here have neurons. */
const cores = model('speck', 'hw.mapping.limits.outputs.most=65536');
const spinnaker = model('spinnaker2');
const loihi = model('loihi-2');

type Node = readonly [NodeType, Readonly<Record<string, readonly [readonly number[], readonly number[]]>>];
const one = (value: number) => [[], [value]] as const;
const pair = (value: number) => [[2], [value, value]] as const;
const ones = (...shape: readonly number[]) =>
  [shape, new Array<number>(shape.reduce((product, length) => product * length, 1)).fill(1)] as const;
const input = (...shape: readonly number[]): Node => ['Input', { shape: [[shape.length], shape] }];
const output = (...shape: readonly number[]): Node => ['Output', { shape: [[shape.length], shape] }];
const integrate: Node = ['IF', { r: one(1), v_threshold: one(1), v_reset: one(0) }];
const leaky = (tau = 4): Node => [
  'LIF',
  { tau: one(tau), r: one(1), v_leak: one(0), v_threshold: one(1), v_reset: one(0) },
];
const current: Node = [
  'CubaLIF',
  {
    tau_mem: one(4),
    tau_syn: one(4),
    r: one(1),
    v_leak: one(0),
    v_threshold: one(1),
    v_reset: one(0),
    w_in: one(1),
  },
];
const linear = (outputs: number, inputs: number): Node => ['Linear', { weight: ones(outputs, inputs) }];
const conv = (filters: number, channels: number, side: number, stride = 1, padding = 0): Node => [
  'Conv2d',
  {
    weight: ones(filters, channels, side, side),
    stride: pair(stride),
    padding: pair(padding),
    dilation: pair(1),
    groups: one(1),
    bias: [[filters], new Array<number>(filters).fill(0)],
  },
];
const pool = (side: number): Node => [
  'SumPool2d',
  { kernel_size: pair(side), stride: pair(side), padding: pair(0) },
];
const delay = (steps: number, size: number): Node => [
  'Delay',
  { delay: [[size], new Array<number>(size).fill(steps)] },
];

/** Nodes one behind the other; neurons have the names n1, n2 and so on. */
function chain(...nodes: readonly Node[]): NirGraph {
  const named: [string, Node][] = [];
  let [neurons, others] = [0, 0];
  for (const node of nodes) {
    const isNeuron = /IF$|^LI$/.test(node[0]);
    named.push([isNeuron ? `n${++neurons}` : `x${others++}`, node]);
  }
  return graph(Object.fromEntries(named), named.map(([name]) => name).join(' -> '));
}

/** Reset by subtraction, as sinabs has it, and to a value. */
const subtracting: Conventions = { ...conventions.sinabs, fires: 'above' };
const resetting: Conventions = { ...conventions.strict, dt: 1 };
const check = (nir: NirGraph, hw: HwModel, rules = hw.name === 'speck' ? subtracting : resetting) =>
  checkGraph({ graph: nir, rules, input: inputSpikes }, hw);
const refusals = (nir: NirGraph, hw: HwModel, rules?: Conventions): string[] => {
  const error = failure(() => check(nir, hw, rules));
  return [error, ...error.others].map(({ message }) => message);
};

describe('Speck, by the rules of sinabs', () => {
  test.each([
    // 17 x 2^(ceil(log2 33) + ceil(log2 33)) = 17 x 64 x 64 = 69 632, though 17 x 33 x 33 = 18 513.
    [
      'maps are rounded up to powers of two',
      chain(input(1, 35, 35), conv(16, 1, 3), integrate, output(16, 33, 33)),
      chain(input(1, 35, 35), conv(17, 1, 3), integrate, output(17, 33, 33)),
      "population 'n1' needs 69 632 words of neuron memory; hw-model 'speck' has a core with at most 65 536 of neuron memory",
    ],
    // 32 x 2^(ceil(log2 25) + ceil(log2 64)) = 32 x 32 x 64 = 65 536; 65 filters: 32 x 32 x 128 = 131 072.
    [
      'kernels are rounded up to powers of two',
      chain(input(32, 5, 5), conv(64, 32, 5), integrate, output(64, 1, 1)),
      chain(input(32, 5, 5), conv(65, 32, 5), integrate, output(65, 1, 1)),
      "population 'n1' needs 131 072 words of kernel memory; hw-model 'speck' has a core with at most 65 536 of kernel memory",
    ],
    // 32 x 32 x 64 = 65 536 of kernels: cores 5 and 6 alone, which hold 16 384 neurons: 64 x 16 x 16, not 64 x 32 x 16.
    [
      'both memories are of one core',
      chain(input(32, 20, 20), conv(64, 32, 5), integrate, output(64, 16, 16)),
      chain(input(32, 21, 20), conv(64, 32, 5), integrate, output(64, 17, 16)),
      "population 'n1' needs 65 536 words of kernel memory, 32 768 words of neuron memory and 64 words of bias memory; hw-model 'speck' has no core with as much of all of them",
    ],
    // 16 x 64 x 64 = 65 536 neurons: cores 0, 1 and 2.
    [
      'each layer has a core of its own',
      chain(
        input(1, 64, 64),
        ...[1, 16, 16].flatMap((from) => [conv(16, from, 1), integrate]),
        output(16, 64, 64),
      ),
      chain(
        input(1, 64, 64),
        ...[1, 16, 16, 16].flatMap((from) => [conv(16, from, 1), integrate]),
        output(16, 64, 64),
      ),
      "populations 'n1', 'n2', 'n3' and 'n4' need a core each; hw-model 'speck' has room for them on 3 cores (0, 1 and 2), of one layer each",
    ],
    [
      'ten layers are one too many',
      chain(input(2), ...new Array(9).fill([linear(2, 2), integrate]).flat(), output(2)),
      chain(input(2), ...new Array(10).fill([linear(2, 2), integrate]).flat(), output(2)),
      "populations 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8', 'n9' and 'n10' need a core each; hw-model 'speck' has 9 cores, of one layer each",
    ],
    [
      'the camera has 128 x 128 pixels',
      chain(input(1, 128, 128), conv(1, 1, 2, 2), integrate, output(1, 64, 64)),
      chain(input(1, 129, 128), conv(1, 1, 4, 4), integrate, output(1, 32, 32)),
      "population 'x0' is a picture with a side of 129; hw-model 'speck' takes at most 128",
    ],
    [
      'strides are powers of two',
      chain(input(1, 16, 16), conv(1, 1, 4, 4), integrate, output(1, 4, 4)),
      chain(input(1, 16, 16), conv(1, 1, 4, 3), integrate, output(1, 5, 5)),
      "projection 'x0ToN1' has a stride of 3; hw-model 'speck' takes only 1, 2, 4 or 8",
    ],
    [
      'windows have 16 x 16 places at most',
      chain(input(1, 17, 17), conv(1, 1, 16), integrate, output(1, 2, 2)),
      chain(input(1, 17, 17), conv(1, 1, 17), integrate, output(1, 1, 1)),
      "projection 'x0ToN1' has a window with a side of 17; hw-model 'speck' takes at most 16",
    ],
    [
      'pooling is over 1, 2 or 4',
      chain(input(1, 12, 12), pool(4), conv(1, 1, 3), integrate, output(1, 1, 1)),
      chain(input(1, 12, 12), pool(3), conv(1, 1, 3), integrate, output(1, 2, 2)),
      "projection 'x0ToN1' pools over 3; hw-model 'speck' takes only 1, 2 or 4",
    ],
    [
      'a dense layer is a convolution as large as its input',
      chain(
        input(1, 16, 16),
        ['Flatten', { start_dim: one(0), end_dim: one(-1) }],
        linear(2, 256),
        integrate,
        output(2),
      ),
      chain(
        input(1, 17, 16),
        ['Flatten', { start_dim: one(0), end_dim: one(-1) }],
        linear(2, 272),
        integrate,
        output(2),
      ),
      "projection 'x0ToN1' is dense from a picture with a side of 17; hw-model 'speck' takes at most 16",
    ],
    [
      'neurons do not leak',
      chain(input(2), linear(2, 2), integrate, output(2)),
      chain(input(2), linear(2, 2), leaky(), output(2)),
      "population 'n1' has neurons of type LIF; hw-model 'speck' takes only IF neurons",
    ],
  ])('%s', (_, taken, refused, message) => {
    expect(() => check(taken, cores)).not.toThrow();
    expect(refusals(refused, cores)).toEqual([message]);
  });

  it('the readout has 15 classes', () => {
    const classes = (count: number) => chain(input(2), linear(count, 2), integrate, output(count));
    expect(() => check(classes(15), speck)).not.toThrow();
    expect(refusals(classes(16), speck)).toEqual([
      "the network has 16 outputs; hw-model 'speck' takes at most 15",
    ]);
  });

  it('refuses recurrence, and says why', () => {
    const loop = graph(
      { in: input(2), a: linear(2, 2), n: integrate, back: linear(2, 2), out: output(2) },
      'in -> a -> n -> out',
      'n -> back -> n',
    );
    expect(refusals(loop, speck)).toEqual([
      "projection 'nToN' is recurrent; hw-model 'speck' takes only feed-forward projections, a limit of its mapper, not of the silicon",
      "population 'n' has 2 projections onto it; hw-model 'speck' takes at most 1, a limit of its mapper, not of the silicon",
    ]);
    expect(failure(() => check(loop, speck)).hint).toBe(
      'leave it out: events could wait for each other for ever',
    );
  });
});

const ofMapper = ', a limit of its mapper, not of the silicon';

describe('SpiNNaker 2, by the rules of py-spinnaker2', () => {
  const convolved = (neurons: Node, ...before: readonly Node[]) =>
    chain(input(1, 3, 3), ...before, conv(2, 1, 2), neurons, output(2, 2, 2));
  test.each([
    [
      'convolutions lead to LIF and IF',
      convolved(leaky()),
      convolved(current),
      `projection 'x0ToN1' leads by a convolution to neurons of type CubaLIF; hw-model 'spinnaker2' takes only IF or LIF neurons${ofMapper}`,
    ],
    [
      'weights are followed by neurons',
      chain(input(2), linear(2, 2), current, output(2)),
      chain(input(2), linear(2, 2), linear(2, 2), current, output(2)),
      `projection 'x0ToN1' has 2 nodes of weights in a row; hw-model 'spinnaker2' takes at most 1${ofMapper}`,
    ],
    [
      'delays are 7 steps at most',
      chain(input(2), delay(7, 2), linear(2, 2), leaky(), output(2)),
      chain(input(2), delay(8, 2), linear(2, 2), leaky(), output(2)),
      `projection 'x0ToN1' has a delay of 8 steps; hw-model 'spinnaker2' takes at most 7${ofMapper}`,
    ],
    [
      'convolutions have no delays',
      convolved(leaky()),
      chain(input(1, 3, 3), ['Delay', { delay: ones(1, 3, 3) }], conv(2, 1, 2), leaky(), output(2, 2, 2)),
      `projection 'x0ToN1' is a convolution with a delay of 1 step; hw-model 'spinnaker2' takes none${ofMapper}`,
    ],
  ])('%s', (_, taken, refused, message) => {
    expect(() => check(taken, spinnaker)).not.toThrow();
    expect(refusals(refused, spinnaker)).toEqual([message]);
  });

  it('holds 250 neurons on a PE by default', () => {
    // 4 PEs of 250.
    const four = model('spinnaker2', 'hw.chip.mesh.columns=1');
    const neurons = (count: number) =>
      compiledFor(chain(input(1), linear(count, 1), leaky(), output(count)), four);
    expect(neurons(1000).cores).toHaveLength(4);
    const { message } = failure(() => neurons(1001));
    expect(message).toContain(
      '251 neurons (a limit of the mapper, not of the silicon) needed, 250 available',
    );
  });
});

describe('Loihi 2, by the rules of Lava', () => {
  const two = chain(input(2), linear(2, 2), leaky(), output(2));
  it('resets to a value', () => {
    expect(() => check(two, loihi)).not.toThrow();
    expect(refusals(two, loihi, subtracting)).toEqual([
      `population 'n1' has neurons that reset by subtraction; hw-model 'loihi-2' takes only value resets${ofMapper}`,
    ]);
  });

  const core = model(
    'loihi-2',
    'hw.chip.mesh.columns=1',
    'hw.chip.mesh.rows=1',
    'hw.chip.mesh.coresPerTile=1',
  );
  it('has 8192 neurons on a core', () => {
    const neurons = (count: number) =>
      compiledFor(chain(input(1), linear(count, 1), integrate, output(count)), core);
    expect(neurons(8192).cores).toHaveLength(1);
    expect(failure(() => neurons(8193)).message).toContain('8193 neurons needed, 8192 available');
  });

  it('has 192 kB of synapses on a core', () => {
    // 192 x 1024 weights of 8 bits
    const weights = (inputs: number) =>
      compiledFor(chain(input(inputs), linear(1024, inputs), integrate, output(1024)), core);
    expect(weights(192).cores).toHaveLength(1);
    expect(failure(() => weights(193)).message).toContain(
      '1581056 bits of synapses needed, 1572864 available',
    );
  });
});

function compiledFor(nir: NirGraph, hw: HwModel) {
  const imported = importOf(nir, {
    rules: { ...conventions.strict, dt: 1 },
    weightBits: 8,
    accumulatorBits: 16,
    steps: 4,
    delivery: hw.chip?.delivery === 'next' ? 'next' : 'same',
  });
  const bytes = writeNpz(imported.arrays);
  const program = createProgram(imported.description, { arrays: (file) => ({ file, bytes }) });
  return compile(program, hw, { precision: 'mp8-8', seed: 1 });
}

it('an event takes 3.36 us through nine layers of Speck, as published', () => {
  const fires: Node = ['IF', { r: one(1), v_threshold: one(0.5), v_reset: one(0) }];
  const nine = chain(input(1), ...new Array(9).fill([linear(1, 1), fires]).flat(), output(1));
  const image = compiledFor(nine, speck);
  const timeOf = (events: number): number => {
    const machine = createMachine(image, { engine: 'reference' });
    const spikes = { steps: 1, offsets: Uint32Array.of(0, events), indices: new Uint32Array(events) };
    runSample(machine, spikes, { label: 0, learn: false });
    const counters = machine.counters();
    return price(counters, image.costs).latencyNs;
  };
  // Clearing states before a sample takes time, too.
  expect(timeOf(1) - timeOf(0)).toBe(3360);
});
