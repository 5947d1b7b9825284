import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/engine/index.ts';
import type { Image } from '../../../src/image/index.ts';
import type { XyloLayer } from '../../../src/import/xylo/quantise.ts';
import { at } from '../../../src/text/index.ts';
import { Dice } from '../../engine/random/dice.ts';
import { decay, PlainXylo } from './plain.ts';
import { randomNetwork, randomRaster } from './random-network.ts';
import { imageOf, type Raster, runOn, type WholeXylo } from './support.ts';

const engines = ['reference', 'fast'] as const;

/** A layer whose neurons are alike. */
function alike(
  name: string,
  size: number,
  numbers: Partial<Record<'dashMem' | 'dashSyn' | 'threshold' | 'bias', number>>,
) {
  const { dashMem = 2, dashSyn = 2, threshold = 100, bias = 0 } = numbers;
  const all = (value: number) => new Float64Array(size).fill(value);
  return {
    name,
    size,
    dashMem: all(dashMem),
    dashSyn: all(dashSyn),
    threshold: all(threshold),
    bias: all(bias),
  };
}

/** One input, one hidden neuron, one output. */
function chain(hidden: XyloLayer, outputs: XyloLayer, into: number, out: number): WholeXylo {
  return {
    inputs: 1,
    hidden: [hidden],
    outputs,
    weights: [
      { from: 'input', to: 0, values: Float64Array.of(into) },
      { from: 0, to: 'output', values: Float64Array.of(out) },
    ],
  };
}

/** Both engines run what was compiled once. */
const images = new Map<string, Image>();

function stepsOf(network: WholeXylo, raster: Raster, engine: EngineName) {
  const key = JSON.stringify([network, raster.length]);
  const image = images.get(key) ?? imageOf(network, raster.length + network.hidden.length);
  images.set(key, image);
  return runOn(image, network, raster, engine);
}

describe.each(engines)('integers of Xylo on engine %s', (engine) => {
  it('lets numbers fall by the floor and rise by the magnitude rounded up, and by 1 at least', () => {
    // By hand, at dash 2: 13 - 3 = 10, - 2 = 8, - 2 = 6, - 1 = 5; -13 + 4 = -9, + 3 = -6, + 2 = -4, + 1 = -3, + 1.
    expect([13, 10, 3, 1, 0].map((x) => x - decay(x, 2))).toEqual([10, 8, 2, 0, 0]);
    const [up, down] = [13, -13].map((weight) => {
      const quiet = alike('h', 1, { threshold: 32_767, dashMem: 15 });
      return stepsOf(chain(quiet, alike('o', 1, {}), weight, 0), [[1], [0], [0], [0], [0], [0], [0]], engine);
    });
    expect(up?.map(({ i }) => i[0])).toEqual([10, 8, 6, 5, 4, 3, 2, 1]);
    expect(down?.map(({ i }) => i[0])).toEqual([-9, -6, -4, -3, -2, -1, 0, 0]);
  });

  it('saturates the synaptic state and the potential at both ends', () => {
    for (const [weight, end, sign] of [
      [127, 32_767, 1],
      [-128, -32_768, -1],
    ] as const) {
      const network = chain(
        alike('h', 1, { threshold: 32_767, dashSyn: 15, dashMem: 15 }),
        alike('o', 1, {}),
        weight,
        0,
      );
      const steps = stepsOf(
        network,
        Array.from({ length: 40 }, () => [15]),
        engine,
      );
      const reached = steps.map(({ i }) => at(i, 0));
      // Saturated, then one step of decay: 32767 >> 15 is 0, so by 1; -32768 >> 15 is -1, so by 1.
      expect(reached).toContain(end - sign);
      expect(reached.every((value) => Math.abs(value) <= 32_767)).toBe(true);
      if (sign < 0) expect(Math.min(...steps.map(({ v }) => at(v, 0)))).toBe(-32_768);
    }
  });

  it('lets a hidden neuron spike up to 31 times in a step, and an output once', () => {
    // 15 x 127 = 1905, less a half of it: 953. Threshold 20: 47 times, so 31; 953 - 620 = 333 stay.
    const network = chain(
      alike('h', 1, { threshold: 20, dashSyn: 1 }),
      alike('o', 1, { threshold: 5 }),
      127,
      127,
    );
    const [first, second] = stepsOf(network, [[15], [0]], engine);
    expect([first?.hidden, first?.v[0]]).toEqual([[31], 333]);
    expect(second?.outputs).toEqual([1]);
    // 31 x 127 = 3937, less 984: 2953. One spike takes 5.
    expect(second?.v[1]).toBe(2948);
  });

  it('takes thresholds of 0 and of 1 as a loop does', () => {
    for (const threshold of [0, 1]) {
      const network = chain(alike('h', 1, { threshold }), alike('o', 1, { threshold: 0 }), 7, 1);
      const [first, second] = stepsOf(network, [[1], [0]], engine);
      // 7 - 1 = 6. Then: (6 less 1 = 5) and what the membrane has kept.
      expect(first?.hidden).toEqual([threshold === 0 ? 31 : 6]);
      expect(first?.outputs).toEqual([1]);
      expect(second?.hidden).toEqual([threshold === 0 ? 31 : 5]);
    }
  });

  it('passes spikes through an alias in the same step, and counts them among the 31', () => {
    const network: WholeXylo = {
      inputs: 2,
      hidden: [alike('a', 1, { threshold: 20, dashSyn: 1 }), alike('b', 1, { threshold: 20, dashSyn: 1 })],
      outputs: alike('o', 1, {}),
      weights: [
        { from: 'input', to: 0, values: Float64Array.of(20, 0) },
        { from: 'input', to: 1, values: Float64Array.of(0, 127) },
        { from: 1, to: 'output', values: Float64Array.of(1) },
      ],
      aliases: [{ from: 0, to: 1, pairs: [[0, 0]] }],
    };
    // a: 4 x 20 less a half, 40: two spikes. b: those two, and none of its own.
    expect(stepsOf(network, [[4, 0]], engine)[0]?.hidden).toEqual([2, 2]);
    // b alone holds 47 thresholds, 953: with the two of a, 29 of its own; 953 - 580 = 373 stay.
    const [both] = stepsOf(network, [[4, 15]], engine);
    expect([both?.hidden, both?.v[1]]).toEqual([[2, 31], 373]);
    // The spikes of an alias take nothing from the potential.
    expect(stepsOf(network, [[4, 0]], engine)[0]?.v[1]).toBe(0);
  });

  it('delivers spikes of hidden neurons in the next step', () => {
    const network = chain(alike('h', 1, { threshold: 1 }), alike('o', 1, { threshold: 1 }), 8, 8);
    const steps = stepsOf(network, [[1], [0]], engine);
    expect(steps.map(({ outputs }) => outputs[0])).toEqual([0, 1, 1]);
    expect(at(at(steps, 0).hidden, 0)).toBeGreaterThan(0);
  });
});

describe('random networks', () => {
  it('equal the plain loops, on both engines', { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 8; seed++) {
      const dice = new Dice(seed);
      const network = randomNetwork(dice);
      const raster = randomRaster(dice, network.inputs, 12);
      const image = imageOf(network, raster.length + network.hidden.length);
      const plain = new PlainXylo(network);
      const expected = [...raster, ...network.hidden.map(() => [])].map((events) => {
        const { hidden, outputs } = plain.step(events);
        const neurons = [...plain.hidden, ...plain.outputs];
        return { hidden, outputs, v: neurons.map(({ v }) => v), i: neurons.map(({ i }) => at(i, 0)) };
      });
      for (const engine of engines) {
        const steps = runOn(image, network, raster, engine);
        const made = steps.map(({ hidden, outputs, v, i }) => ({ hidden, outputs, v, i }));
        expect(made, `seed ${seed} on ${engine}`).toEqual(expected);
      }
    }
  });
});
