import { logicEnergy, logicEnergyLaw } from './arithmetic.ts';
import { type Estimator, fitted, type Point } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { logicWidened } from './logic-scaling.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';

const hops: readonly (Point & { readonly nm: number; readonly supplyV: number })[] = [
  {
    of: 'a hop in TrueNorth, 28 nm, 0.775 V',
    value: 2.3,
    nm: 28,
    supplyV: 0.775,
    cite: 'P. A. Merolla et al., Science 345:668, 2014',
    checked: 'secondary',
  },
  {
    of: 'a hop east or west in Loihi, 14 nm, 0.75 V',
    value: 3,
    nm: 14,
    supplyV: 0.75,
    cite: 'M. Davies et al., IEEE Micro 38(1), 2018, Table 2',
    checked: 'secondary',
  },
  {
    of: 'a hop north or south in Loihi, 14 nm, 0.75 V',
    value: 4,
    nm: 14,
    supplyV: 0.75,
    cite: 'M. Davies et al., IEEE Micro 38(1), 2018, Table 2',
    checked: 'secondary',
  },
  {
    of: "an event in SENECA's network, 22 nm, 0.8 V",
    value: 2,
    nm: 22,
    supplyV: 0.8,
    cite: 'G. Tang et al., Front. Neurosci. 17:1187252, 2023',
    checked: 'primary',
  },
];
const fit = fitLogarithms(
  hops.map(() => [1]),
  hops.map(({ value, nm, supplyV }) => value / logicEnergy(nm, supplyV)),
);
const pj = Math.exp(fit.coefficients[0] ?? 0);

const energy = fitted({
  source: 'estimator:router.energy',
  unit: 'pJ',
  law: `${pj.toPrecision(3)} pJ at 28 nm and 0.9 V for 32 bits, in proportion to the bits of a packet; ${logicEnergyLaw}`,
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
    hopPj: pj * (packetBits / 32) * logicEnergy(technologyNm, supplyV),
  }),
};
