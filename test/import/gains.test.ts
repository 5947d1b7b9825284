import { describe, expect, test } from 'vitest';
import { compare, type InputData, runningOn } from '../../src/import/index.ts';
import { conventions, type NirGraph } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { coreOf, everyPlace, graph, importOf, strict } from './support.ts';

/* A convolution whose neurons differ in their gain: 2 x 3 x 3 shared weights, 4 x 4 places. */

const steps = 12;
const [side, places] = [6, 4];
const shape = [2, places, places];
const size = 2 * places * places;
const all = (value: number) => [shape, Array<number>(size).fill(value)] as const;
const mixed = (...values: readonly number[]) => {
  const dice = new Dice(9);
  return [shape, Array.from({ length: size }, () => dice.pick(values))] as const;
};

const kinds = {
  IF: { r: mixed(1, 0.5, 0.25), v_threshold: all(1), v_reset: all(0) },
  LIF: { tau: all(2), r: mixed(2, 1, 0.5), v_leak: all(0), v_threshold: all(0.5), v_reset: all(0) },
  CubaLIF: {
    tau_mem: all(2),
    tau_syn: all(2),
    r: mixed(2, 1, 0.5),
    w_in: all(2),
    v_leak: all(0),
    v_threshold: all(0.5),
    v_reset: all(0),
  },
} as const;

function convolution(type: keyof typeof kinds, neurons: Parameters<typeof graph>[0][string][1]): NirGraph {
  const dice = new Dice(7);
  const among = [0.5, 0.25, 0.25, 0.125, 0, -0.125];
  return graph(
    {
      in: ['Input', { shape: [[3], [1, side, side]] }],
      conv: [
        'Conv2d',
        {
          input_shape: [[2], [side, side]],
          weight: [[2, 1, 3, 3], Array.from({ length: 18 }, () => dice.pick(among))],
          bias: [[2], [0.125, 0]],
          ...everyPlace,
        },
      ],
      n: [type, neurons],
      out: ['Output', { shape: [[3], shape] }],
    },
    'in -> conv -> n -> out',
  );
}

function samples(are: InputData['numbers']['are'] = 'spikes'): InputData {
  const dice = new Dice(11);
  const data = Array.from({ length: 10 }, () => {
    const spikes = Uint8Array.from({ length: steps * side * side }, () => (dice.chance(0.3) ? 1 : 0));
    return are === 'constant' ? spikes.map((_, at) => spikes[at % (side * side)] ?? 0) : spikes;
  });
  const sample = (at: number) => data[at] ?? new Uint8Array();
  return {
    name: 'random',
    samples: data.length,
    steps,
    numbers: { are, scale: 1, offset: 0 },
    most: 1,
    sample,
    doubles: sample,
    labels: undefined,
    answers: undefined,
  };
}

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s', (kind) => {
  const nir = convolution(kind, kinds[kind]);
  test.each(['neurons', 'weights'] as const)('with gains in its %s, all is exact', (gains) => {
    for (const rules of [
      strict,
      { ...strict, reset: 'subtract' },
      { ...conventions.spikingjelly, dt: 1 },
    ] as const) {
      const imported = importOf(nir, { rules, steps, gains });
      const [link] = imported.integers.links;
      expect(link?.link.map.sliding === undefined).toBe(gains === 'weights');
      const drift = compare({ ...imported, running: runningOn(coreOf(imported), imported) }, samples());
      expect(drift.layers[0]?.rate?.float).toBeGreaterThan(0.02);
      expect(drift.layers[0]).toMatchObject({ differing: 0, error: 0 });
    }
  });

  test('and of a constant input that enters once', () => {
    const data = samples('constant');
    const choice = { steps: 6, gains: 'neurons', entry: 'once', input: data.numbers } as const;
    const imported = importOf(nir, choice);
    expect(Object.keys(imported.description.populations.n?.fields ?? {})).toContain('constant');
    const short = { ...data, steps: 6, sample: cut(data.sample), doubles: cut(data.sample) };
    const drift = compare({ ...imported, running: runningOn(coreOf(imported), imported) }, short);
    expect(drift.layers[0]?.rate?.float).toBeGreaterThan(0.02);
    expect(drift.layers[0]).toMatchObject({ differing: 0, error: 0 });
  });
});

const cut = (of: (at: number) => Uint8Array) => (at: number) => of(at).subarray(0, 6 * side * side);

test('gains of any size are factors of 8 bits, or of 12 where these would be wrong by more than half a percent', () => {
  const dice = new Dice(5);
  const between = (low: number, high: number) =>
    [shape, Array.from({ length: size }, () => low + (high - low) * dice.fraction())] as const;
  for (const [low, most] of [
    [0.6, 255],
    [0.03, 4095],
  ] as const) {
    const neurons = { r: between(low, 1), v_threshold: all(1), v_reset: all(0) };
    const nir = convolution('IF', neurons);
    const imported = importOf(nir, { steps, gains: 'neurons' });
    const gain = imported.integers.stages[0]?.stage.model?.inputGain;
    expect(Math.max(...(gain?.factors ?? []))).toBe(most);
    for (const [at, factor] of (gain?.factors ?? new Int32Array()).entries()) {
      const found = (factor * (gain?.common ?? 0)) / 2 ** (gain?.bits ?? 0);
      const wanted = neurons.r[1][at] ?? 0;
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(wanted / 150);
    }
    const drift = compare({ ...imported, running: runningOn(coreOf(imported), imported) }, samples());
    expect(drift.layers[0]?.differing).toBeLessThan(0.05);
  }
});

test('gains that are the same within a channel go into shared weights', () => {
  const even = [shape, Array.from({ length: size }, (_, at) => (at < size / 2 ? 1 : 0.5))] as const;
  const nir = convolution('IF', { r: even, v_threshold: all(1), v_reset: all(0) });
  const imported = importOf(nir, { steps, gains: 'neurons' });
  expect(imported.integers.stages[0]?.stage.model?.inputGain).toBeUndefined();
  expect(imported.integers.links[0]?.weights.values).toHaveLength(18);
});
