import { expect, test } from 'vitest';
import type { XyloLayer, XyloNetwork } from '../../../src/import/xylo/quantise.ts';
import { failure } from '../../hardware/tiny.ts';
import { imageOf, type XyloName } from './support.ts';

const all = (size: number, value: number) => new Float64Array(size).fill(value);

function layer(name: string, size: number): XyloLayer {
  return {
    name,
    size,
    dashMem: all(size, 2),
    dashSyn: all(size, 2),
    threshold: all(size, 9),
    bias: all(size, 0),
  };
}

interface Shape {
  readonly inputs?: number;
  /** Sizes of hidden layers; the first takes the inputs, the last leads to the outputs. */
  readonly hidden?: readonly number[];
  readonly outputs?: number;
  /** Weights from each layer to the next that are not zero; by default one of a neuron. */
  readonly between?: number;
}

function network({ inputs = 2, hidden = [3, 3], outputs = 2, between }: Shape): XyloNetwork {
  const sparse = (rows: number, columns: number) =>
    Float64Array.from({ length: rows * columns }, (_, place) => {
      const [row, column] = [Math.floor(place / columns), place % columns];
      return between === undefined ? Number(column === row % columns) : Number(place < between);
    });
  const last = hidden.length - 1;
  return {
    inputs,
    hidden: hidden.map((size, place) => layer(`h${place}`, size)),
    outputs: layer('out', outputs),
    weights: [
      { from: 'input', to: 0, values: all(inputs * (hidden[0] ?? 0), 1) },
      ...hidden.slice(1).map((size, from) => ({
        from,
        to: from + 1,
        values: sparse(hidden[from] ?? 0, size),
      })),
      { from: last, to: 'output', values: all((hidden[last] ?? 0) * outputs, 1) },
    ],
  };
}

/*
 * What docs/devices/xylo-overview.ipynb of Rockpool and its mappers take: networks at several limits at once, and
 * networks one above a limit.
 */
const largest: readonly (readonly [XyloName, Shape])[] = [
  ['xylo-audio2', { inputs: 16, hidden: [10, 64], between: 64, outputs: 8 }],
  ['xylo-audio3', { inputs: 16, hidden: [128, 736, 128], outputs: 32 }],
  ['xylo-imu', { inputs: 16, hidden: [128, 240, 128], outputs: 16 }],
];

const above: readonly (readonly [XyloName, string, Shape])[] = [
  ['xylo-audio2', 'the network has 17 inputs', { inputs: 17 }],
  ['xylo-audio2', 'the network has 9 outputs', { outputs: 9 }],
  ['xylo-audio2', 'the network has 1001 hidden neurons', { hidden: [500, 501] }],
  ['xylo-audio2', 'a neuron with 65 synapses', { hidden: [1, 70], between: 65 }],
  ['xylo-audio3', 'the network has 17 inputs', { inputs: 17 }],
  ['xylo-audio3', 'has 129 hidden neurons that inputs reach', { hidden: [129, 3] }],
  ['xylo-audio3', 'has 129 hidden neurons that reach outputs', { hidden: [3, 129] }],
  ['xylo-audio3', 'the network has 993 hidden neurons', { hidden: [3, 987, 3] }],
  ['xylo-audio3', 'the network has 33 outputs', { outputs: 33 }],
  ['xylo-imu', 'the network has 497 hidden neurons', { hidden: [3, 491, 3] }],
  ['xylo-imu', 'the network has 17 outputs', { outputs: 17 }],
  ['xylo-imu', 'has 129 hidden neurons that inputs reach', { hidden: [129, 3] }],
];

test.each(largest)('%s takes %o', (chip, shape) => {
  expect(() => imageOf(network(shape), 4, chip)).not.toThrow();
});

test.each(above)('%s: %s', (chip, message, shape) => {
  const misfit = failure(() => imageOf(network(shape), 4, chip));
  expect(misfit.code).toBe('fit');
  expect(misfit.message.replace(/(?<=\d).(?=\d{3})/g, '')).toContain(message);
  expect(misfit.others).toEqual([]);
});

test('Audio 3: 31 744 weights between hidden neurons, 32 for each', () => {
  // 128 x 248 = 31 744.
  const shape = { hidden: [128, 248, 3] };
  const weights = (count: number): XyloNetwork => {
    const base = network({ ...shape, between: 0 });
    return {
      ...base,
      weights: [
        ...base.weights.filter(({ from }) => from !== 0),
        { from: 0, to: 1, values: all(31_744, 1) },
        { from: 1, to: 2, values: all(744, 0).fill(1, 0, count - 31_744) },
      ],
    };
  };
  expect(() => imageOf(weights(31_744), 4, 'xylo-audio3')).not.toThrow();
  expect(failure(() => imageOf(weights(31_745), 4, 'xylo-audio3')).message).toMatch(
    /has 31.745 weights between hidden neurons/,
  );
});

test('the IMU: one synaptic state', () => {
  const base = network({});
  const two = { ...base, hidden: base.hidden.map((own) => ({ ...own, dashSyn2: all(own.size, 3) })) };
  expect(() => imageOf(two, 4, 'xylo-audio3')).not.toThrow();
  expect(failure(() => imageOf(two, 4, 'xylo-imu'))).toMatchObject({
    code: 'fit',
    message: "hw-model 'xylo-imu' has no units for microcode, and no kernel 'clearHidden2'",
  });
});
