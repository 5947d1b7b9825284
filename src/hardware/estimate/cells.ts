import { type Estimator, fitted, type Point, type Quantity } from './estimator.ts';
import type { Fit } from './fit.ts';
import { nominalSupplyV } from './node.ts';

/*
 * The supply at which the cells of an SRAM fail: Gaussian, so that two rates of one circuit give mean and deviation.
 */

const ternary = 'IEEE TVLSI 25(10):2962, 2017: 0.23 % at 0.55 V, 1.56 % at 0.50 V';
const blockRam =
  'B. Salami et al., MICRO 2018: none of a device at 0.61 V (1 of 37 Mbit assumed), 0.06 % at 0.54 V';
const testChips =
  'S. Ganapathy et al., DAC 2017: first failures at 0.85 of the nominal supply (1e-8 assumed), 7e-4 at 0.675';

const curves = [
  { of: 'cells of six transistors, 65 nm, nominal 1 V', mean: 0.341, deviation: 0.074, cite: ternary },
  { of: 'block RAM of an FPGA, 28 nm, nominal 1 V', mean: 0.437, deviation: 0.032, cite: blockRam },
  { of: 'test chips, 14 nm', mean: 0.44, deviation: 0.072, cite: testChips },
] as const;

/** Shares of the nominal supply. */
const [mean, deviation] = [0.43, 0.075];

function quantity(name: 'mean' | 'deviation', share: number): Quantity {
  const points = curves.map(
    ({ of, cite, ...curve }): Point => ({
      of: `${name} of the failure voltage, ${of}, of the nominal supply`,
      value: curve[name],
      cite,
      checked: 'secondary',
    }),
  );
  const ratios = points.map(({ value }) => value / share);
  const squares = ratios.reduce((sum, ratio) => sum + Math.log(ratio) ** 2, 0);
  const fit: Fit = {
    coefficients: [Math.log(share)],
    ratios,
    spread: Math.sqrt(squares / (ratios.length - 1)),
  };
  return fitted({
    source: `estimator:cells.${name}`,
    unit: 'V',
    law: `${share} of the supply that the node is made for`,
    assumes:
      'two published rates give each curve, so that none is tested; the steep one of the FPGA is of its clock, not of its cells, and is left out of the law',
    fits: [[fit, points]],
  });
}

export const cells: Estimator<'technologyNm', 'failureV' | 'spreadV'> = {
  name: 'cells',
  of: 'the supply below which a cell of an SRAM fails',
  kinds: undefined,
  range: { technologyNm: { unit: 'nm', low: 7, high: 65 } },
  figures: { failureV: quantity('mean', mean), spreadV: quantity('deviation', deviation) },
  values: ({ technologyNm }) => ({
    failureV: mean * nominalSupplyV(technologyNm),
    spreadV: deviation * nominalSupplyV(technologyNm),
  }),
};
