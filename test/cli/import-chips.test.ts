import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import { bundledNames } from '../../src/fs/index.ts';
import { writeNir } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { drawnFrom, everyPlace, graph } from '../import/support.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

/* Networks of several kinds on every bundled chip: each runs them, or says why not. */

const { path } = scratch();

const [side, channels, places, classes, steps, samples] = [8, 3, 6, 4, 8, 20];
const hidden = channels * places * places;
const dice = new Dice(6);
const drawn = drawnFrom(dice);
const lif = (shape: readonly number[], tau: readonly [number, number]) =>
  [
    'LIF',
    {
      tau: drawn(shape, ...tau),
      r: drawn(shape, 2, 2),
      v_leak: drawn(shape, 0, 0),
      v_threshold: drawn(shape, 1, 1),
      v_reset: drawn(shape, 0, 0),
    },
  ] as const;
const cuba = (size: number) =>
  [
    'CubaLIF',
    {
      tau_mem: drawn([size], 2, 2),
      tau_syn: drawn([size], 2, 2),
      r: drawn([size], 2, 2),
      w_in: drawn([size], 2, 2),
      v_leak: drawn([size], 0, 0),
      v_threshold: drawn([size], 1, 1),
      v_reset: drawn([size], 0, 0),
    },
  ] as const;
const last = {
  fc: ['Linear', { weight: drawn([classes, hidden], -0.3, 0.35) }],
  out: lif([classes], [2, 2]),
  output: ['Output', { shape: [[1], [classes]] }],
} as const;
const convolution = (tau: readonly [number, number]) =>
  graph(
    {
      input: ['Input', { shape: [[3], [1, side, side]] }],
      conv: [
        'Conv2d',
        {
          input_shape: [[2], [side, side]],
          weight: drawn([channels, 1, 3, 3], -0.3, 0.7),
          bias: drawn([channels], 0, 0),
          ...everyPlace,
        },
      ],
      one: lif([channels, places, places], tau),
      flat: ['Flatten', { start_dim: [[], [0]], end_dim: [[], [-1]] }],
      ...last,
    },
    'input -> conv -> one -> flat -> fc -> out -> output',
  );

const networks = {
  'a convolution with shared weights': { nir: convolution([2, 2]), options: [] },
  'one whose neurons differ in their time constant': { nir: convolution([2, 6]), options: [] },
  'recurrent neurons with currents': {
    nir: graph(
      {
        input: ['Input', { shape: [[3], [1, side, side]] }],
        flat: ['Flatten', { start_dim: [[], [0]], end_dim: [[], [-1]] }],
        first: ['Linear', { weight: drawn([hidden, side * side], -0.3, 0.32) }],
        one: cuba(hidden),
        loop: ['Linear', { weight: drawn([hidden, hidden], -0.1, 0.1) }],
        ...last,
      },
      'input -> flat -> first -> one -> fc -> out -> output',
      'one -> loop -> one',
    ),
    options: [],
  },
  'constant pixels': {
    nir: convolution([2, 2]),
    options: argv`--input constant --steps ${String(steps)} --scale 1/255`,
  },
} as const;

interface Chip {
  readonly hw: string;
  readonly precision: string;
  readonly accuracy?: number;
  readonly accuracyInterval?: { readonly low: number; readonly high: number };
  readonly energyPjPerInference?: number;
  readonly energyPjInterval?: { readonly low: number; readonly high: number };
  readonly reason?: string;
}

function isWithin(value: number | undefined, bounds: Chip['accuracyInterval']): boolean {
  return value !== undefined && bounds !== undefined && bounds.low < value && value < bounds.high;
}

describe.each(Object.entries(networks))('%s', (name, { nir, options }) => {
  test('runs on every bundled chip, or a line says why not', async () => {
    const key = name.replaceAll(' ', '-');
    const [file, data, out] = [path(`${key}.nir`), path(`${key}.npz`), path(key)];
    writeFileSync(file, await writeNir(nir));
    const isConstant = options.length > 0;
    const each = (isConstant ? 1 : steps) * side * side;
    const input = Uint8Array.from({ length: samples * each }, () =>
      isConstant ? dice.whole(0, 255) : Number(dice.chance(0.3)),
    );
    const axes = isConstant ? [1, side, side] : [steps, 1, side, side];
    const write = (label?: readonly number[]) =>
      writeFileSync(
        data,
        writeNpz({
          input: { shape: [samples, ...axes], data: input },
          ...(label && { label: { shape: [samples], data: Uint8Array.from(label) } }),
        }),
      );
    write();
    const imported = () =>
      commandLine(argv`import ${file} --dt 1 --check ${data} -o ${out} --json --quiet ${options}`);
    const { status, stdout, stderr } = await imported();
    expect([status, stderr]).toEqual([0, '']);
    const answers: readonly number[] = JSON.parse(stdout).drift.bySample.map(
      ({ integer }: { integer: number }) => integer,
    );
    expect(new Set(answers).size).toBeGreaterThan(1);
    // Of each four labels, the answers of a core of 8 bits are right for three.
    write(answers.map((answer, sample) => (sample % 4 === 0 ? (answer + 1) % classes : answer)));
    expect((await imported()).status).toBe(0);
    const compared = await commandLine(
      argv`compare ${join(out, 'experiment.yaml')} --workers 1 --json --quiet`,
    );
    expect([compared.status, compared.stderr]).toEqual([0, '']);
    const { chips } = JSON.parse(compared.stdout) as { readonly chips: readonly Chip[] };
    expect(chips.map(({ hw }) => hw).sort()).toEqual(bundledNames('hw-model').sort());
    // As its import says, too: nothing leaks there.
    expect(chips.find(({ hw }) => hw === 'speck')?.reason).toMatch(/neurons of type|the network|more reason/);
    for (const chip of chips) {
      if (chip.reason !== undefined) {
        expect(chip.reason).toMatch(
          /^[^\n]*(has its own controller|does not fit|hw-model '.*' (takes|has) )[^\n]*$/,
        );
        continue;
      }
      if (chip.precision.endsWith('-8')) expect([chip.hw, chip.accuracy]).toEqual([chip.hw, 0.75]);
      expect(isWithin(chip.accuracy, chip.accuracyInterval)).toBe(true);
      expect(isWithin(chip.energyPjPerInference, chip.energyPjInterval)).toBe(true);
    }
    const ran = chips.filter(({ reason }) => reason === undefined).map(({ hw }) => hw);
    expect(ran).toEqual(
      expect.arrayContaining([
        'reference',
        'large',
        'mesh',
        'loihi',
        'loihi-2',
        'spinnaker2',
        'monolith',
        'fp32',
      ]),
    );
  }, 120_000);
});
