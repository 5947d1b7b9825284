import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { activityOf, restsOnActivity, totalInterval } from '../../src/hardware/index.ts';
import { failure, load, tiny } from './tiny.ts';

const stating = (activity: string) => load(`${tiny}activity: {${activity}, source: paper}\n`);

describe('what is assumed of data', () => {
  const { togglesPerBit, low, high, dataShare } = activityOf({});

  test('shares are the means of what is published, in logarithms', () => {
    // A clock with data at rest, beside half a change of the output and the input: fJ of two flip-flops.
    const flipFlops = [18.25 / (32 + 18.25), 9.5 / (39.7 + 9.5)];
    expect(dataShare.registers).toBeCloseTo(Math.sqrt((flipFlops[0] ?? 0) * (flipFlops[1] ?? 0)), 12);
    // 32 of 64 bits at the mean of 0.2347 and 0.0990 pJ, beside 110.9189 pJ; and 70 %.
    const pins = 32 * 0.16685;
    expect(dataShare.banks).toBeCloseTo(Math.sqrt((pins / (110.9189 + pins)) * 0.7), 12);
    expect([dataShare.units, togglesPerBit, low, high]).toEqual([1, 0.5, 0.125, 1]);
  });

  test('docs/activity.md has them', () => {
    const page = readFileSync('docs/activity.md', 'utf8');
    expect(page).toContain(`| registers | ${(100 * dataShare.registers).toFixed(0)} % |`);
    expect(page).toContain(`| banks | ${(100 * dataShare.banks).toFixed(0)} % |`);
  });
});

test('a model states what holds for its figures, and keeps the rest', () => {
  const { activity } = stating('togglesPerBit: 0.25, between: [0.1, 0.5], dataShare: {banks: 0.1}');
  const assumed = activityOf({});
  expect(activity).toEqual({
    togglesPerBit: 0.25,
    low: 0.1,
    high: 0.5,
    dataShare: { ...assumed.dataShare, banks: 0.1 },
    source: 'A paper',
  });
  expect(load(tiny).activity).toBeUndefined();
});

test.each([
  ['togglesPerBit: 0', 'activity.togglesPerBit: expected a share (a number above 0, at most 1), found 0'],
  ['togglesPerBit: 0.1', 'expected two shares around the 0.1 that the figures assume, found [0.125, 1]'],
  ['between: [0.6, 1]', 'expected two shares around the 0.5 that the figures assume, found [0.6, 1]'],
  ['dataShare: {banks: 2}', 'expected a share (a number, 0 to 1), found 2'],
])('%s is refused', (activity, message) => {
  expect(failure(() => stating(activity)).message).toContain(message);
});

test('toggles err beside the figures: their deviations add up as squares', () => {
  // 10 pJ of a bank, half of which follows the toggles: from 5 x 0.25 / 0.5 to 5 x 1 / 0.5, 2.5 below and 5 above.
  const activity = {
    ...activityOf({}),
    low: 0.25,
    dataShare: { units: 1, registers: 0, banks: 0.5, wires: 1 },
  };
  const rests = restsOnActivity({ 'state bank': 10, fetch: 7 }, { activity, banks: [{ name: 'state' }] });
  expect(rests).toEqual({ part: 5, interval: { low: 0.5, high: 2 } });
  // Figures: 6 below, 12 above of 17.
  const intervals = { figure: { low: 11 / 17, high: 29 / 17 } };
  const { low, high } = totalInterval({ figure: 17 }, intervals, rests === undefined ? [] : [rests]);
  expect(low).toBeCloseTo(17 - Math.sqrt(6 ** 2 + 2.5 ** 2), 12);
  expect(high).toBeCloseTo(17 + Math.sqrt(12 ** 2 + 5 ** 2), 12);
});
