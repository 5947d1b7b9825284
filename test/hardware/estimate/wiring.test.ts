import { describe, expect, test } from 'vitest';
import { findHwModel, noSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { coreArea } from '../../../src/hardware/index.ts';
import { estimate, withFactor } from './estimate.ts';

/*
 * Wires and clock tree, worked out by hand from the laws that their pages state: 0.34 pF/mm, and half of random bits
 * change.
 */
const reference = findHwModel({ name: 'reference', from: '' }, 'mp16-8', findFile, noSettings.hw);

describe('wires from a bank to the lanes', () => {
  test('take a quarter of C V^2 a bit, over half of the side of the core', () => {
    // 1 mm of one bit at 1 V: 0.34 pF x 1 V^2 / 4.
    const bit = { wordBits: 1, lengthUm: 1000, technologyNm: 28, supplyV: 1 };
    const { energyPj = 0 } = estimate('wires', bit);
    // The mean of the eight published figures in logarithms, each in pF/mm.
    const published = [
      (2 * 0.98) / 3.24,
      0.26,
      0.48 / 0.81,
      0.11 / 0.36,
      0.486 / 0.81,
      7.6 / 32 / 0.81,
      0.2,
      0.166,
    ];
    const pf = Math.exp(published.reduce((sum, value) => sum + Math.log(value), 0) / published.length);
    expect(energyPj).toBeCloseTo(pf / 4, 9);
    const clockUm2 = reference.clockPower?.area?.um2 ?? Number.NaN;
    const sideMm = Math.sqrt(coreArea(reference).totalUm2 - clockUm2) / 1000;
    for (const { wordBits, wires } of reference.banks)
      expect(wires?.readPj).toBeCloseTo(wordBits * (pf / 4) * 0.9 ** 2 * (sideMm / 2), 6);
  });

  test('have a wide interval', () => {
    const { factor } = withFactor('wires', 'energyPj', {
      wordBits: 1,
      lengthUm: 1,
      technologyNm: 28,
      supplyV: 1,
    });
    expect([factor >= 3, factor < 4]).toEqual([true, true]);
  });
});

describe('the clock tree', () => {
  test('is priced by flip-flops, gates and the way to them', () => {
    const at = { flipFlops: 3200, coreUm2: 1e6, technologyNm: 28, supplyV: 0.9 };
    const { energyPj = 0 } = estimate('clock', at);
    const bare = estimate('clock', { ...at, coreUm2: 1 }).energyPj ?? 0;
    // 0.75 x sqrt(100 gates x 1 mm2) is 7.5 mm, less that of 1 um2: 0.0075 mm.
    const perMm = 4 * (estimate('wires', { ...at, wordBits: 1, lengthUm: 1000 }).energyPj ?? 0);
    expect(energyPj - bare).toBeCloseTo((7.5 - 0.0075) * perMm, 9);
    // 3200 flip-flops, a fifth of them open, and 100 gates of half a flip-flop's energy.
    const flipFlopPj = (bare - 0.0075 * perMm) / (0.2 * 3200 + (16.1 / 32) * 100);
    // IHP's takes 32 fJ at 130 nm and 1.2 V, which is about 4.4 at 28 nm and 0.9 V, as logic goes.
    expect(flipFlopPj * 1000).toBeGreaterThan(3);
    expect(flipFlopPj * 1000).toBeLessThan(6);
  });

  test('of the reference core drives its registers and a quarter of its control', () => {
    const flipFlopUm2 = estimate('registers', { widthBits: 1, technologyNm: 28, supplyV: 0.9 }).areaUm2 ?? 0;
    const flipFlops = Math.round(16 * 16 * 32 + (0.25 * 35_860) / flipFlopUm2);
    const clockUm2 = reference.clockPower?.area?.um2 ?? Number.NaN;
    const coreUm2 = coreArea(reference).totalUm2 - clockUm2;
    const expected = estimate('clock', { flipFlops, coreUm2, technologyNm: 28, supplyV: 0.9 });
    expect(reference.clockPower?.uwPerMhz).toBeCloseTo(expected.energyPj ?? 0, 6);
    expect(clockUm2).toBeCloseTo(expected.areaUm2 ?? 0, 6);
  });
});
