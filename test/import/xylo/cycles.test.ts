import { describe, expect, it } from 'vitest';
import { price } from '../../../src/image/index.ts';
import { createMachine } from '../../../src/machine/index.ts';
import { Dice } from '../../engine/random/dice.ts';
import { imageOf, type Raster, runOn, type WholeXylo, type XyloName } from './support.ts';
import { vendorCycles } from './vendor-cycles.ts';

const all = (size: number, value: number) => new Float64Array(size).fill(value);

/** Neurons that spike in every step, or never. */
function layer(name: string, size: number, spikes: boolean) {
  const [bias, threshold] = spikes ? [1000, 1] : [0, 32_767];
  return {
    name,
    size,
    dashMem: all(size, 2),
    dashSyn: all(size, 2),
    threshold: all(size, threshold),
    bias: all(size, bias),
  };
}

/** 4 + 4 hidden neurons with aliases from each to each, the second layer recurrent, and 2 outputs. */
function residual(inputs: number, spikes: boolean, recurrent: Float64Array): WholeXylo {
  return {
    inputs,
    hidden: [layer('first', 4, spikes), layer('second', 4, spikes)],
    outputs: layer('out', 2, true),
    weights: [
      { from: 'input', to: 0, values: all(4 * inputs, 3) },
      { from: 0, to: 1, values: all(16, 5) },
      { from: 1, to: 1, values: recurrent },
      { from: 1, to: 'output', values: all(8, 7) },
    ],
    aliases: [{ from: 0, to: 1, pairs: [0, 1, 2, 3].map((neuron) => [neuron, neuron] as const) }],
  };
}

function cyclesOf(network: WholeXylo, chip: XyloName, raster: Raster): number[] {
  return runOn(imageOf(network, raster.length + network.hidden.length, chip), network, raster, 'fast')
    .slice(0, raster.length)
    .map(({ cycles }) => cycles);
}

const full = { input: 1, hidden: 1 };

describe('cycles of a step in which everything is active', () => {
  const active = (inputs: number): Raster => [0, 1, 2].map(() => Array.from({ length: inputs }, () => 1));
  const oneZero = all(16, -5);
  oneZero[6] = 0;

  it.each([
    // Printed in xylo-imu-intro.ipynb and in xylo-audio-intro.ipynb, whose recurrent weights are random.
    ['xylo-imu', 15, all(16, -5), 757],
    ['xylo-audio3', 2, oneZero, 555],
    ['xylo-audio3', 2, all(16, -5), 562],
  ] as const)('are those printed for %s with %d inputs', (chip, inputs, recurrent, printed) => {
    const network = residual(inputs, true, recurrent);
    expect(vendorCycles(network, chip, full)).toBe(printed);
    // The first step has no spikes of a step before.
    expect(cyclesOf(network, chip, active(inputs)).slice(1)).toEqual([printed, printed]);
  });

  it('are those of the formula for random weights on each chip', () => {
    const dice = new Dice(7);
    for (const chip of ['xylo-audio2', 'xylo-audio3', 'xylo-imu'] as const) {
      const recurrent = Float64Array.from({ length: 16 }, () => (dice.chance(0.4) ? 0 : dice.whole(-3, 3)));
      const network = residual(5, true, recurrent);
      const expected = vendorCycles(network, chip, full);
      expect(cyclesOf(network, chip, active(5))[2]).toBeCloseTo(expected, 9);
    }
    // By hand: Audio 2 also passes the second layer for each input, and the outputs for each neuron of the first.
    const [two, three] = (['xylo-audio2', 'xylo-audio3'] as const).map((chip) =>
      vendorCycles(residual(5, true, oneZero), chip, full),
    );
    expect((two ?? 0) - (three ?? 0)).toBe(5 * 3.5 * 4 + 4 * (1 + 8 * 2));
  });
});

describe('cycles of a quiet step', () => {
  it('are those of the neurons, the inputs and the outputs alone', () => {
    const network = { ...residual(4, false, all(16, -5)), aliases: [] };
    const raster = [
      [0, 0, 0, 0],
      [0, 9, 0, 0],
    ];
    // 4 + 22 x 8 + 12 x 2 = 204; one input of 4: 3.5 x 4 more, however many events it has.
    expect(cyclesOf(network, 'xylo-audio3', raster)).toEqual([204, 218]);
    expect([0, 0.25].map((input) => vendorCycles(network, 'xylo-audio3', { input, hidden: 0 }))).toEqual([
      204, 218,
    ]);
  });
});

describe('energy', () => {
  it('is 20 pJ a cycle, and the power at rest for as long as it takes', () => {
    const network = residual(2, true, all(16, -5));
    const image = imageOf(network, 5);
    const machine = createMachine(image);
    machine.begin({ label: 0, learn: false, steps: 5 });
    machine.finish();
    const { cycles, energyPj } = price(machine.counters(), image.costs);
    expect(energyPj.byUnit.kernels).toBeCloseTo(20 * cycles, 6);
    // 542.9 uW x 160 ns = 86.864 pJ a cycle.
    expect(energyPj.total).toBeCloseTo((20 + 86.864) * cycles, 3);
  });
});
