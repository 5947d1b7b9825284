import { describe, expect, test } from 'vitest';
import type { MappedNetwork } from '../../../src/chips/index.ts';
import { fieldNamed } from '../../../src/chips/kit.ts';
import { odinNetworks } from '../../../src/chips/odin/index.ts';
import type { SpikeTrain } from '../../../src/data/index.ts';
import { engineNames } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { importToChip } from '../../../src/import/chip.ts';
import { inputSpikes } from '../../../src/import/input-numbers.ts';
import type { Conventions, NirGraph } from '../../../src/nir/index.ts';
import { loadProgram } from '../../../src/program/index.ts';
import { Dice } from '../../engine/random/dice.ts';
import { graph, strict } from '../../import/support.ts';
import { all, ends, integrate, leaky, linear, type Parameters } from '../nir-nodes.ts';
import { odin } from './model.ts';

/* Networks on ODIN: what comes into its memories, by hand; and what it does with them, in plain loops. */

const { spec: program } = loadProgram(findFile('program', 'odin', ''), {
  microcode: (name, from) => findFile('microcode', name, from),
});
const importOf = (nir: NirGraph, rules: Conventions = strict) =>
  importToChip(
    { graph: nir, rules, input: inputSpikes, name: 'net', steps: 10 },
    { name: 'odin', networks: odinNetworks },
    program,
  );

const layer = (rows: readonly (readonly number[])[], neurons: readonly ['IF' | 'LIF', Parameters]) =>
  graph(
    { ...ends(rows[0]?.length ?? 0, rows.length), fc: linear(rows), n: neurons },
    'input -> fc -> n -> output',
  );

const valuesOf = ({ fields }: MappedNetwork, name: string, count: number): number[] =>
  Array.from(fields[name]?.data.slice(0, count) ?? [], Number);

describe('what comes into the memories', () => {
  // 0.7 is 7 units, so 1 is 10 units of the first neuron; 0.35 is 7 of the second, so 1 is 20.
  const { mapped } = importOf(
    layer(
      [
        [0.7, -0.3, 0],
        [0.35, 0.2, -0.05],
      ],
      leaky(2, 5, 1),
    ),
  );

  test('thresholds and leaks: above 10 and 20, and a fifth of half of them', () => {
    expect(valuesOf(mapped, 'neurons.thr', 3)).toEqual([11, 21, 255]);
    expect(valuesOf(mapped, 'neurons.leak_str', 3)).toEqual([1, 2, 0]);
    expect(valuesOf(mapped, 'neurons.leak_en', 3)).toEqual([1, 1, 0]);
    expect(valuesOf(mapped, 'neurons.disable', 3)).toEqual([0, 0, 1]);
  });

  test('a row for each sign of the weights of an input, and one for rest', () => {
    // Of input 0, both weights excite; inputs 1 and 2: row 1 inhibits, 2 excites, 3 inhibits; row 4 brings to rest.
    expect(mapped.section).toEqual({
      network: {
        inputs: [[0], [1, 2], [3]],
        answers: [0, 1],
        closedLoop: false,
        leaks: true,
        rest: { row: 4, times: 3 },
        level: 0,
      },
    });
    expect(valuesOf(mapped, 'neurons.syn_sign', 6)).toEqual([0, 1, 0, 1, 1, 0]);
    const rows = [0, 1, 2, 3, 4, 5].map((row) =>
      Array.from(mapped.fields['synapses.w']?.data.slice(256 * row, 256 * row + 3) ?? [], Number),
    );
    expect(rows).toEqual([
      [7, 7, 0],
      [3, 0, 0],
      [0, 4, 0],
      [0, 1, 0],
      [7, 7, 0],
      [0, 0, 0],
    ]);
  });

  test('weights that are whole numbers of a coarser unit stay what they are', () => {
    const { mapped } = importOf(layer([[0.3, 0.1, -0.2]], integrate(1, 2)));
    // 0.3 as 6, and so 0.1 as 2 and 0.2 as 4; as 7, it would leave 0.1 between 2 and 3.
    expect(mapped.layers[0]?.units[0]).toBeCloseTo(20, 9);
    // Without a leak, neurons rest at twice the threshold of 41 units, in events of 7: at 12 of them.
    expect(mapped.section).toMatchObject({ network: { level: 12, rest: { times: 6 + 12 } } });
    expect(valuesOf(mapped, 'neurons.thr', 1)).toEqual([41 + 84]);
  });

  test('a neuron that reaches its threshold fires at the next whole number', () => {
    // 10 in all cases; rest is at 21, three events of 7.
    const reaches: Conventions = { ...strict, fires: 'reaches' };
    expect(valuesOf(importOf(layer([[0.7]], integrate(1, 1)), reaches).mapped, 'neurons.thr', 1)).toEqual([
      10 + 21,
    ]);
    expect(valuesOf(importOf(layer([[0.7]], integrate(1, 0.95)), reaches).mapped, 'neurons.thr', 1)).toEqual([
      10 + 21,
    ]);
    expect(valuesOf(importOf(layer([[0.7]], integrate(1, 0.95))).mapped, 'neurons.thr', 1)).toEqual([
      10 + 21,
    ]);
    expect(valuesOf(importOf(layer([[0.7]], integrate(1, 0.9))).mapped, 'neurons.thr', 1)).toEqual([10 + 21]);
  });

  test('a bias is a row that is sent in each step, or a leak', () => {
    const biased = (bias: readonly number[]) =>
      importOf(
        graph(
          {
            ...ends(1, 2),
            fc: [
              'Affine',
              {
                weight: [
                  [2, 1],
                  [0.7, 0.7],
                ],
                bias: [[2], bias],
              },
            ],
            n: integrate(2, 3),
          },
          'input -> fc -> n -> output',
        ),
      ).mapped;
    // Weights end at 7, so 9 units take two spikes, of 5 units each (half up). What a step takes away is a leak.
    const { section, ...mapped } = biased([0.9, -0.4]);
    expect(section).toMatchObject({ network: { constant: { row: 2, times: 2 }, leaks: true } });
    const gains = mapped.fields['synapses.w']?.data.slice(512, 514);
    expect(Array.from(gains ?? [], Number)).toEqual([5, 0]);
    expect(Array.from(mapped.fields['neurons.leak_str']?.data.slice(0, 2) ?? [], Number)).toEqual([0, 4]);
  });

  test('a neuron that excites some and inhibits others is there twice', () => {
    const { mapped } = importOf(
      graph(
        {
          ...ends(1, 2),
          a: linear([[0.7], [0.7]]),
          h: integrate(2, 1),
          b: linear([
            [0.7, 0.7],
            [-0.7, 0.1],
          ]),
          o: integrate(2, 1),
        },
        'input -> a -> h -> b -> o -> output',
      ),
    );
    // Neuron 0 of h inhibits as 0 and excites as 1, neuron 1 excites as 2; those of o are 3 and 4, with empty rows.
    expect(mapped.section).toMatchObject({ network: { inputs: [[5]], answers: [3, 4], closedLoop: true } });
    expect(valuesOf(mapped, 'neurons.syn_sign', 7)).toEqual([1, 0, 0, 0, 0, 0, 1]);
    const row = (at: number) =>
      Array.from(mapped.fields['synapses.w']?.data.slice(256 * at, 256 * at + 6) ?? [], Number);
    expect([0, 1, 2, 3, 5, 6].map(row)).toEqual([
      [0, 0, 0, 0, 7, 0],
      [0, 0, 0, 7, 0, 0],
      [0, 0, 0, 7, 1, 0],
      [0, 0, 0, 0, 0, 0],
      [7, 7, 7, 0, 0, 0],
      [7, 7, 7, 7, 7, 0],
    ]);
  });
});

describe('what ODIN cannot run is refused with the reason', () => {
  const one = [[0.7]];
  const cases: Readonly<Record<string, readonly [NirGraph, string, Conventions?]>> = {
    'neurons that do not spike': [
      graph(
        { ...ends(1, 1), n: ['LI', { tau: all(1, 2), r: all(1, 2), v_leak: all(1, 0) }] },
        'input -> n -> output',
      ),
      "node 'n' does not run on ODIN: its neurons tell nothing but their spikes, and these do not spike",
    ],
    'a threshold of zero': [layer(one, integrate(1, 0)), 'a threshold of 0 is not above 0'],
    'another reset': [
      layer(one, integrate(1, 1, { v_reset: all(1, 0.5) })),
      'its neurons are reset to 0, and these to 0.5',
    ],
    'another start': [
      layer(one, leaky(1, 2, 1, { v_leak: all(1, 0.25) })),
      'its neurons start a sample at 0, and these at 0.25',
      { ...strict, start: 'leak' },
    ],
    'a step longer than a time constant': [
      layer(one, leaky(1, 0.5, 1)),
      'a step multiplies a potential by -1, which is no leak',
    ],
    recurrence: [
      graph(
        { ...ends(1, 1), fc: linear(one), n: integrate(1, 1), loop: linear(one) },
        'input -> fc -> n -> output',
        'n -> loop -> n',
      ),
      'and the recurrent ones here a step later',
    ],
    delays: [
      graph(
        { ...ends(1, 1), wait: ['Delay', { delay: all(1, 2) }], fc: linear(one), n: integrate(1, 1) },
        'input -> wait -> fc -> n -> output',
      ),
      'and those here are delayed',
    ],
    'too many rows': [
      layer(
        [Array.from({ length: 128 }, () => 0.7), Array.from({ length: 128 }, () => -0.7)],
        integrate(2, 1),
      ),
      "the network takes 257 rows of ODIN's crossbar, which has 256: 2 for neurons, 256 for inputs, 1 that",
    ],
  };
  test.each(Object.entries(cases))('%s', (_, [nir, reason, rules]) => {
    expect(() => importOf(nir, rules)).toThrow(reason);
  });
});

/** A network in ODIN's memories, in plain loops: spikes of all neurons in each step. */
function plain({ fields, section }: MappedNetwork, samples: readonly (readonly (readonly number[])[])[]) {
  const { network } = section as {
    network: {
      inputs: number[][];
      closedLoop: boolean;
      leaks: boolean;
      constant?: { row: number; times: number };
      rest: { row: number; times: number };
      level: number;
    };
  };
  const of = (name: string, at: number): number => Number(fields[name]?.data[at]);
  const v = new Array<number>(256).fill(0);
  const counts: number[][] = [];
  const waiting: number[] = [];
  let now: number[] = [];
  let reset: number[] = [];
  const raise = (): void => {
    for (const neuron of reset) v[neuron] = (v[neuron] ?? 0) + 7 * network.level;
    reset = [];
  };
  const settle = (neuron: number): void => {
    if ((v[neuron] ?? 0) < of('neurons.thr', neuron)) return;
    v[neuron] = 0;
    if (of('neurons.disable', neuron) === 1) return;
    now[neuron] = (now[neuron] ?? 0) + 1;
    reset.push(neuron);
    // The scheduler has 32 places. The entry that is being served keeps its own.
    if (network.closedLoop && waiting.length < 32) waiting.push(neuron);
  };
  const serve = (): void => {
    while (waiting.length > 0) {
      const row = waiting[0] ?? 0;
      for (let neuron = 0; neuron < 256; neuron++) {
        const weight = of('synapses.w', 256 * row + neuron);
        const before = v[neuron] ?? 0;
        v[neuron] =
          of('neurons.syn_sign', row) === 1 ? Math.max(0, before - weight) : Math.min(255, before + weight);
        settle(neuron);
      }
      waiting.shift();
    }
  };
  const send = (row: number, times = 1): void => {
    for (let time = 0; time < times; time++) {
      waiting.push(row);
      serve();
      raise();
    }
  };
  for (const sample of samples) {
    now = new Array<number>(256).fill(0);
    send(network.rest.row, network.rest.times);
    for (let neuron = 0; neuron < 256; neuron++) if (of('neurons.disable', neuron) === 0) reset.push(neuron);
    raise();
    for (const inputs of sample) {
      now = new Array<number>(256).fill(0);
      if (network.leaks) {
        for (let neuron = 0; neuron < 256; neuron++) {
          if (of('neurons.leak_en', neuron) === 1)
            v[neuron] = Math.max(0, (v[neuron] ?? 0) - of('neurons.leak_str', neuron));
          settle(neuron);
        }
        serve();
        raise();
      }
      if (network.constant) send(network.constant.row, network.constant.times);
      for (const input of inputs) for (const row of network.inputs[input] ?? []) send(row);
      counts.push([...now]);
    }
  }
  return counts;
}

function trainOf(sample: readonly (readonly number[])[]): SpikeTrain {
  const offsets = new Uint32Array(sample.length + 1);
  for (const [step, inputs] of sample.entries()) offsets[step + 1] = (offsets[step] ?? 0) + inputs.length;
  return { steps: sample.length, offsets, indices: Uint32Array.from(sample.flat()) };
}

/** Runs samples on the model of the chip. Returns spikes by layer and step. */
function onOdin(mapped: MappedNetwork, samples: readonly (readonly (readonly number[])[])[], engine: string) {
  const core = odin(engine);
  for (const [name, { data }] of Object.entries(mapped.fields))
    core.write(fieldNamed(core.image, name), data);
  const running = mapped.start(core);
  const seen: number[][][] = [];
  const scores = samples.map((sample) =>
    Array.from(
      running.present(trainOf(sample), () =>
        seen.push(mapped.layers.map(({ name }) => Array.from(running.spikes(name)))),
      ),
    ),
  );
  return { seen, scores };
}

describe('what ODIN does with a network', () => {
  const dice = new Dice(11);
  const weights = (rows: number, columns: number): readonly (readonly number[])[] =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => dice.fraction() - 0.4));
  const spikes = (inputs: number, steps: number) =>
    Array.from({ length: steps }, () =>
      Array.from({ length: inputs }, (_, input) => input).filter(() => dice.chance(0.3)),
    );
  const deep = graph(
    {
      ...ends(12, 4),
      a: linear(weights(20, 12)),
      h: leaky(20, 6, 0.9),
      b: ['Affine', { weight: [[4, 20], weights(4, 20).flat()], bias: [[4], [0.1, -0.1, 0, 0.05]] }],
      o: leaky(4, 9, 0.8),
    },
    'input -> a -> h -> b -> o -> output',
  );
  const restless = graph(
    {
      ...ends(12, 4),
      a: linear(weights(9, 12)),
      h: integrate(9, 0.9),
      b: linear(weights(4, 9)),
      o: integrate(4, 0.8),
    },
    'input -> a -> h -> b -> o -> output',
  );
  const samples = Array.from({ length: 6 }, () => spikes(12, 10));

  test.each(
    engineNames.flatMap((engine) => [
      [engine, 'neurons that leak', deep] as const,
      [engine, 'neurons that do not, and rest above 0', restless] as const,
    ]),
  )('is what plain loops do, on engine %s, of %s', (engine, _, nir) => {
    const { mapped } = importOf(nir);
    const { seen, scores } = onOdin(mapped, samples, engine);
    const expected = plain(mapped, samples);
    const { answers } = (mapped.section as { network: { answers: number[] } }).network;
    expect(seen.map(([, last]) => last)).toEqual(expected.map((all) => answers.map((neuron) => all[neuron])));
    const sum = (from: number) =>
      answers.map((neuron) =>
        expected.slice(from, from + 10).reduce((count, all) => count + (all[neuron] ?? 0), 0),
      );
    expect(scores).toEqual(samples.map((_, sample) => sum(10 * sample)));
    expect(expected.flat().filter((count) => count > 0).length).toBeGreaterThan(100);
  });

  test('is what the graph does where nothing is rounded, inhibited or added up within a step', () => {
    const whole = [
      [0.3, 0.1, 0.5],
      [0.7, 0.2, 0.4],
    ];
    const { mapped } = importOf(layer(whole, integrate(2, 1.05)));
    const sample = Array.from({ length: 40 }, () => [dice.whole(0, 2)]);
    const { seen } = onOdin(mapped, [sample], 'fast');
    const v = [0, 0];
    const expected = sample.map(([input = 0]) =>
      v.map((before, neuron) => {
        const after = before + (whole[neuron]?.[input] ?? 0);
        v[neuron] = after > 1.05 ? 0 : after;
        return Number(after > 1.05);
      }),
    );
    expect(seen.map(([spiked]) => spiked)).toEqual(expected);
    expect(expected.flat().filter((spike) => spike > 0).length).toBeGreaterThan(10);
  });
});
