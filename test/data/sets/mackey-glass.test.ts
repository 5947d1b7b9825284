import { describe, expect, it, test } from 'vitest';
import { defaultMackeyGlass, holdOutValidation, mackeyGlass } from '../../../src/data/index.ts';
import { mackeyGlassSeries } from '../../../src/data/sets/mackey-glass.ts';
import { stratifiedPrefix } from '../../../src/data/sets/split.ts';
import { at } from '../../../src/text/index.ts';

describe('the Mackey-Glass series', () => {
  it('is an exponential while its past is constant', () => {
    // x' = c - 0.1 x, with c = 0.2 * 1.2 / (1 + 1.2^10).
    const level = (0.2 * 1.2) / (1 + 1.2 ** 10) / 0.1;
    const series = mackeyGlassSeries(100, 101);
    for (const time of [0, 1, 10, 50, 100])
      expect(series[time]).toBeCloseTo(level + (1.2 - level) * Math.exp(-0.1 * time), 7);
  });

  it('comes to rest at 1 after a short delay: there, 0.2 x / (1 + x^10) = 0.1 x', () => {
    expect(mackeyGlassSeries(2, 1001)[1000]).toBeCloseTo(1, 9);
  });

  it('is what the method of Heun gives in steps of a thousandth', () => {
    const [tau, units, steps] = [17, 300, 1000];
    const x = new Float64Array(units * steps + 1).fill(1.2, 0, 1);
    const past = (step: number): number => at(x, Math.max(0, step - tau * steps));
    const slope = (value: number, delayed: number): number =>
      (0.2 * delayed) / (1 + delayed ** 10) - 0.1 * value;
    for (let step = 0; step < units * steps; step++) {
      const value = at(x, step);
      const first = slope(value, past(step));
      const second = slope(value + first / steps, past(step + 1));
      x[step + 1] = value + (first + second) / 2 / steps;
    }
    const series = mackeyGlassSeries(tau, units);
    for (const [unit, value] of series.entries()) expect(value).toBeCloseTo(at(x, unit * steps), 5);
  });
});

const task = {
  ...defaultMackeyGlass,
  trainSamples: 30,
  testSamples: 8,
  taps: 3,
  every: 4,
  ahead: 5,
  bits: 10,
};

test('samples are levels of the past and of what comes, one after the other', () => {
  const { train, test: tested } = mackeyGlass(task);
  // It settles for 1000 units; the first sample looks 8 back.
  const series = mackeyGlassSeries(17, 1100).subarray(1000);
  const level = (time: number, highest: number): number =>
    Math.round(((at(series, time) - 0.1) / 1.5) * highest);
  for (const [set, first] of [
    [train, 0],
    [tested, 30],
  ] as const) {
    for (let sample = 0; sample < set.count; sample++) {
      const now = 8 + first + sample;
      const seen = [...set.values.subarray(4 * sample, 4 * sample + 4)];
      expect(seen).toEqual([level(now, 255), level(now - 4, 255), level(now - 8, 255), 255]);
      expect(set.labels[sample]).toBe(level(now + 5, 1023));
    }
  }
  expect([train.count, tested.count, train.classes]).toEqual([30, 8, 0]);
  expect(train.targets).toEqual({ low: 0.1, high: 1.6, levels: 1024 });
});

test('a part of them is in the order of time: the first are kept, the last are held out', () => {
  const data = mackeyGlass(task);
  expect([...stratifiedPrefix(data.train, 7, 1).labels]).toEqual([...data.train.labels.subarray(0, 7)]);
  const { train, test: held, heldOut } = holdOutValidation(data, 0.2);
  expect(heldOut).toBe('last');
  expect([...train.labels, ...held.labels]).toEqual([...data.train.labels]);
  expect(held.count).toBe(6);
});
