import { describe, expect, it } from 'vitest';
import { createCore, runSample } from '../../src/engine/index.ts';
import { nominalSupplyV } from '../../src/hardware/index.ts';
import { energyBounds, price } from '../../src/image/index.ts';
import { compileProgram } from '../bench/deployment.ts';
import { encodedDigits } from '../bench/workloads.ts';

/**
 * What a sample of training takes on the reference core at another node, at its nominal supply, without leakage. By all
 * published figures usual transistors leak more at 14 nm than at 28 (docs/estimators/sram.md): that energy falls with
 * the node is a law of what switches, and at a slow clock leakage turns the total round.
 */
function energies(nodes: readonly number[], settings: readonly string[] = []): number[] {
  const images = nodes.map((nm) =>
    compileProgram('mnist-snn', [
      ...settings,
      `hw.technologyNm=${nm}`,
      `hw.supplyV=${nominalSupplyV(nm)}`,
      'hw.clockMhz=50',
    ]),
  );
  const [first] = images;
  if (first === undefined) throw new Error('no nodes');
  const [sample] = encodedDigits(first, 1, 0);
  if (sample === undefined) throw new Error('no sample');
  const core = createCore(first, { engine: 'fast' });
  runSample(core, sample.spikes, { label: sample.label, learn: true });
  const counters = core.counters();
  return images.map(({ costs }) => {
    const { total, byUnit } = price(counters, costs).energyPj;
    expect(byUnit.leakage).toBeGreaterThan(0);
    return total - (byUnit.leakage ?? 0);
  });
}

const isFalling = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value < (values[index - 1] ?? 0));

describe('the price of mnist-snn', () => {
  it('falls with each smaller node at its nominal supply, 45 to 7 nm', () => {
    const found = energies([45, 32, 28, 22, 16, 14, 10, 7]);
    expect(found).toHaveLength(8);
    expect(isFalling(found), String(found)).toBe(true);
  });

  it('falls from 180 nm, too, with banks that reach so far', () => {
    const small = [
      'program.populations.hidden.size=32',
      ...['weight', 'shadow'].map((bank) => `hw.banks.${bank}.capacityBits=1048576`),
    ];
    const found = energies([180, 130, 90, 65, 45, 28, 14, 7], small);
    expect(isFalling(found), String(found)).toBe(true);
  });

  it('has wires and clock in its breakdown, beside the total', () => {
    const image = compileProgram('mnist-snn');
    const [sample] = encodedDigits(image, 1, 0);
    const core = createCore(image, { engine: 'reference' });
    if (sample === undefined) throw new Error('no sample');
    runSample(core, sample.spikes, { label: sample.label, learn: false });
    const counters = core.counters();
    const priced = price(counters, image.costs);
    const { energyPj, cycles } = priced;
    const { wires = 0, clock = 0 } = energyPj.byUnit;
    expect(Object.values(energyPj.byUnit).reduce((a, b) => a + b, 0)).toBeCloseTo(energyPj.total, 6);
    // Each word that a bank reads or writes, and each period of the clock.
    const words = counters.work.reduce(
      (sum, { reads, writes }) =>
        sum +
        image.costs.banks.reduce(
          (of, bank, index) =>
            of + ((reads[index] ?? 0) + (writes[index] ?? 0)) * (bank.wires?.readPj ?? Number.NaN),
          0,
        ),
      0,
    );
    expect(wires).toBeCloseTo(words, 6);
    expect(clock).toBeCloseTo(cycles * (image.costs.clockPower?.uwPerMhz ?? Number.NaN), 6);
    const { low, high } = energyBounds(priced, image.costs);
    expect([low < energyPj.total, high > energyPj.total]).toEqual([true, true]);
  });
});
