import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import { engineNames } from '../../src/engine/index.ts';
import { type NirGraph, writeNir } from '../../src/nir/index.ts';
import { at } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { drawnFrom, graph } from '../import/support.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

/* Networks of NIR on the neurons of ReckOn, as commands import, run and record them, and in the RTL of the chip. */

const { path } = scratch();

const dice = new Dice(28);
const drawn = drawnFrom(dice);
const same = (shape: readonly number[], value: number) => drawn(shape, value, value);
const leaky = (size: number, tau: number) =>
  [
    'LIF',
    {
      tau: same([size], tau),
      r: same([size], tau),
      v_leak: same([size], 0),
      v_threshold: drawn([size], 0.8, 1.2),
      v_reset: same([size], 0),
    },
  ] as const;
const [inputs, steps, samples] = [40, 12, 100];
const ends = {
  input: ['Input', { shape: [[1], [inputs]] }],
  output: ['Output', { shape: [[1], [10]] }],
} as const;
const networks: Readonly<Record<string, readonly [NirGraph, ...options: readonly string[]]>> = {
  deep: [
    graph(
      {
        ...ends,
        first: ['Linear', { weight: drawn([31, inputs], -0.25, 0.35) }],
        hidden: leaky(31, 12),
        second: ['Affine', { weight: drawn([10, 31], -0.3, 0.45), bias: drawn([10], -0.1, 0.1) }],
        out: leaky(10, 20),
      },
      'input -> first -> hidden -> second -> out -> output',
    ),
  ],
  recurrent: [
    graph(
      {
        ...ends,
        first: ['Linear', { weight: drawn([40, inputs], -0.25, 0.3) }],
        hidden: leaky(40, 16),
        loop: ['Linear', { weight: drawn([40, 40], -0.15, 0.15) }],
        second: ['Linear', { weight: drawn([10, 40], -0.3, 0.4) }],
        out: leaky(10, 16),
      },
      'input -> first -> hidden -> second -> out -> output',
      'hidden -> loop -> hidden',
    ),
    '--reset',
    'subtract-late',
  ],
};

beforeAll(async () => {
  for (const [name, [nir]] of Object.entries(networks)) {
    writeFileSync(path(`${name}.nir`), await writeNir(nir));
    writeFileSync(
      path(`${name}.npz`),
      writeNpz({
        input: {
          shape: [samples, steps, inputs],
          data: Uint8Array.from({ length: samples * steps * inputs }, () => Number(dice.chance(0.15))),
        },
        label: { shape: [samples], data: Uint8Array.from({ length: samples }, () => dice.whole(0, 9)) },
      }),
    );
  }
});

describe.each(Object.entries(networks))('the network %s', (name, [, ...options]) => {
  const own = `${name}-net`;

  test('comes to ReckOn, and little drifts', async () => {
    const { status, stderr } = await commandLine(argv`import ${path(`${name}.nir`)} --dt 1 --hw reckon
      --check ${path(`${name}.npz`)} -o ${path(own)} ${options}`);
    expect([status, stderr]).toEqual([0, expect.stringContaining(`${path(own)}: weights.npz`)]);
    const drift = JSON.parse(readFileSync(path(own, 'drift.json'), 'utf8'));
    expect(drift).toMatchObject({ program: 'reckon', hwModel: 'reckon', samples });
    // Weights of 8 bits and potentials of 16: few spikes differ, but a recurrent network feeds its own drift back.
    for (const { rate, differing, correlation } of drift.layers) {
      expect(rate.integer).toBeGreaterThan(0.01);
      expect(differing).toBeLessThan(0.2);
      expect(correlation).toBeGreaterThan(0.9);
    }
    expect(drift.agreement).toBeGreaterThan(0.85);
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
    const recorded = await commandLine(argv`golden ${path(own, 'experiment.yaml')} --limit 10 -o ${trace}`);
    expect(recorded.status).toBe(0);
    for (const engine of engineNames)
      expect((await commandLine(argv`verify ${trace} --engine ${engine}`)).stdout).toContain(
        `identical on engine ${engine}: `,
      );
    // The chip itself finds the answer: which of the last neurons has spiked most, but for the last tick.
    const { populations } = JSON.parse(readFileSync(path(own, 'import.json'), 'utf8'));
    const [, first] = /^neurons (\d+) to/.exec(populations.at(-1).place) ?? [];
    const recording: {
      expected: { inputs: { records?: { spikes?: number[][]; answers?: number[][] } }[] };
    } = JSON.parse(readFileSync(trace, 'utf8'));
    const counts = new Array<number>(10).fill(0);
    let answered = 0;
    for (const { records: { spikes = [], answers } = {} } of recording.expected.inputs) {
      if (answers === undefined) {
        for (const [neuron = 0] of spikes) {
          const k = neuron - Number(first);
          if (k >= 0 && k < 10) counts[k] = at(counts, k) + 1;
        }
      } else {
        expect(answers).toEqual([[counts.indexOf(Math.max(...counts))]]);
        counts.fill(0);
        answered++;
      }
    }
    expect(answered).toBe(10);
  });
});

test.each([
  ['num_inp=12', 'reckon.network has an input 40, and parameter num_inp is 12'],
  ['num_out=2', 'the network on ReckOn has 2'],
  ['do_eprop=7', 'parameter do_eprop is 7'],
])('registers that the network does not fit, %s, are refused', async (register, message) => {
  const experiment = path('deep-net', 'experiment.yaml');
  const line = argv`run ${experiment} --set program.parameters.${register}`;
  const { status, stderr } = await commandLine(line);
  expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
});

const rtl = process.env.PLASTICORE_RECKON_RTL;

describe('in the RTL of ReckOn itself', { timeout: 1_800_000, ...needs('odin') }, () => {
  test.each(Object.keys(networks))('%s spikes as in the model, 100 samples', async (name) => {
    const { stdout } = await commandLine([
      'verify',
      path(`${name}-net`, 'experiment.yaml'),
      ...['--limit', '100', '-o', path(`${name}-bench`), '--rtl', rtl ?? '', '--simulator', 'verilator'],
    ]);
    expect(stdout).toContain('the RTL is identical under verilator: 100 samples');
  });
});
