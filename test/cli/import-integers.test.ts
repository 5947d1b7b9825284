import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNpz, writeNpz } from '../../src/data/index.ts';
import { writeNir } from '../../src/nir/index.ts';
import { at } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { everyPlace, graph } from '../import/support.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

/* Networks whose weights are integers times a scale, as quantising trainers leave them in floats of 32 bits. */

const { path } = scratch();

const [inputs, hidden, classes, steps, samples] = [64, 24, 5, 16, 300];
const each = (shape: readonly number[], value: number) =>
  [shape, Array<number>(shape.reduce((product, length) => product * length, 1)).fill(value)] as const;

interface Trained {
  readonly shape: readonly number[];
  readonly integers: readonly number[];
  /** One for all, or one for each channel of the output. */
  readonly scales: readonly number[];
}

/** Integers of so many bits, the largest among them; those between neurons of one class are larger. */
function trained(dice: Dice, shape: readonly number[], bits: number, scales: readonly number[]): Trained {
  const count = shape.reduce((product, length) => product * length, 1);
  const most = 2 ** (bits - 1) - 1;
  const each = count / (shape[0] ?? 1);
  const integers = Array.from({ length: count }, (_, place) => {
    const [to, from] = [Math.floor(place / each), place % each];
    if (from < 2) return most - from;
    const isOwn = to % classes === from % classes;
    const own = shape.length === 4 ? most / 4 : isOwn ? most / 2 : -most / 8;
    return Math.round(dice.whole(Math.ceil(-most / 2), Math.floor(most / 2)) + own);
  });
  return { shape, integers, scales };
}

const weightOf = ({ shape, integers, scales }: Trained) =>
  [
    shape,
    integers.map((integer, place) => {
      const channel = Math.floor(place / (integers.length / (shape[0] ?? 1)));
      return Math.fround(Math.fround(at(scales, scales.length === 1 ? 0 : channel)) * integer);
    }),
  ] as const;

const scalesOf = (dice: Dice, count: number, low: number, high: number) =>
  Array.from({ length: count }, () => low + (high - low) * dice.fraction());

const ifNode = (size: number) =>
  ['IF', { r: each([size], 1), v_threshold: each([size], 1), v_reset: each([size], 0) }] as const;
const lifNode = (shape: readonly number[]) =>
  [
    'LIF',
    {
      tau: each(shape, 4),
      r: each(shape, 4),
      v_leak: each(shape, 0),
      v_threshold: each(shape, 1),
      v_reset: each(shape, 0),
    },
  ] as const;

interface Network {
  readonly graph: ReturnType<typeof graph>;
  readonly options: readonly string[];
  readonly bits: number;
  /** By projection of the program, the integers that were trained. */
  readonly trained: Readonly<Record<string, Trained>>;
}

function dense(bits: number, isPerChannel: boolean, options: readonly string[]): Network {
  const dice = new Dice(bits);
  const most = 2 ** (bits - 1);
  const scales = (count: number, low: number, high: number) =>
    isPerChannel ? scalesOf(dice, count, low / most, high / most) : [high / most];
  const first = trained(dice, [hidden, inputs], bits, scales(hidden, 0.3, 0.5));
  const second = trained(dice, [classes, hidden], bits, scales(classes, 0.3, 0.5));
  return {
    graph: graph(
      {
        input: ['Input', { shape: [[1], [inputs]] }],
        fc1: ['Affine', { weight: weightOf(first), bias: each([hidden], 0.01) }],
        one: ifNode(hidden),
        fc2: ['Linear', { weight: weightOf(second) }],
        two: ifNode(classes),
        output: ['Output', { shape: [[1], [classes]] }],
      },
      'input -> fc1 -> one -> fc2 -> two -> output',
    ),
    options: argv`--dt 1 ${options}`,
    bits,
    trained: { inputToOne: first, oneToTwo: second },
  };
}

function convolution(): Network {
  const dice = new Dice(3);
  const first = trained(dice, [6, 1, 3, 3], 8, scalesOf(dice, 6, 0.3 / 128, 0.6 / 128));
  const second = trained(dice, [classes, 6 * 36], 8, [0.25 / 128]);
  return {
    graph: graph(
      {
        input: ['Input', { shape: [[3], [1, 8, 8]] }],
        conv: [
          'Conv2d',
          {
            input_shape: [[2], [8, 8]],
            weight: weightOf(first),
            bias: each([6], 0),
            ...everyPlace,
          },
        ],
        one: lifNode([6, 6, 6]),
        flat: ['Flatten', { start_dim: [[], [0]], end_dim: [[], [-1]] }],
        fc: ['Linear', { weight: weightOf(second) }],
        two: lifNode([classes]),
        output: ['Output', { shape: [[1], [classes]] }],
      },
      'input -> conv -> one -> flat -> fc -> two -> output',
    ),
    options: argv`--dt 1`,
    bits: 8,
    trained: { inputToOne: first, oneToTwo: second },
  };
}

const networks: Readonly<Record<string, Network>> = {
  'dense, 8 bits per tensor': dense(8, false, argv`--reset subtract`),
  'dense, 4 bits per channel': dense(4, true, []),
  'a convolution, 8 bits per channel': convolution(),
  'neurons that count, 8 bits per channel': dense(8, true, argv`--fires each --reset subtract`),
};

/** The integers of a projection as the program has them, in the order in which they were trained. */
function stored(weights: ReturnType<typeof readNpz>, name: string, { shape, integers }: Trained): number[] {
  const array = weights.get(name);
  if (array === undefined) throw new Error(name);
  const [outputs = 0] = shape;
  const isPicture = shape.length === 2 && integers.length === classes * 216;
  return integers.map((_, place) => {
    const [to, from] = [Math.floor(place / (integers.length / outputs)), place % (integers.length / outputs)];
    // Neurons of pictures are numbered by place, then channel; weights stand source by source.
    const source = isPicture ? (from % 36) * 6 + Math.floor(from / 36) : from;
    return at(array.data, source * outputs + to);
  });
}

const dice = new Dice(21);
/** A class has inputs of its own that spike often. */
function write(name: string, nir: Network['graph'], axes: readonly number[]) {
  const label = Uint8Array.from({ length: samples }, (_, sample) => sample % classes);
  const input = Uint8Array.from({ length: samples * steps * inputs }, (_, place) => {
    const own = place % classes === at(label, Math.floor(place / (steps * inputs)));
    return Number(dice.chance(own ? 0.5 : 0.1));
  });
  const [file, data] = [path(`${name}.nir`), path(`${name}.npz`)];
  writeFileSync(
    data,
    writeNpz({
      input: { shape: [samples, steps, ...axes], data: input },
      label: { shape: [samples], data: label },
    }),
  );
  return { file, data, written: writeNir(nir).then((bytes) => writeFileSync(file, bytes)) };
}

describe.each(Object.keys(networks))('%s', (name) => {
  test('the integers arrive as they were trained, and every answer is that of the floats', async () => {
    const network = networks[name];
    if (network === undefined) throw new Error(name);
    const out = path(name.replaceAll(/[ ,]/g, '-'));
    const axes = name.startsWith('a conv') ? [1, 8, 8] : [inputs];
    const { file, data, written } = write(name.replaceAll(/[ ,]/g, '-'), network.graph, axes);
    await written;
    const { status, stderr } = await commandLine(
      argv`import ${file} --weights as-is --precision mp16-${network.bits} --accumulator 24 --check ${data}
        -o ${out} --quiet ${network.options}`,
    );
    expect([status, stderr]).toEqual([0, '']);
    const weights = readNpz(readFileSync(join(out, 'weights.npz')), 'weights.npz');
    for (const [projection, own] of Object.entries(network.trained))
      expect(stored(weights, projection, own)).toEqual(own.integers);
    const drift = JSON.parse(readFileSync(join(out, 'drift.json'), 'utf8'));
    for (const layer of drift.layers) expect(layer.rate.float).toBeGreaterThan(0.02);
    expect(drift).toMatchObject({ samples, agreement: 1 });
    // Not all answers are one.
    expect(new Set(drift.bySample.map(({ float }: { float: number }) => float)).size).toBeGreaterThan(2);
    const record = JSON.parse(readFileSync(join(out, 'import.json'), 'utf8'));
    for (const { integers, rootMeanSquareError } of record.projections) {
      expect(integers).toBe('as they were trained');
      expect(rootMeanSquareError).toBeLessThan(1e-3);
    }
  });
});

test('weights that are no integers are not rounded', async () => {
  const random = new Dice(8);
  const floats = [
    [classes, inputs],
    Array.from({ length: classes * inputs }, () => random.fraction() - 0.5),
  ] as const;
  const nir = graph(
    {
      input: ['Input', { shape: [[1], [inputs]] }],
      fc: ['Linear', { weight: floats }],
      two: ifNode(classes),
      output: ['Output', { shape: [[1], [classes]] }],
    },
    'input -> fc -> two -> output',
  );
  writeFileSync(path('floats.nir'), await writeNir(nir));
  const given = argv`import ${path('floats.nir')} --weights as-is -o ${path('no')}`;
  const { status, stderr } = await commandLine(given);
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(
      /node 'fc': its weights are no whole numbers of 8 bits times a scale.*--weights rounded/,
    ),
  ]);
  // Of 8 bits, they do not fit 4.
  const eight = networks['dense, 8 bits per tensor'];
  if (eight === undefined) throw new Error('no network');
  writeFileSync(path('eight.nir'), await writeNir(eight.graph));
  const narrow = await commandLine(
    argv`import ${path('eight.nir')} --weights as-is --precision mp16-4 -o ${path('no')} --dt 1`,
  );
  expect([narrow.status, narrow.stderr]).toEqual([2, expect.stringContaining('no whole numbers of 4 bits')]);
});
