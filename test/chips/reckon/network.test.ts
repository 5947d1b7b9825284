import { describe, expect, test } from 'vitest';
import { fieldNamed } from '../../../src/chips/kit.ts';
import { reckonNetworks } from '../../../src/chips/reckon/network.ts';
import type { ReckonNetworkOptions } from '../../../src/chips/reckon/samples.ts';
import { createCore, type EngineName, engineNames } from '../../../src/engine/index.ts';
import { deploy, joinSettings, noSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { coreImageOf } from '../../../src/image/index.ts';
import { type ChipImport, importToChip } from '../../../src/import/chip.ts';
import { inputSpikes } from '../../../src/import/input-numbers.ts';
import { type Conventions, conventions, type NirGraph } from '../../../src/nir/index.ts';
import { loadProgram } from '../../../src/program/index.ts';
import { Dice } from '../../engine/random/dice.ts';
import { graph, strict } from '../../import/support.ts';
import { all, ends, leaky, linear, type Parameters } from '../nir-nodes.ts';

/* Networks on ReckOn: what comes into its memories and registers, and what it does with them, in plain loops. */

const { spec: program } = loadProgram(findFile('program', 'reckon', ''), {
  microcode: (name, from) => findFile('microcode', name, from),
});
const steps = 12;
const importOf = (nir: NirGraph, rules: Conventions = strict): ChipImport =>
  importToChip(
    { graph: nir, rules, input: inputSpikes, name: 'net', steps },
    { name: 'reckon', networks: reckonNetworks },
    program,
  );
const networkOf = ({ mapped }: ChipImport): ReckonNetworkOptions =>
  (mapped.section as { network: ReckonNetworkOptions }).network;

const affine = (
  rows: readonly (readonly number[])[],
  bias: readonly number[],
): readonly ['Affine', Parameters] => ['Affine', { ...linear(rows)[1], bias: [[bias.length], bias] }];

const dice = new Dice(5);
const weights = (rows: number, columns: number): readonly (readonly number[])[] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => dice.fraction() - 0.4));
const recurrent = graph(
  {
    ...ends(9, 3),
    a: affine(weights(7, 9), [0, 0.1, 0, -0.05, 0, 0, 0]),
    h: leaky(7, 16, 1),
    loop: linear(weights(7, 7)),
    b: affine(weights(3, 7), [0.05, 0, 0]),
    o: leaky(3, 10, 0.8),
  },
  'input -> a -> h -> b -> o -> output',
  'h -> loop -> h',
);

describe('what comes into registers and memories', () => {
  const imported = importOf(recurrent);
  const { mapped } = imported;
  const { fp_loc_winp: input = -1, fp_loc_wrec: inner = -1, ...registers } = mapped.parameters ?? {};

  test('sizes are even, a layer begins with a pair, and an input is left for the biases of each layer', () => {
    // 9 inputs and 2 constants; 7 neurons in 4 pairs, 3 in 2.
    expect(registers).toEqual({
      num_inp: 12,
      num_rec: 12,
      num_out: 3,
      rst_mode: 1,
      en_stoch_round: 0,
      fp_loc_wout: 0,
      kappa: 128,
      do_eprop: 0,
    });
    expect(mapped.layers.map(({ place }) => place)).toEqual(['neurons 0 to 6', 'neurons 8 to 10']);
    // h acts in the tick of its input, o one later: two ticks behind that, its last spike is counted.
    expect(networkOf(imported)).toMatchObject({
      inputs: 9,
      constant: [
        { input: 9, from: 0 },
        { input: 10, from: 1 },
      ],
      settle: 3,
    });
    expect(mapped.section).toMatchObject({ targetFrom: steps + 2 });
  });

  test('leaks have 15 fractional bits, and a neuron fires above its threshold', () => {
    const { alpha, threshold } = networkOf(imported);
    // 1 - 1/16 and 1 - 1/10 of 32768.
    expect(alpha).toEqual([30720, 30720, 30720, 30720, 29491, 29491]);
    const unitOf = (layer: number): number => mapped.layers[layer]?.units[0] ?? 0;
    expect(threshold).toEqual([
      ...new Array<number>(4).fill(Math.round(unitOf(0)) + 1),
      ...new Array<number>(2).fill(Math.round(0.8 * unitOf(1)) + 1),
    ]);
  });

  test('weights are the nearest of 8 bits, in units of their neuron, and none is clipped', () => {
    const at = (field: string, row: number, column: number): number =>
      Number(mapped.fields[field]?.data[256 * row + column]);
    const tensor = (node: string) => recurrent.nodes.get(node)?.parameters.get('weight')?.values ?? [];
    let largest = 0;
    for (const [node, field, shift, layer, [from, to], [rows, columns]] of [
      ['a', 'synapses.winp', input, 0, [0, 0], [7, 9]],
      ['loop', 'synapses.wrec', inner, 0, [0, 0], [7, 7]],
      ['b', 'synapses.wrec', inner, 1, [0, 8], [3, 7]],
    ] as const)
      for (let post = 0; post < rows; post++)
        for (let pre = 0; pre < columns; pre++) {
          const wanted = (tensor(node)[post * columns + pre] ?? 0) * (mapped.layers[layer]?.units[post] ?? 0);
          const found = at(field, from + pre, to + post);
          expect(Math.abs(found - wanted / 2 ** shift)).toBeLessThanOrEqual(0.5 + 1e-9);
          largest = Math.max(largest, Math.abs(found));
        }
    expect(largest).toBeLessThanOrEqual(127);
    expect(largest).toBeGreaterThan(100);
    expect(at('synapses.winp', 9, 1)).toBe(
      Math.round((0.1 * (mapped.layers[0]?.units[1] ?? 0)) / 2 ** input),
    );
    expect(at('synapses.winp', 10, 8)).toBe(
      Math.round((0.05 * (mapped.layers[1]?.units[0] ?? 0)) / 2 ** input),
    );
    // Output k counts the spikes of neuron 8 + k.
    const out = mapped.fields['readout.wout']?.data ?? [];
    expect(
      Array.from(out, Number).flatMap((weight, place) => (weight === 0 ? [] : [[place, weight]])),
    ).toEqual([0, 1, 2].map((k) => [16 * (8 + k) + k, 1]));
  });

  test('a reset by subtraction is that of the chip, where it acts late', () => {
    const late = importOf(recurrent, { ...conventions.snntorch, dt: 1 });
    expect(late.mapped.parameters?.rst_mode).toBe(0);
    expect(late.mapped.notes.join()).not.toContain('leaked');
    const now = importOf(recurrent, { ...strict, reset: 'subtract' });
    expect(now.mapped.notes.join()).toContain('takes the threshold from a potential that has leaked');
  });
});

describe('what ReckOn cannot run is refused with the reason', () => {
  const one = [[0.7]];
  const single = (neurons: readonly ['LIF', Parameters]) =>
    graph({ ...ends(1, 1), fc: linear(one), n: neurons }, 'input -> fc -> n -> output');
  const cases: Readonly<Record<string, readonly [NirGraph, string, Conventions?]>> = {
    'a quick leak': [
      single(leaky(1, 5, 1)),
      "node 'n' does not run on ReckOn: its neurons keep 0.875 or more of their potential in a tick, and these 0.8",
    ],
    'a pair with two leaks': [
      graph(
        {
          ...ends(1, 2),
          fc: linear([[1], [1]]),
          n: leaky(2, 16, 1, { tau: [[2], [16, 20]] }),
        },
        'input -> fc -> n -> output',
      ),
      'neurons 0 and 1 are a pair, which has one leak, and theirs differ',
    ],
    'neurons that do not spike': [
      graph(
        { ...ends(1, 1), n: ['LI', { tau: all(1, 20), r: all(1, 20), v_leak: all(1, 0) }] },
        'input -> n -> output',
      ),
      'only neurons that spike are mapped, and these do not',
    ],
    'two kinds of reset': [
      graph(
        { ...ends(1, 1), a: linear(one), h: leaky(1, 16, 1), b: linear(one), o: leaky(1, 16, 1) },
        'input -> a -> h -> b -> o -> output',
      ),
      "node 'o' does not run on ReckOn: all its neurons are reset alike",
      { ...strict, nodes: new Map([['h', { reset: 'subtract-late' }]]) },
    ],
    'too many neurons': [
      graph(
        {
          ...ends(1, 1),
          a: linear(weights(256, 1)),
          h: leaky(256, 16, 1),
          b: linear(weights(1, 256)),
          o: leaky(1, 16, 1),
        },
        'input -> a -> h -> b -> o -> output',
      ),
      'the network has 258 neurons, each layer in whole pairs, and ReckOn 256',
    ],
    'too many classes': [
      graph({ ...ends(1, 17), a: linear(weights(17, 1)), o: leaky(17, 16, 1) }, 'input -> a -> o -> output'),
      'the network has 17 classes, and ReckOn 16',
    ],
    'too many inputs': [
      graph({ ...ends(257, 1), a: linear(weights(1, 257)), o: leaky(1, 16, 1) }, 'input -> a -> o -> output'),
      'the network has 257 inputs, and ReckOn 256',
    ],
    delays: [
      graph(
        { ...ends(1, 1), wait: ['Delay', { delay: all(1, 2) }], fc: linear(one), n: leaky(1, 16, 1) },
        'input -> wait -> fc -> n -> output',
      ),
      'spikes arrive in the next tick, and some of those here later',
    ],
  };
  test.each(Object.entries(cases))('%s', (_, [nir, reason, rules]) => {
    expect(() => importOf(nir, rules)).toThrow(reason);
  });
});

type Sample = readonly (readonly number[])[];

/** A network in ReckOn's memories, in plain loops: spikes of the neurons in each step, and what the outputs count. */
function plain(imported: ChipImport, sample: Sample) {
  const { mapped } = imported;
  const { alpha, threshold, constant, settle } = networkOf(imported);
  const {
    fp_loc_winp: input = 0,
    fp_loc_wrec: inner = 0,
    rst_mode: toZero = 0,
    num_rec: count = 0,
  } = mapped.parameters ?? {};
  const weight = (field: string, row: number, column: number): number =>
    Number(mapped.fields[field]?.data[256 * row + column]);
  const clamp = (value: number): number => Math.max(-32768, Math.min(32767, value));
  const u = new Array<number>(count).fill(0);
  const outputs = new Array<number>(3).fill(0);
  const spikes: number[][] = [];
  let fired: number[] = [];
  const ticks = sample.length + settle;
  for (let tick = 0; tick < ticks; tick++) {
    if (tick > 0) {
      fired = [];
      for (let j = 0; j < count; j++) {
        const limit = threshold[j >> 1] ?? 32767;
        const before = u[j] ?? 0;
        const left = Math.floor((before * (alpha[j >> 1] ?? 32768)) / 32768);
        if (before >= limit) fired.push(j);
        u[j] = before < limit ? left : toZero === 1 ? 0 : left - limit;
      }
      spikes.push(fired);
    }
    if (tick === ticks - 1) break;
    const active = new Set(sample[tick] ?? []);
    for (const { input: index, from } of constant) if (tick >= from) active.add(index);
    for (let i = 0; i < 12; i++) {
      const [isInput, isSpike] = [active.has(i), fired.includes(i)];
      if (isSpike && i >= 8 && i < 11) outputs[i - 8] = (outputs[i - 8] ?? 0) + 1;
      for (let j = 0; j < count; j++) {
        const added =
          (isInput ? weight('synapses.winp', i, j) * 2 ** input : 0) +
          (isSpike ? weight('synapses.wrec', i, j) * 2 ** inner : 0);
        u[j] = clamp((u[j] ?? 0) + clamp(added));
      }
    }
  }
  return { spikes, outputs };
}

function onReckon(imported: ChipImport, samples: readonly Sample[], engine: EngineName) {
  const { mapped } = imported;
  const place = { file: 'test' };
  const settings = joinSettings(noSettings, {
    ...noSettings,
    program: Object.entries(mapped.parameters ?? {}).map(([name, value]) => ({
      path: ['parameters', name],
      value,
      place,
    })),
  });
  const { image } = deploy(
    {
      program: { name: 'reckon', from: '' },
      hw: { name: 'reckon', from: '' },
      precision: 'own',
      seed: 1,
      settings,
    },
    findFile,
  );
  const core = createCore(coreImageOf(image), { engine });
  for (const [name, { data }] of Object.entries(mapped.fields))
    core.write(fieldNamed(core.image, name), data);
  const running = mapped.start(core);
  return samples.map((sample) => {
    const offsets = new Uint32Array(sample.length + 1);
    for (const [step, inputs] of sample.entries()) offsets[step + 1] = (offsets[step] ?? 0) + inputs.length;
    const spikes: number[][] = [];
    const train = { steps: sample.length, offsets, indices: Uint32Array.from(sample.flat()) };
    const outputs = running.present(train, () => {
      const [h = [], o = []] = mapped.layers.map(({ name }) => Array.from(running.spikes(name)));
      spikes.push(
        [...h.keys()]
          .filter((j) => h[j] === 1)
          .concat([...o.keys()].filter((j) => o[j] === 1).map((j) => 8 + j)),
      );
    });
    return { spikes, outputs: Array.from(outputs) };
  });
}

test.each(engineNames)('what ReckOn does with a network is what plain loops do, on engine %s', (engine) => {
  const samples = Array.from({ length: 5 }, () =>
    Array.from({ length: steps }, () => [...Array(9).keys()].filter(() => dice.chance(0.3))),
  );
  for (const rules of [strict, { ...conventions.snntorch, dt: 1 }]) {
    const imported = importOf(recurrent, rules);
    const expected = samples.map((sample) => plain(imported, sample));
    expect(onReckon(imported, samples, engine)).toEqual(expected);
    expect(expected.flatMap(({ spikes }) => spikes.flat()).length).toBeGreaterThan(50);
    expect(Math.max(...expected.flatMap(({ outputs }) => outputs))).toBeGreaterThan(1);
  }
});
