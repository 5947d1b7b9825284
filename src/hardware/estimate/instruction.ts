import { arithmetic, logicEnergy, logicEnergyLaw } from './arithmetic.ts';
import { fitted, type Point, type Quantity } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { logicWidened } from './logic-scaling.ts';

/**
 * The costs of an instruction on a lane beside its arithmetic: registers, fetch, decoding, control. SENECA publishes
 * the energy of whole instructions; each of its eight lanes spends it.
 */
const published: readonly {
  readonly of: string;
  readonly pj: number;
  readonly kind: string;
  readonly widthBits: number;
  readonly times: number;
}[] = [
  { of: '16-bit float add, subtract, multiply', pj: 1.4, kind: 'float32-add', widthBits: 16, times: 1 },
  { of: 'two 8-bit integers', pj: 1.2, kind: 'integer-add', widthBits: 8, times: 2 },
  { of: 'compare, maximum, minimum', pj: 1.2, kind: 'integer-compare', widthBits: 16, times: 1 },
  { of: 'equal, absolute value, logic', pj: 1.1, kind: 'integer-logic', widthBits: 16, times: 1 },
  { of: 'shift', pj: 1.2, kind: 'integer-shift', widthBits: 16, times: 1 },
  { of: 'integer to float', pj: 1.1, kind: 'integer-add', widthBits: 16, times: 1 },
  { of: 'round', pj: 1.4, kind: 'integer-add', widthBits: 16, times: 1 },
];
const seneca = { technologyNm: 22, supplyV: 0.8 };

const points = published.map(({ of, pj, kind, widthBits, times }): Point => {
  const spent = times * arithmetic.values({ widthBits, ...seneca }, kind).energyPj;
  return {
    of: `${of}: ${pj} pJ less ${spent.toPrecision(2)} pJ of arithmetic, 22 nm, 0.8 V`,
    value: pj - spent,
    cite: 'G. Tang et al., Front. Neurosci. 17:1187252, 2023, energy per instruction',
    checked: 'primary',
  };
});
const fit = fitLogarithms(
  points.map(() => [1]),
  points.map(({ value }) => value),
);
/** At 28 nm and 0.9 V. */
const wholePj = Math.exp(fit.coefficients[0] ?? 0) / logicEnergy(seneca.technologyNm, seneca.supplyV);

/** Two operands are read and a result is written; these take half of it, and fetch and control the other half. */
const accesses = 3;
const registerShare = 0.5;

/** Registers and fetch together: their sum is known, and their parts err against each other. */
export const instruction: Quantity = fitted({
  source: 'estimator:instruction',
  unit: 'pJ',
  law: `an instruction of 16 bits on one lane, without its arithmetic: ${wholePj.toPrecision(3)} pJ at 28 nm and 0.9 V, ${logicEnergyLaw}; of it, fetch, decoding and control are ${fetchPj(28, 0.9).toPrecision(2)} pJ, and each of ${accesses} accesses to a register ${registerPj(16, 28, 0.9).toPrecision(2)} pJ`,
  assumes:
    'three accesses to registers take half of it, in proportion to their bits, and fetch, decoding and control the other half. Eight lanes share a fetch there, so that it is too much for each of more lanes, and too little for each of fewer. The sum is published, its parts are not. Elsewhere 16 bits of a register file take more than the 0.27 pJ that follow here: 0.42 pJ by S. Han et al., NIPS 2015 (1 pJ for 32 bits in 45 nm), and as much as a multiplication and an addition, 0.75 pJ, in Eyeriss (Y.-H. Chen et al., ISCA 2016); both from memory',
  fits: [[fit, points]],
  atLeast: { factor: 2, because: 'they are of one core' },
  widened: logicWidened,
});

/** An access to a register of a lane. */
export function registerPj(widthBits: number, technologyNm: number, supplyV: number): number {
  return ((registerShare * wholePj) / accesses) * (widthBits / 16) * logicEnergy(technologyNm, supplyV);
}

/** Fetch, decoding and control of an instruction, for one lane. */
export function fetchPj(technologyNm: number, supplyV: number): number {
  return (1 - registerShare) * wholePj * logicEnergy(technologyNm, supplyV);
}
