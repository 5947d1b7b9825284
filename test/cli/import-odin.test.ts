import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import { engineNames } from '../../src/engine/index.ts';
import { type NirGraph, writeNir } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { drawnFrom, everyPlace, graph } from '../import/support.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

/* Networks of NIR on the neurons of ODIN, as commands import, run and record them, and in the RTL of the chip. */

const { path } = scratch();

const dice = new Dice(26);
const drawn = drawnFrom(dice);
const same = (shape: readonly number[], value: number) => drawn(shape, value, value);
const integrate = (shape: readonly number[], threshold: number) =>
  ['IF', { r: same(shape, 1), v_threshold: same(shape, threshold), v_reset: same(shape, 0) }] as const;
const leaky = (shape: readonly number[], tau: number, threshold: number) =>
  [
    'LIF',
    {
      tau: same(shape, tau),
      r: same(shape, tau),
      v_leak: same(shape, 0),
      v_threshold: same(shape, threshold),
      v_reset: same(shape, 0),
    },
  ] as const;

const [steps, samples] = [8, 100];
const networks: Readonly<Record<string, readonly [inputs: readonly number[], nir: NirGraph]>> = {
  // Spikes only leave the chip: the loop is open.
  single: [
    [60],
    graph(
      {
        input: ['Input', { shape: [[1], [60]] }],
        fc: ['Linear', { weight: drawn([10, 60], -0.2, 0.3) }],
        out: integrate([10], 1),
        output: ['Output', { shape: [[1], [10]] }],
      },
      'input -> fc -> out -> output',
    ),
  ],
  // Hidden neurons send spikes through the scheduler; some of those that answer are driven by a bias.
  deep: [
    [30],
    graph(
      {
        input: ['Input', { shape: [[1], [30]] }],
        first: ['Linear', { weight: drawn([24, 30], -0.25, 0.35) }],
        hidden: leaky([24], 6, 1),
        second: ['Affine', { weight: drawn([10, 24], -0.3, 0.45), bias: drawn([10], -0.1, 0.1) }],
        out: leaky([10], 8, 1),
        output: ['Output', { shape: [[1], [10]] }],
      },
      'input -> first -> hidden -> second -> out -> output',
    ),
  ],
  convolution: [
    [1, 6, 6],
    graph(
      {
        input: ['Input', { shape: [[3], [1, 6, 6]] }],
        conv: [
          'Conv2d',
          {
            input_shape: [[2], [6, 6]],
            weight: drawn([2, 1, 3, 3], -0.3, 0.7),
            bias: same([2], 0),
            ...everyPlace,
          },
        ],
        hidden: leaky([2, 4, 4], 4, 1),
        flat: ['Flatten', { start_dim: [[], [0]], end_dim: [[], [-1]] }],
        fc: ['Linear', { weight: drawn([5, 32], -0.3, 0.35) }],
        out: leaky([5], 4, 1),
        output: ['Output', { shape: [[1], [5]] }],
      },
      'input -> conv -> hidden -> flat -> fc -> out -> output',
    ),
  ],
};

beforeAll(async () => {
  for (const [name, [shape, nir]] of Object.entries(networks)) {
    const count = samples * steps * shape.reduce((product, length) => product * length, 1);
    writeFileSync(path(`${name}.nir`), await writeNir(nir));
    writeFileSync(
      path(`${name}.npz`),
      writeNpz({
        input: {
          shape: [samples, steps, ...shape],
          data: Uint8Array.from({ length: count }, () => Number(dice.chance(0.2))),
        },
        label: { shape: [samples], data: Uint8Array.from({ length: samples }, () => dice.whole(0, 4)) },
      }),
    );
  }
});

const toOdin = (name: string, ...args: readonly string[]) =>
  commandLine(argv`import ${path(`${name}.nir`)} --dt 1 --hw odin ${args}`);

describe.each(Object.keys(networks))('the network %s', (name) => {
  const own = `${name}-net`;

  test('comes to ODIN, and the command says what drifts', async () => {
    const { status, stdout, stderr } = await toOdin(name, '--check', path(`${name}.npz`), '-o', path(own));
    expect([status, stdout]).toEqual([0, expect.stringContaining('answers to 100 samples')]);
    expect(stderr).toContain(`${path(own)}: weights.npz, experiment.yaml, import.json, drift.json`);
    const drift = JSON.parse(readFileSync(path(own, 'drift.json'), 'utf8'));
    expect(drift).toMatchObject({ program: 'odin', hwModel: 'odin', precision: 'own', samples: 100 });
    for (const layer of drift.layers) expect(layer.rate.integer).toBeGreaterThan(0.01);
    const { populations } = JSON.parse(readFileSync(path(own, 'import.json'), 'utf8'));
    expect(populations.at(-1)).toMatchObject({
      node: 'out',
      place: expect.stringMatching(/^neurons \d+ to \d+/),
    });
  });

  test('answers in a run what it answered in the check', async () => {
    const { bySample } = JSON.parse(readFileSync(path(own, 'drift.json'), 'utf8'));
    const { stdout } = await commandLine(argv`run ${path(own, 'experiment.yaml')} --quiet`);
    const right = bySample.filter(
      ({ label, integer }: { label: number; integer: number }) => label === integer,
    );
    expect(/^test +([\d.]+) % +100 /m.exec(stdout)?.[1]).toBe(right.length.toFixed(2));
  });

  test('is recorded, and replays on both engines', async () => {
    const trace = path(`${name}.json`);
    expect((await commandLine(argv`golden ${path(own, 'experiment.yaml')} -o ${trace}`)).status).toBe(0);
    for (const engine of engineNames)
      expect((await commandLine(argv`verify ${trace} --engine ${engine}`)).stdout).toContain(
        `identical on engine ${engine}`,
      );
  });
});

describe('wrong use', () => {
  test.each([
    [argv`--precision mp16-8`, '--precision: the neurons of '],
    [argv`--learn out`, '--learn: '],
    [argv`--calibrate ${path('single.npz')}`, '--calibrate: '],
    [argv`--weights as-is`, "--weights as-is: 'odin' takes a scale for each neuron"],
    [
      argv`--input constant --steps 4 --scale 1`,
      "values come in (--input constant), and inputs of the chip 'odin' are spikes",
    ],
  ])('%s', async (options, message) => {
    const out = path('none');
    const { status, stderr } = await toOdin('single', '-o', out, ...options);
    expect([status, stderr.split('\n')[0]]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(out)).toBe(false);
  });

  test('training', async () => {
    const { status, stderr } = await commandLine(
      argv`run ${path('single-net', 'experiment.yaml')} --epochs 1`,
    );
    expect([status, stderr]).toEqual([2, expect.stringContaining('learn')]);
  });
});

const rtl = process.env.PLASTICORE_ODIN_RTL;

describe('in the RTL of ODIN itself', { timeout: 1_800_000, ...needs('odin') }, () => {
  test.each(Object.keys(networks))('%s spikes as in the model, 100 samples', async (name) => {
    const { stdout, stderr } = await commandLine([
      'verify',
      path(`${name}-net`, 'experiment.yaml'),
      '--limit',
      '100',
      '-o',
      path(`${name}-bench`),
      '--rtl',
      rtl ?? '',
      '--simulator',
      'verilator',
    ]);
    expect([stdout, stderr]).toEqual([
      expect.stringContaining('the RTL is identical under verilator'),
      expect.any(String),
    ]);
  });
});
