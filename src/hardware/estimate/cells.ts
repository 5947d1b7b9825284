import table from '#points/cells' with { type: 'json' };
import { type Estimator, fitted, type Point, type Quantity } from './estimator.ts';
import type { Fit } from './fit.ts';
import { nominalSupplyV } from './node.ts';
import { cited } from './points.ts';

/*
 * The supply at which the cells of an SRAM fail: Gaussian, so that two rates of one circuit give mean and deviation.
 */

const curves = cited(table, table.curves);

/** Shares of the nominal supply. */
const [mean, deviation] = [0.43, 0.075];

function quantity(name: 'mean' | 'deviation', share: number): Quantity {
  const points = curves.map(
    ({ of, mean: ofMean, deviation: ofDeviation, ...source }): Point => ({
      ...source,
      of: `${name} of the failure voltage, ${of}, of the nominal supply`,
      value: name === 'mean' ? ofMean : ofDeviation,
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
      'two published rates give each curve, so that none is tested; the steep one of the FPGA is of its clock, and left out',
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
