import table from '#points/router' with { type: 'json' };
import { logicEnergy, logicEnergyLaw } from './arithmetic.ts';
import { type Estimator, fitted } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { logicWidened } from './logic-scaling.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';
import { cited } from './points.ts';

const hops = cited(table, table.hops).map(({ pj, ...rest }) => ({ ...rest, value: pj }));
const fit = fitLogarithms(
  hops.map(() => [1]),
  hops.map(({ value, nm, supplyV }) => value / logicEnergy(nm, supplyV)),
);
const hopPj = Math.exp(fit.coefficients[0] ?? 0);

const energy = fitted({
  source: 'estimator:router.energy',
  unit: 'pJ',
  law: `${hopPj.toPrecision(3)} pJ at 28 nm and 0.9 V for 32 bits, in proportion to the bits of a packet; ${logicEnergyLaw}`,
  assumes: 'packets of 32 bits in all of them, and tiles of the size that these chips have',
  fits: [[fit, hops]],
  widened: logicWidened,
});

export const router: Estimator<'packetBits' | 'technologyNm' | 'supplyV', 'hopPj'> = {
  name: 'router',
  of: 'a hop of a packet from one tile to the next',
  kinds: undefined,
  range: {
    packetBits: { unit: 'bits', low: 8, high: 128 },
    technologyNm: nodeRange,
    supplyV: supplyRange,
  },
  reach: ({ technologyNm }) => ({ supplyV: supplyReach(technologyNm) }),
  figures: { hopPj: energy },
  values: ({ packetBits, technologyNm, supplyV }) => ({
    hopPj: hopPj * (packetBits / 32) * logicEnergy(technologyNm, supplyV),
  }),
};
