import { describe, expect, test } from 'vitest';
import { type Conventions, conventions, NirNetwork } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { graph } from '../import/support.ts';

/*
 * Neurons as exporters of 2026 write them (SpikingJelly at afb13226, nir_exchange/to_nir.py; snnTorch at 634fc22,
 * export_nir.py), beside their frameworks' equations in plain loops. All numbers are halves of halves, so that sums
 * are exact.
 */

const steps = 200;
const dice = new Dice(11);
const input = Float64Array.from({ length: steps }, () => dice.whole(-4, 8) / 8);

type Step = (
  v: number,
  x: number,
  spiked: boolean,
) => { readonly met: number; readonly spikes: boolean; readonly v: number };

function loop(start: number, step: Step): number[] {
  let [v, spiked] = [start, false];
  return Array.from(input, (x) => {
    const { spikes, v: left } = step(v, x, spiked);
    [v, spiked] = [left, spikes];
    return Number(spikes);
  });
}

function nirSpikes(
  type: 'IF' | 'LIF',
  parameters: Readonly<Record<string, number>>,
  rules: Conventions,
): number[] {
  const each = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, [[1], [value]] as const]),
  );
  const nir = graph(
    { in: ['Input', { shape: [[1], [1]] }], n: [type, each], out: ['Output', { shape: [[1], [1]] }] },
    'in -> n -> out',
  );
  return [...(new NirNetwork(nir, rules).run(new Map([['in', input]]), steps).get('out') ?? [])];
}

describe('SpikingJelly', () => {
  const dt = 1e-4;
  const fired = (met: number, soft: boolean, reset: number) => {
    const spikes = met - 1 >= 0;
    return { met, spikes, v: !spikes ? met : soft ? met - 1 : reset };
  };

  // A soft reset (v_reset=None) is written as one to 0, so that the file does not say which it was.
  test.each([
    [true, 0],
    [false, 0],
    [false, 0.25],
  ])('IFNode and LIFNode: soft %s, v_reset %d', (soft, reset) => {
    const rules: Conventions = soft
      ? { ...conventions.spikingjelly, reset: 'subtract' }
      : conventions.spikingjelly;
    const written = { v_threshold: 1, v_reset: reset };
    const counted: number[] = [];
    for (const decaysInput of [true, false]) {
      const expected = loop(reset, (v, x) =>
        fired(decaysInput ? v + (x - (v - reset)) / 2 : v - (v - reset) / 2 + x, soft, reset),
      );
      const lif = { ...written, tau: 2 * dt, r: decaysInput ? 1 : 2, v_leak: reset };
      expect(nirSpikes('LIF', lif, rules)).toEqual(expected);
      counted.push(expected.filter(Boolean).length);
    }
    const expected = loop(reset, (v, x) => fired(v + x, soft, reset));
    expect(nirSpikes('IF', { ...written, r: 1 / dt }, rules)).toEqual(expected);
    expect(Math.max(...counted)).toBeGreaterThan(5);
  });
});

test.each([
  ['subtract', conventions.snntorch],
  ['zero', { ...conventions.snntorch, reset: 'zero-late' }],
] as const)('snnTorch, Leaky: reset_mechanism %s', (mechanism, rules) => {
  const [beta, dt] = [0.75, 1e-4];
  const expected = loop(0, (v, x, spiked) => {
    const kept = mechanism === 'zero' && spiked ? 0 : v;
    const met = beta * kept + x - (mechanism === 'subtract' && spiked ? 1 : 0);
    return { met, spikes: met - 1 > 0, v: met };
  });
  const tau = dt / (1 - beta);
  const written = { tau, r: tau / dt, v_leak: 0, v_threshold: 1, v_reset: 0 };
  expect(nirSpikes('LIF', written, rules)).toEqual(expected);
  expect(expected.filter(Boolean).length).toBeGreaterThan(5);
});
