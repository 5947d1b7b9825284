import { describe, expect, test } from 'vitest';
import { estimators } from '../../src/hardware/index.ts';
import { estimate } from '../hardware/estimate/estimate.ts';
import { commandLine } from './in-process.ts';
import { plasticore } from './spawn.ts';

const bank = ['hw', 'estimate', 'sram', '--bits', '65536', '--word', '256', '--ports', '2'];
const shape = { capacityBits: 65_536, wordBits: 256, ports: 2, technologyNm: 28, supplyV: 0.9 };

describe('plasticore hw estimate', () => {
  test('prints figures with intervals, range, published figures and residuals', () => {
    const { status, stdout, stderr } = plasticore(bank);
    expect([status, stderr]).toEqual([0, '']);
    const { readPj = 0 } = estimate('sram', shape);
    const { factor = 0 } = estimators[0]?.figures.readPj ?? {};
    const [value, low, high] = [readPj, readPj / factor, readPj * factor].map((pj) =>
      String(Number(pj.toPrecision(4))).replace('.', '\\.'),
    );
    expect(stdout).toMatch(new RegExp(`^read +${value} pJ +${low} +${high}$`, 'm'));
    expect(stdout).toMatch(/^--node +7 +45 +nm$/m);
    expect(stdout).toMatch(
      /^read of 64 bits, 8 KB, 45 nm, 0\.9 V +10 +1\.\d\d +M\. Horowitz, ISSCC 2014 \(secondary\)$/m,
    );
  });

  test('as JSON, for other nodes and supplies', () => {
    const args = [...bank, '--node', '22', '--supply', '0.8', '--json'];
    const { figures, range, quantities } = JSON.parse(plasticore(args).stdout);
    const expected = estimate('sram', { ...shape, technologyNm: 22, supplyV: 0.8 });
    for (const { figure, value, low, high } of figures) {
      expect(value).toBe(expected[figure]);
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
    expect(figures).toHaveLength(5);
    expect(range.supplyV).toEqual({ unit: 'V', low: 0.5, high: 1.3 });
    expect(quantities[0].points.length).toBe(quantities[0].ratios.length);
  });

  test('leaves out a figure whose own range ends before', async () => {
    const { status, stdout } = await commandLine([...bank, '--node', '7']);
    expect([status, /^read +\d/m.test(stdout), /^leak/m.test(stdout)]).toEqual([0, true, false]);
    expect(stdout).toMatch(/^--node +14 +45 +nm +for estimator:sram\.leakage$/m);
    expect((await commandLine([...bank, '--node', '14'])).stdout).toMatch(/^leak +\d/m);
  });

  test.each([
    ['arithmetic', '--operation', 'float32-multiply', '--bits', '32'],
    ['registers', '--bits', '16'],
    ['fetch'],
    ['fifo', '--depth', '64'],
    ['router', '--bits', '32'],
  ])('%s %s %s %s %s', async (...args) => {
    const { status, stdout } = await commandLine(['hw', 'estimate', ...args.filter(Boolean)]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/within a factor of [\d.]+/);
  });

  test.each([
    [['hw', 'estimate', 'srm'], "there is no estimator 'srm'; did you mean 'sram'?"],
    [['hw', 'estimate', 'sram', '--bits', '65536'], '--word is missing: a bank of SRAM is estimated by it'],
    [[...bank, '--node', '65'], '--node: expected 7 to 45 nm, found 65'],
    [[...bank, '--node', 'abc'], "--node: expected a number, found 'abc'"],
    [[...bank, '--node', '65'], 'state a figure of your own in the hw-model'],
    [[...bank, '--ports', '1.5'], '--ports: expected a whole number, found 1.5'],
    [
      ['hw', 'estimate', 'sram', '--bits', '1024', '--word', '2048'],
      "--bits: expected a multiple of the word's 2048 bits, found 1024",
    ],
    [['hw', 'estimate', 'fetch', '--bits', '16'], "--bits is no input of the estimator 'fetch'"],
    [[...bank, '--operation', 'integer-add'], "--operation is no input of the estimator 'sram'"],
    [
      ['hw', 'estimate', 'arithmetic', '--bits', '16', '--operation', 'float32-add'],
      '--bits: expected 32 bits, the width of float32-add, found 16',
    ],
    [[...bank, '--supply', '0.2'], '--supply: expected 0.5 to 1.3 V, found 0.2'],
    [
      ['hw', 'estimate', 'arithmetic', '--bits', '16', '--operation', 'integer-ad'],
      "--operation: there is no unit 'integer-ad'; did you mean 'integer-add'?",
    ],
  ])('refuses %j', async (args, message) => {
    const { status, stdout, stderr } = await commandLine(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
