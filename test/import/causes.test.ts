import { describe, expect, test } from 'vitest';
import { compare, type InputData, runningOn } from '../../src/import/index.ts';
import { type Conventions, conventions } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { type Choice, coreOf, graph, importOf, strict } from './support.ts';

/* A layer alone: what its drift is of, beside the drift that the core has. */

const [inputs, neurons, steps] = [8, 12, 20];
const all = (value: number) => [[neurons], Array<number>(neurons).fill(value)] as const;

const data: InputData = (() => {
  const dice = new Dice(2);
  const samples = Array.from({ length: 10 }, () =>
    Uint8Array.from({ length: steps * inputs }, () => Number(dice.chance(0.4))),
  );
  const sample = (at: number) => samples[at] ?? new Uint8Array();
  return {
    name: 'random',
    samples: samples.length,
    steps,
    numbers: { are: 'spikes', scale: 1, offset: 0 },
    most: 1,
    sample,
    doubles: sample,
    labels: undefined,
    answers: undefined,
  };
})();

function layerOf(
  weight: (dice: Dice) => number,
  threshold: number,
  choice: Choice,
  type: 'IF' | 'LIF' | 'CubaLIF' = 'IF',
) {
  const dice = new Dice(6);
  const more = {
    IF: {},
    LIF: { tau: all(2), v_leak: all(0) },
    CubaLIF: { tau_mem: all(2), tau_syn: all(2), w_in: all(2), v_leak: all(0) },
  };
  const nir = graph(
    {
      in: ['Input', { shape: [[1], [inputs]] }],
      fc: [
        'Linear',
        { weight: [[neurons, inputs], Array.from({ length: neurons * inputs }, () => weight(dice))] },
      ],
      n: [
        type,
        { ...more[type], r: all(type === 'IF' ? 1 : 2), v_threshold: all(threshold), v_reset: all(0) },
      ],
      out: ['Output', { shape: [[1], [neurons]] }],
    },
    'in -> fc -> n -> out',
  );
  const imported = importOf(nir, { steps, ...choice });
  const core = coreOf(imported, 'fast', `mp16-${choice.weightBits ?? 16}`);
  const drift = compare({ ...imported, running: runningOn(core, imported) }, data);
  const [layer] = drift.layers;
  if (layer?.causes === undefined) throw new Error('no causes');
  expect(layer.rate?.float).toBeGreaterThan(0.02);
  return { ...layer, causes: layer.causes };
}

const exact = (dice: Dice) => dice.pick([0.5, 0.25, 0.125, -0.125]);
const odd = (dice: Dice) => dice.fraction() * 0.6 - 0.1;

const ways: Readonly<Record<string, Conventions>> = {
  strict,
  subtract: { ...strict, reset: 'subtract' },
  snntorch: { ...conventions.snntorch, dt: 1 },
  'snntorch, zero': { ...conventions.snntorch, reset: 'zero-late', dt: 1 },
  sinabs: { ...conventions.sinabs, leak: 'euler' },
};

describe.each(Object.keys(ways))('by the conventions of %s', (name) => {
  const rules = ways[name] ?? strict;
  test.each(['IF', 'LIF', 'CubaLIF'] as const)('%s: where all is exact, nothing is a cause', (type) => {
    const { causes, differing } = layerOf(exact, 0.5, { rules }, type);
    expect({ causes, differing }).toEqual({
      causes: { weights: 0, leak: 0, threshold: 0, accumulator: 0 },
      differing: 0,
    });
  });

  test.each(['IF', 'LIF', 'CubaLIF'] as const)(
    '%s: where weights alone are rounded, they make all of the drift of the core',
    (type) => {
      // Weights of 4 bits; accumulators hold their sums, and what leaks of them, to 2^-15 or less.
      const { causes, differing = 0 } = layerOf(odd, 0.5, { rules, weightBits: 4 }, type);
      expect(differing).toBeGreaterThan(0.02);
      expect(causes.weights).toBeCloseTo(differing, 2);
      expect(causes).toMatchObject({ leak: 0, threshold: 0 });
    },
  );
});

test('a threshold that accumulators of 6 bits cannot hold', () => {
  const rules: Conventions = { ...strict, reset: 'subtract' };
  const { causes, differing } = layerOf(exact, 0.3, { rules, accumulatorBits: 6 });
  expect(differing).toBeGreaterThan(0);
  expect(causes.threshold).toBeGreaterThan(0);
  expect(causes.weights).toBe(0);
  const wide = layerOf(exact, 0.3, { rules, accumulatorBits: 24 });
  expect(wide.causes).toEqual({ weights: 0, leak: 0, threshold: 0, accumulator: 0 });
});
