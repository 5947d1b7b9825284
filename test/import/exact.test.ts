import { describe, expect, test } from 'vitest';
import { compare, type InputData, runningOn } from '../../src/import/index.ts';
import { type Conventions, conventions } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { coreOf, graph, importOf, strict } from './support.ts';

/*
 * Networks whose numbers are all sums of powers of two that accumulators of 24 bits hold for as many steps: weights,
 * thresholds, what comes in, and what leaks, which is half of everything in each step. So integers have no excuse:
 * every spike and every potential has to be that of the doubles, by the conventions of each framework.
 */

const steps = 12;
const sampleCount = 5;
const [inputs, neurons] = [4, 6];

const all = (value: number) => [[neurons], Array<number>(neurons).fill(value)] as const;
/** Low enough to be met, high enough that nothing that adds up for as many steps saturates. */
const common = (threshold: number) => ({ v_threshold: all(threshold), v_reset: all(-0.125) });
const leaky = ({ fires }: Conventions) => common(fires === 'each' ? 0.5 : 0.25);
/** Half of a potential is left after a step, whichever way it leaks: 1 - 1/2, or exp(-ln 2). */
const halving = (rules: Conventions) => all(rules.leak === 'euler' ? 2 : 1 / Math.LN2);
const halvingCurrent = (rules: Conventions) => all(rules.current === 'leaking-jump' ? 1 / Math.LN2 : 2);

const kinds = {
  IF: () => ['IF', { r: all(1), ...common(1) }] as const,
  LIF: (rules: Conventions) =>
    ['LIF', { tau: halving(rules), r: all(1), v_leak: all(0.0625), ...leaky(rules) }] as const,
  CubaLIF: (rules: Conventions) =>
    [
      'CubaLIF',
      {
        tau_mem: halving(rules),
        tau_syn: halvingCurrent(rules),
        r: all(1),
        w_in: all(1),
        v_leak: all(0),
        ...leaky(rules),
      },
    ] as const,
};

function networkOf(kind: keyof typeof kinds, rules: Conventions, isRecurrent: boolean) {
  const dice = new Dice(7);
  const forward = [0.5, 0.25, 0.25, 0.125, 0, -0.125];
  const backward = [0.125, 0, -0.125, -0.25];
  const weights = (from: number, among: readonly number[]) =>
    [[neurons, from], Array.from({ length: neurons * from }, () => dice.pick(among))] as const;
  return graph(
    {
      in: ['Input', { shape: [[1], [inputs]] }],
      first: ['Linear', { weight: weights(inputs, forward) }],
      n: kinds[kind](rules),
      more: ['Linear', { weight: weights(neurons, forward) }],
      back: ['Linear', { weight: weights(neurons, backward) }],
      m: kinds[kind](rules),
      out: ['Output', { shape: [[1], [neurons]] }],
    },
    'in -> first -> n -> more -> m -> out',
    ...(isRecurrent ? ['m -> back -> m'] : []),
  );
}

/** Values of 0 to 3 in half of all places, the same in each step or others. */
function valueSamples(are: 'values' | 'constant'): InputData {
  const dice = new Dice(13);
  const data = Array.from({ length: sampleCount }, () => {
    const values = Uint8Array.from({ length: valueSteps * inputs }, () =>
      dice.chance(0.5) ? dice.whole(1, 3) : 0,
    );
    return are === 'values' ? values : values.map((_, at) => values[at % inputs] ?? 0);
  });
  const numbers = { are, scale: 0.5, offset: -0.25 };
  return {
    ...samples(),
    steps: valueSteps,
    numbers,
    most: 3,
    sample: (at) => data[at] ?? new Uint8Array(),
    doubles: (at) => Float64Array.from(data[at] ?? [], (value) => numbers.scale * value + numbers.offset),
  };
}

/** Fewer steps: accumulators hold values of up to 255, and so less of what leaks. */
const valueSteps = 8;

/** Spikes in half of all places. */
function samples(): InputData {
  const dice = new Dice(11);
  const data = Array.from({ length: sampleCount }, () =>
    Uint8Array.from({ length: steps * inputs }, () => (dice.chance(0.5) ? 1 : 0)),
  );
  return {
    name: 'random',
    samples: data.length,
    steps,
    numbers: { are: 'spikes', scale: 1, offset: 0 },
    most: 1,
    sample: (at) => data[at] ?? new Uint8Array(),
    doubles: (at) => data[at] ?? new Uint8Array(),
    labels: undefined,
    answers: undefined,
  };
}

const ways: Readonly<Record<string, Conventions>> = {
  ...conventions,
  'snntorch, zero': { ...conventions.snntorch, reset: 'zero-late' },
  'strict, subtract': { ...strict, reset: 'subtract' },
};

describe.each(Object.keys(ways))('by the conventions of %s', (name) => {
  const rules: Conventions = { ...(ways[name] ?? strict), dt: 1 };
  const cases = (['IF', 'LIF', 'CubaLIF'] as const).flatMap((kind) =>
    [false, true].flatMap((isRecurrent) =>
      (['same', 'next'] as const).map((delivery) => [kind, isRecurrent, delivery] as const),
    ),
  );
  test.each(cases)(
    '%s, recurrent: %s, spikes in the %s step: all is exact',
    (kind, isRecurrent, delivery) => {
      const imported = importOf(networkOf(kind, rules, isRecurrent), {
        rules,
        steps,
        delivery,
        weightBits: 8,
      });
      const drift = compare(
        { ...imported, running: runningOn(coreOf(imported, 'fast', 'mp16-8'), imported) },
        samples(),
      );
      for (const layer of drift.layers) {
        expect(layer.rate?.float).toBeGreaterThan(0.02);
        expect(layer).toMatchObject({ differing: 0, error: 0 });
      }
      expect(drift.agreement).toBe(1);
    },
  );

  const entries = [
    ['values', 'each step'],
    ['constant', 'each step'],
    ['constant', 'once'],
  ] as const;
  test.each(
    (['IF', 'LIF', 'CubaLIF'] as const).flatMap((kind) =>
      (['same', 'next'] as const).flatMap((delivery) =>
        entries.map((entry) => [kind, delivery, ...entry] as const),
      ),
    ),
  )('%s, spikes in the %s step, on %s that come %s: all is exact', (kind, delivery, are, entry) => {
    const data = valueSamples(are);
    const imported = importOf(networkOf(kind, rules, false), {
      rules,
      steps: valueSteps,
      delivery,
      weightBits: 8,
      input: data.numbers,
      entry,
    });
    const drift = compare(
      { ...imported, running: runningOn(coreOf(imported, 'fast', 'mp16-8'), imported) },
      data,
    );
    for (const layer of drift.layers) expect(layer).toMatchObject({ differing: 0, error: 0 });
    expect(drift.layers[0]?.rate?.float).toBeGreaterThan(0.02);
  });
});
