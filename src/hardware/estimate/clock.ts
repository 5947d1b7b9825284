import table from '#points/clock' with { type: 'json' };
import { at } from '../../text/index.ts';
import { logicEnergy } from './arithmetic.ts';
import { type Estimator, fitted } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { logicArea, logicAreaLaw, logicAreaScale, logicWidened } from './logic-scaling.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';
import { cited } from './points.ts';
import { chargePj, wireFit, wireLaw } from './wires.ts';

/** Energy of a flip-flop in a period of the clock, its data at rest. */
const flipFlops = cited(table, table.flipFlops).map(({ pj, ...rest }) => ({ ...rest, value: pj }));
const fit = fitLogarithms(
  flipFlops.map(() => [1]),
  flipFlops.map(({ value, nm, supplyV }) => value / logicEnergy(nm, supplyV)),
);
/** At 28 nm and 0.9 V. */
const flipFlopPj = Math.exp(at(fit.coefficients, 0));

/** The clock's side of a gate, sg13g2_lgcp_1, over a flip-flop of the same library; both areas in um2 at 130 nm. */
const gateOverFlipFlop = (7.3 + 8.8) / (10.9 + 21.1);
const gateUm2 = 27.2;
/** Flip-flops behind a gate. */
const behindGate = 32;
/** The share of flip-flops whose gate is open in a period. */
const open = 0.2;
/** Leaves in the mean lie so far apart that their tree is 0.75 x sqrt(leaves x area) long. */
const ofTree = 0.75;

const energy = fitted({
  source: 'estimator:clock.energy',
  unit: 'pJ',
  law: `a period: ${open} x flip-flops x ${flipFlopPj.toPrecision(2)} pJ at 28 nm and 0.9 V, which follows logic; a gate for ${behindGate} flip-flops, of ${gateOverFlipFlop.toFixed(2)} of a flip-flop's energy; and a tree to the gates, ${ofTree} x sqrt(gates x area of the core) long, that is charged each period: ${wireLaw}`,
  assumes: `gates that let through ${open} of the periods, one for ${behindGate} flip-flops; the length is that of the shortest tree of points that lie anywhere`,
  fits: [[fit, flipFlops], wireFit],
  atLeast: { factor: 4, because: 'how often gates are open, and how the tree runs, has not been measured' },
  widened: logicWidened,
});
const area = fitted({
  source: 'estimator:clock.area',
  unit: 'um2',
  law: `a gate and as much in buffers for ${behindGate} flip-flops: 2 x ${gateUm2} um2 at 130 nm; ${logicAreaLaw}`,
  assumes: 'buffers as large as gates',
  fits: logicAreaScale,
  atLeast: { factor: 3, because: 'the number of buffers has no figure' },
});

type Input = 'flipFlops' | 'coreUm2' | 'technologyNm' | 'supplyV';

export const clock: Estimator<Input, 'energyPj' | 'areaUm2'> = {
  name: 'clock',
  of: 'the clock tree of a core, in a period',
  kinds: undefined,
  range: {
    flipFlops: { unit: 'flip-flops', low: 1, high: 1e8 },
    coreUm2: { unit: 'um2', low: 1, high: 1e10 },
    technologyNm: nodeRange,
    supplyV: supplyRange,
  },
  reach: ({ technologyNm }) => ({ supplyV: supplyReach(technologyNm) }),
  figures: { energyPj: energy, areaUm2: area },
  values: ({ flipFlops: count, coreUm2, technologyNm, supplyV }) => {
    const gates = count / behindGate;
    const onePj = flipFlopPj * logicEnergy(technologyNm, supplyV);
    return {
      energyPj:
        onePj * (open * count + gateOverFlipFlop * gates) +
        chargePj(ofTree * Math.sqrt(gates * coreUm2), supplyV),
      areaUm2: (2 * gateUm2 * gates * logicArea(technologyNm)) / logicArea(130),
    };
  },
};
