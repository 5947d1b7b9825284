import { arithmetic } from './arithmetic.ts';
import { type Estimator, fitted, type Point } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { logicArea, logicAreaLaw, logicAreaScale, logicWidened } from './logic-scaling.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';
import { nandUm2, synthesisedCores } from './synthesised.ts';

const points = synthesisedCores.map(
  ({ of, lanes, control, cite, checked }): Point => ({
    of: `${of}, ${lanes} lanes, 45 nm`,
    value: control * nandUm2,
    cite,
    checked,
  }),
);
const fit = fitLogarithms(
  points.map(() => [1]),
  points.map(({ value }) => value),
);
const at45Um2 = Math.exp(fit.coefficients[0] ?? 0);
/** The share of an adder's switching, for the same area. */
const activity = 0.2;

const area = fitted({
  source: 'estimator:control.area',
  unit: 'um2',
  law: `${Math.round(at45Um2)} um2 at 45 nm; ${logicAreaLaw}`,
  assumes:
    'what is in no pipeline of a kernel and no bank: sequencer, walker, lists, FIFO, generators, multiplexers of ports. The program decides it more than the lanes do, so that the law has none of either',
  fits: [[fit, points], logicAreaScale],
});
const energy = fitted({
  source: 'estimator:control.energy',
  unit: 'pJ',
  law: `its area switches ${activity} times as much as that of an adder of 8 bits which adds`,
  assumes: `the share of ${activity}, for which there is no figure`,
  fits: [[fit, points]],
  atLeast: { factor: 10, because: 'what share of the gates switches has not been measured' },
  widened: logicWidened,
});

/** The control of a hard-wired core. */
export const hardwiredControl: Estimator<'technologyNm' | 'supplyV', 'energyPj' | 'areaUm2'> = {
  name: 'control',
  of: 'the control of a hard-wired core, in a cycle in which it works',
  kinds: undefined,
  range: {
    technologyNm: nodeRange,
    supplyV: supplyRange,
  },
  reach: ({ technologyNm }) => ({ supplyV: supplyReach(technologyNm) }),
  figures: { energyPj: energy, areaUm2: area },
  values: ({ technologyNm, supplyV }) => {
    const areaUm2 = (at45Um2 * logicArea(technologyNm)) / logicArea(45);
    const adder = arithmetic.values({ widthBits: 8, technologyNm, supplyV }, 'integer-add');
    return { areaUm2, energyPj: (activity * adder.energyPj * areaUm2) / adder.areaUm2 };
  },
};
