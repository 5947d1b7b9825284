import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { normalTail } from '../../src/hardware/faults.ts';
import { functionOf } from '../../src/hardware/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { edit, failure, load, tiny } from './tiny.ts';

const withFaults = (faults: string, supply = ''): string =>
  edit(tiny, 'control: {', `${supply}faults: ${faults}\ncontrol: {`);

test('the tail of a normal distribution is that of tables', () => {
  // M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, Table 26.1 and, from 5 on, 26.2.
  const tails = {
    0: 0.5,
    1: 0.15865525393,
    2: 0.02275013195,
    2.5: 0.00620966533,
    3: 0.00134989803,
    4: 3.167124e-5,
  };
  for (const [x, tail] of Object.entries(tails)) expect(normalTail(Number(x)) / tail).toBeCloseTo(1, 6);
  expect(-Math.log10(normalTail(6))).toBeCloseTo(9.00586, 4);
});

describe('the rate of cells that fail', () => {
  const auto = '{seed: 1, banks: [synapses], bitErrorRate: auto, failureV: 0.4, spreadV: 0.1}';

  test('follows the supply of the banks, or the one supply of the core', () => {
    expect(load(withFaults(auto, 'bankSupplyV: 0.6\n')).faults?.rate).toBeCloseTo(0.0227501, 6);
    expect(load(withFaults(auto)).faults?.rate).toBeCloseTo(2.866516e-7, 11);
  });

  test('is estimated from the node: at 28 nm 0.43 and 0.075 of 0.9 V', () => {
    const at = `{seed: 1, banks: [synapses], bitErrorRate: auto}`;
    // 0.387 + 2 x 0.0675.
    expect(load(withFaults(at, 'bankSupplyV: 0.522\n')).faults?.rate).toBeCloseTo(0.0227501, 6);
  });

  test('has no supply below the mean', () => {
    const text = withFaults(auto, 'bankSupplyV: 0.35\n');
    expect(failure(() => load(text))).toMatchObject({
      code: 'range',
      message: 'bankSupplyV: expected at least 0.4 V, below which half of the cells fail, found 0.35',
    });
  });

  test('decides what a core does, and the supply of its banks only what that costs', () => {
    const rate = (number: number, supply = '') =>
      functionOf(load(withFaults(`{seed: 1, banks: [synapses], bitErrorRate: ${number}}`, supply)));
    expect(rate(0.1)).not.toEqual(rate(0.2));
    expect(rate(0.1)).toEqual(rate(0.1, 'bankSupplyV: 0.6\n'));
  });
});

test.each([
  ['{seed: 1, banks: [weights], bitErrorRate: 0.1}', "there is no bank 'weights'; known: neurons, synapses"],
  ['{seed: 1, banks: [synapses, synapses], bitErrorRate: 0.1}', "'synapses' is listed twice"],
  [
    '{seed: 1, banks: [synapses], bitErrorRate: 0.6}',
    'expected a probability (a number, 0 to 0.5, or auto), found 0.6',
  ],
  ['{seed: 1, lostPackets: 1.5}', 'expected a probability (a number, 0 to 1), found 1.5'],
  ['{seed: 1, lostPackets: 0.5}', 'a core alone sends no packets: expected a chip of several cores'],
  ['{seed: 1, banks: [synapses]}', 'bitErrorRate is missing: expected the probability that a cell'],
  ['{seed: 1, bitErrorRate: 0.1}', 'banks is missing: expected the banks whose cells fail at this rate'],
  ['{seed: 1}', 'expected banks and bitErrorRate, lostPackets, or all of them'],
])('%s is refused', (faults, message) => {
  expect(failure(() => load(withFaults(faults))).message).toContain(message);
});

test.each([
  [
    ['compile', 'odin', '--hw', 'odin', '--precision', 'own'],
    'banks: [synapses], bitErrorRate: 0.001',
    'it has a controller of its own, and cells fail and packets are lost only on cores that run samples',
  ],
  [
    ['rtl', 'mnist-snn'],
    'banks: [state], bitErrorRate: 0.001',
    'has banks with cells that fail; in Verilog all hold what is written',
  ],
  [
    ['compile', 'speech-snn', '--hw', 'reference', '--precision', 'mp16-8'],
    'banks: [state], bitErrorRate: 0.001',
    "lies in bank 'state', whose cells fail: it says when spikes arrive, which must hold",
  ],
  [
    ['compile', 'mnist-snn', '--hw', 'mesh', '--precision', 'mp16-8', '--set', 'program.placement.cores=4'],
    'banks: [state], bitErrorRate: 0.001',
    "leaves partial sums of hidden.feedback in bank 'state', whose cells fail",
  ],
  [
    ['compile', 'mnist-snn', '--hw', 'reference', '--precision', 'mp16-8'],
    'lostPackets: 0.1',
    'hw.faults: lostPackets: a core alone sends no packets: expected a chip of several cores',
  ],
])('plasticore %s refuses faults with %s', async (args, faults, message) => {
  const out = ['--out', join(tmpdir(), 'x.pcore')];
  const { status, stdout, stderr } = await commandLine([
    ...args,
    ...['--set', `hw.faults={seed: 1, ${faults}}`],
    ...out,
  ]);
  expect(stderr).toContain(message);
  expect([status, stdout]).toEqual([2, '']);
});
