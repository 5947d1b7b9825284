import { describe, expect, test } from 'vitest';
import { estimators } from '../../src/hardware/index.ts';
import { estimate } from '../hardware/estimate/estimate.ts';
import { argv } from '../support/argv.ts';
import { commandLine } from './in-process.ts';

const bank = argv`hw estimate sram --bits 65536 --word 256 --ports 2`;
const shape = { capacityBits: 65_536, wordBits: 256, ports: 2, technologyNm: 28, supplyV: 0.9 };

describe('plasticore hw estimate', () => {
  test('prints figures with intervals, range, published figures and residuals', async () => {
    const { status, stdout, stderr } = await commandLine(bank);
    expect([status, stderr]).toEqual([0, '']);
    const { readPj = 0 } = estimate('sram', shape);
    const { factor = 0 } = estimators[0]?.figures.readPj ?? {};
    const [value, low, high] = [readPj, readPj / factor, readPj * factor].map((pj) =>
      String(Number(pj.toPrecision(4))).replace('.', '\\.'),
    );
    expect(stdout).toMatch(new RegExp(`^read +${value} pJ +${low} +${high}$`, 'm'));
    expect(stdout).toMatch(/^--node +7 +180 +nm$/m);
    expect(stdout).toMatch(
      /^read, 8 KB, words of 64 bits, 45 nm, 0\.9 V +10 +0\.79 +M\. Horowitz, ISSCC 2014 \(memory\)$/m,
    );
  });

  test('as JSON, for other nodes and supplies', async () => {
    const args = argv`${bank} --node 22 --supply 0.8 --json`;
    const { figures, range, quantities } = JSON.parse((await commandLine(args)).stdout);
    const expected = estimate('sram', { ...shape, technologyNm: 22, supplyV: 0.8 });
    for (const { figure, value, low, high } of figures) {
      expect(value).toBe(expected[figure]);
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
    expect(figures).toHaveLength(5);
    expect(range.supplyV).toEqual({ unit: 'V', low: 0.4, high: 2 });
    expect(quantities[0].points.length).toBe(quantities[0].ratios.length);
  });

  test('leaves out a figure whose own range ends before', async () => {
    const { status, stdout } = await commandLine(argv`${bank} --supply 0.42`);
    expect([status, /^read +\d/m.test(stdout), /^access/m.test(stdout)]).toEqual([0, true, false]);
    expect(stdout).toMatch(/^--supply +0\.45 +2 +V +for estimator:sram\.access$/m);
    expect((await commandLine(argv`${bank} --supply 0.45`)).stdout).toMatch(/^access +\d/m);
  });

  test('follows flavour and temperature, and its interval grows with the temperature', async () => {
    const leak = async (...args: readonly string[]) => {
      const { stdout } = await commandLine(argv`${bank} ${args} --json`);
      const { figures } = JSON.parse(stdout);
      return figures.find(({ figure }: { readonly figure: string }) => figure === 'leakUw');
    };
    const [usual, low, warm] = [
      await leak(),
      await leak('--flavour', 'low-standby'),
      await leak('--temperature', '85'),
    ];
    expect(low.value).toBeLessThan(usual.value / 10);
    expect(warm.value).toBeGreaterThan(10 * usual.value);
    expect(warm.high / warm.low).toBeGreaterThan(10 * (usual.high / usual.low));
  });

  test.each([
    argv`arithmetic --operation float32-multiply --bits 32`,
    argv`registers --bits 16`,
    ['fetch'],
    argv`fifo --depth 64`,
    argv`router --bits 32`,
  ])('%s %s %s %s %s', async (...args) => {
    const { status, stdout } = await commandLine(argv`hw estimate ${args.filter(Boolean)}`);
    expect(status).toBe(0);
    expect(stdout).toMatch(/within a factor of [\d.]+/);
  });

  test.each([
    [['hw', 'estimate', 'srm'], "there is no estimator 'srm'; did you mean 'sram'?"],
    [argv`hw estimate sram --bits 65536`, '--word is missing: the estimate of sram needs it'],
    [argv`hw estimate control`, '--bits is missing: the estimate of control needs it'],
    [argv`${bank} --node 250`, '--node: expected 7 to 180 nm, found 250'],
    [argv`${bank} --node abc`, "--node: expected a number, found 'abc'"],
    [argv`${bank} --node 250`, 'state a figure of your own in the hw-model'],
    [argv`${bank} --ports 1.5`, '--ports: expected a whole number, found 1.5'],
    [
      argv`hw estimate sram --bits 1024 --word 2048`,
      "--bits: expected a multiple of the word's 2048 bits, found 1024",
    ],
    [argv`hw estimate fetch --bits 16`, "--bits is no input of the estimator 'fetch'"],
    [argv`${bank} --operation integer-add`, "--operation is no input of the estimator 'sram'"],
    [
      argv`hw estimate arithmetic --bits 16 --operation float32-add`,
      '--bits: expected 32 bits, the width of float32-add, found 16',
    ],
    [argv`${bank} --supply 0.2`, '--supply: expected 0.4 to 1.3 V, found 0.2'],
    [argv`${bank} --supply 1.5`, '--supply: expected 0.4 to 1.3 V, found 1.5'],
    [argv`${bank} --node 65 --bits 2097152`, '--bits: expected 64 to 1048576 bits, found 2097152'],
    [argv`${bank} --flavour standart`, "--flavour: there is no flavour 'standart'; did you mean 'standard'?"],
    [argv`hw estimate fetch --flavour standard`, "--flavour is no input of the estimator 'fetch'"],
    [
      argv`hw estimate arithmetic --bits 16 --operation integer-ad`,
      "--operation: there is no unit 'integer-ad'; did you mean 'integer-add'?",
    ],
  ])('refuses %j', async (args, message) => {
    const { status, stdout, stderr } = await commandLine(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
