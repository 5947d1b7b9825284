import table from '#points/registers' with { type: 'json' };
import { logicEnergy } from './arithmetic.ts';
import { type Estimator, fitted, type Point } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { instructionInLane, registerAccesses } from './instruction.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';
import { cited } from './points.ts';

const published = cited(table, table.flipFlops);
const flipFlops = published.map(
  ({ nm, um2, ...source }): Point => ({ ...source, of: `flip-flop, ${nm} nm`, value: um2 }),
);
const fit = fitLogarithms(
  published.map(({ nm }) => [1, Math.log(nm / 28)]),
  flipFlops.map(({ value }) => value),
);
const [level = 0, ofNode = 0] = fit.coefficients;

const area = fitted({
  source: 'estimator:registers.area',
  unit: 'um2',
  law: `${Math.exp(level).toPrecision(3)} um2 a bit x (node / 28 nm)^${ofNode.toFixed(2)}`,
  assumes: 'flip-flops alone, without the multiplexers that read them',
  fits: [[fit, flipFlops]],
  atLeast: { factor: 2, because: 'ports are not counted' },
});

/** The figures of one register: an access to it, and its area. */
export const registers: Estimator<'widthBits' | 'technologyNm' | 'supplyV', 'energyPj' | 'areaUm2'> = {
  name: 'registers',
  of: 'a register of a lane: an access to it, and its area',
  kinds: undefined,
  range: {
    widthBits: { unit: 'bits', low: 1, high: 64 },
    technologyNm: nodeRange,
    supplyV: supplyRange,
  },
  reach: ({ technologyNm }) => ({ supplyV: supplyReach(technologyNm) }),
  figures: { energyPj: instructionInLane.quantity, areaUm2: area },
  values: ({ widthBits, technologyNm, supplyV }) => ({
    energyPj:
      (instructionInLane.energyPj / registerAccesses) * (widthBits / 16) * logicEnergy(technologyNm, supplyV),
    areaUm2: widthBits * Math.exp(level) * (technologyNm / 28) ** ofNode,
  }),
};
