import { describe, expect, it } from 'vitest';
import {
  halfToEven,
  quantiseXylo,
  type XyloLayer,
  type XyloNetwork,
} from '../../../src/import/xylo/quantise.ts';

const of = (...values: readonly number[]) => Float64Array.of(...values);

function network(threshold: Float64Array, change: Partial<XyloLayer> = {}, outThreshold = 2): XyloNetwork {
  return {
    inputs: 1,
    hidden: [
      {
        name: 'h',
        size: 2,
        dashMem: of(1.5, 2.5),
        dashSyn: of(0.49, 3.51),
        threshold,
        bias: of(0.25, 1.5),
        ...change,
      },
    ],
    outputs: {
      name: 'o',
      size: 1,
      dashMem: of(1),
      dashSyn: of(1),
      threshold: of(outThreshold),
      bias: of(0.25),
    },
    weights: [
      { from: 'input', to: 0, values: of(0.5, -0.25) },
      { from: 0, to: 0, values: of(-1, 0, 0.1, 0.125) },
      { from: 0, to: 'output', values: of(0.5, -0.3) },
    ],
  };
}

function whole({ hidden, outputs, weights }: XyloNetwork) {
  const [layer] = hidden;
  return {
    weights: weights.map(({ values }) => [...values]),
    threshold: [...(layer?.threshold ?? []), ...outputs.threshold],
    bias: [...(layer?.bias ?? []), ...outputs.bias],
    dashes: [...(layer?.dashMem ?? []), ...(layer?.dashSyn ?? [])],
  };
}

it('rounds halves to the even number', () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4, -2.6].map(halfToEven)).toEqual([0, 2, 2, 0, -2, -2, 2, -3]);
});

describe('by channel', () => {
  it('gives each target its own scale, and rounds the biases of hidden neurons as they are', () => {
    // Neuron 0: 127 / 1; neuron 1: 127 / 0.25 = 508; output: 127 / 0.5 = 254. 63.5 rounds to 64, 12.7 to 13.
    expect(whole(quantiseXylo(network(of(1, 0.5)), 'channel'))).toEqual({
      weights: [
        [64, -127],
        [-127, 0, 13, 64],
        [127, -76],
      ],
      threshold: [127, 254, 508],
      // 1.5 rounds to 2; the output's, 0.25 x 254 = 63.5, to 64.
      bias: [0, 2, 64],
      dashes: [2, 2, 0, 4],
    });
  });

  it('scales down what belongs to a threshold above 32767, and nothing else', () => {
    // Neuron 1: 100 x 508 = 50800, so the scale is 32767 / 100 = 327.67: -81.9, 0, 41.0.
    const made = whole(quantiseXylo(network(of(1, 100)), 'channel'));
    expect(made.threshold).toEqual([127, 32_767, 508]);
    expect(made.weights.slice(0, 2)).toEqual([
      [64, -82],
      [-127, 0, 13, 41],
    ]);
  });

  it('rounds the threshold of a neuron without weights', () => {
    const silent = network(of(1, 2.5));
    const made = quantiseXylo(
      {
        ...silent,
        weights: [{ from: 'input', to: 0, values: of(0.5, 0) }, ...silent.weights.slice(2)],
      },
      'channel',
    );
    expect(whole(made).threshold).toEqual([254, 2, 508]);
  });
});

describe('globally', () => {
  it('gives hidden neurons one scale and outputs another, but biases of outputs the first', () => {
    // Hidden: the largest is the bias of 1.5, so 127 / 1.5 = 84.67: 42.3, -21.2; -84.7, 8.5, 10.6. Outputs: 254.
    expect(whole(quantiseXylo(network(of(1, 0.5)), 'global'))).toEqual({
      weights: [
        [42, -21],
        [-85, 0, 8, 11],
        [127, -76],
      ],
      threshold: [85, 42, 508],
      bias: [21, 127, 21],
      dashes: [2, 2, 0, 4],
    });
  });

  it('scales recurrent weights, too, where a threshold of outputs is too high', () => {
    // 200 x 254 = 50800, so 32767 / 50800 = 0.645: 127 becomes 81.9, -76 -49.0; -85 becomes -54.8, 8 5.2, 11 7.1.
    const made = whole(quantiseXylo(network(of(1, 0.5), {}, 200), 'global'));
    expect(made.threshold).toEqual([85, 42, 32_767]);
    expect(made.weights).toEqual([
      [42, -21],
      [-55, 0, 5, 7],
      [82, -49],
    ]);
  });

  it('scales weights of inputs and recurrent ones where a threshold of hidden neurons is too high', () => {
    // 500 x 84.67 = 42333, so 0.774: 42 becomes 32.5, -21 -16.3; -85 becomes -65.8, 8 6.2, 11 8.5; 85 becomes 65.8.
    const made = whole(quantiseXylo(network(of(1, 500)), 'global'));
    expect(made.threshold).toEqual([66, 32_767, 508]);
    expect(made.weights).toEqual([
      [33, -16],
      [-66, 0, 6, 9],
      [127, -76],
    ]);
  });
});
