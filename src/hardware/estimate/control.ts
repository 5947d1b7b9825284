import { at, plural } from '../../text/index.ts';
import { arithmetic } from './arithmetic.ts';
import { type Conditions, type Estimator, fitted, type Point, type Quantity } from './estimator.ts';
import { fitLogarithms, fitSums } from './fit.ts';
import { logicArea, logicAreaLaw, logicAreaScale, logicWidened } from './logic-scaling.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';
import { nandUm2, synthesisedCores } from './synthesised.ts';

/** The cores that the law is fitted to; the others show how far it holds. */
const cores = synthesisedCores.filter(({ isFitted }) => isFitted);
const areas = cores.map(({ control }) => control * nandUm2);
const points = cores.map(
  ({ of, lanes, bits, control, cite, checked }): Point => ({
    of: `${of}, ${plural(lanes, 'lane')}, ${bits} bits, 45 nm`,
    ...{ value: control * nandUm2, unit: 'um2', cite, checked },
  }),
);
const fit = fitSums(
  cores.map(({ bits }) => [1, bits]),
  areas,
);
const [logicUm2, bitUm2] = [at(fit.coefficients, 0), at(fit.coefficients, 1)];
const mean = fitLogarithms(
  cores.map(() => [1]),
  areas,
);
/** The bits of the mean core, which stand for those of a program that is not known. */
export const usualControlBits = Math.round((Math.exp(at(mean.coefficients, 0)) - logicUm2) / bitUm2);

/** The share of an adder's switching, for the same area. */
const activity = 0.2;

const areaParts: Pick<Quantity, 'source' | 'unit' | 'law' | 'assumes'> = {
  source: 'estimator:control.area',
  unit: 'um2',
  law: `(${Math.round(logicUm2)} um2 + bits x ${bitUm2.toPrecision(3)} um2) at 45 nm, for the bits of the lists, the FIFO and the row and column gates; ${logicAreaLaw}`,
  assumes: `all that is in no pipeline of a kernel and no bank. Where neither a program nor the hw-model says the bits, they are those of the mean core, ${usualControlBits}`,
};
const anyCore = fitted({ ...areaParts, fits: [[mean, points], ...logicAreaScale] }).factor;
const known = fitted({ ...areaParts, fits: [[fit, points], ...logicAreaScale] });
const area: Quantity = {
  ...known,
  widened: {
    by: ({ isProgramUnknown = false }: Conditions) => (isProgramUnknown ? anyCore / known.factor : 1),
    because: 'the bits of its program decide the area',
  },
};
const energy = fitted({
  source: 'estimator:control.energy',
  unit: 'pJ',
  law: `its area without the bits switches ${activity} times as much as that of an adder of 8 bits which adds`,
  assumes: `the share of ${activity}, which is fitted to no measured energy, and that bits rest: their flip-flops are charged with the clock`,
  fits: [[fit, points]],
  atLeast: { factor: 10, because: 'only small cores have been measured' },
  widened: logicWidened,
});

/** The area in um2 of a hard-wired control without its bits, and of one of these. */
export function controlAreas(technologyNm: number): { readonly logicUm2: number; readonly bitUm2: number } {
  const scale = logicArea(technologyNm) / logicArea(45);
  return { logicUm2: logicUm2 * scale, bitUm2: bitUm2 * scale };
}

/** The control of a hard-wired core. */
export const hardwiredControl: Estimator<'controlBits' | 'technologyNm' | 'supplyV', 'energyPj' | 'areaUm2'> =
  {
    name: 'control',
    of: 'the control of a hard-wired core, in a cycle in which it works',
    kinds: undefined,
    range: {
      controlBits: { unit: 'bits', low: 0, high: 1e8 },
      technologyNm: nodeRange,
      supplyV: supplyRange,
    },
    reach: ({ technologyNm }) => ({ supplyV: supplyReach(technologyNm) }),
    figures: { energyPj: energy, areaUm2: area },
    values: ({ controlBits, technologyNm, supplyV }) => {
      const areas = controlAreas(technologyNm);
      const adder = arithmetic.values({ widthBits: 8, technologyNm, supplyV }, 'integer-add');
      return {
        areaUm2: areas.logicUm2 + controlBits * areas.bitUm2,
        energyPj: (activity * adder.energyPj * areas.logicUm2) / adder.areaUm2,
      };
    },
  };
