import table from '#points/instruction' with { type: 'json' };
import { logicEnergy, logicEnergyLaw } from './arithmetic.ts';
import { fitted, type Point, type Quantity } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { logicWidened } from './logic-scaling.ts';
import { cited } from './points.ts';

/** SENECA's instructions, in 22 nm at 0.8 V, with 16 bits. */
const published = cited(table, table.instructions);

/** A part of an instruction's energy at 28 nm and 0.9 V, and the figures behind it. */
function partOf(
  found: readonly Point[],
  describe: (energyPj: number) => Pick<Quantity, 'source' | 'law' | 'assumes'>,
): { readonly energyPj: number; readonly quantity: Quantity } {
  const points = found.map(({ of, ...point }): Point => ({ ...point, of: `${of}, 22 nm, 0.8 V` }));
  const fit = fitLogarithms(
    points.map(() => [1]),
    points.map(({ value }) => value),
  );
  const energyPj = Math.exp(fit.coefficients[0] ?? 0) / logicEnergy(22, 0.8);
  const quantity = fitted({
    ...describe(energyPj),
    unit: 'pJ',
    fits: [[fit, points]],
    atLeast: { factor: 2, because: 'they are of one core' },
    widened: logicWidened,
  });
  return { energyPj, quantity };
}

/** The fetch of an instruction, for all lanes together. */
export const instructionFetched = partOf(
  published.map(({ of, fetch, cite, checked }) => ({
    of: `${of}: loop buffer`,
    value: fetch,
    cite,
    checked,
  })),
  (energyPj) => ({
    source: 'estimator:fetch',
    law: `${energyPj.toPrecision(2)} pJ at 28 nm and 0.9 V, ${logicEnergyLaw}`,
    assumes:
      'the same for any number of lanes and any length of a program: the wires to the lanes are not counted',
  }),
);

/** Two operands are read and a result is written. */
export const registerAccesses = 3;

/** The part of a lane beside its arithmetic. */
export const instructionInLane = partOf(
  published.flatMap(({ of, lane, arithmetic, cite, checked }) =>
    arithmetic === undefined
      ? []
      : {
          of: `${of}: ${lane} pJ less ${arithmetic} pJ of arithmetic`,
          value: lane - arithmetic,
          cite,
          checked,
        },
  ),
  (energyPj) => ({
    source: 'estimator:registers.energy',
    law: `an instruction of 16 bits takes ${energyPj.toPrecision(3)} pJ in a lane beside its arithmetic, at 28 nm and 0.9 V: ${registerAccesses} accesses to registers of ${(energyPj / registerAccesses).toPrecision(2)} pJ each; in proportion to the bits, ${logicEnergyLaw}`,
    assumes: 'accesses to registers take all of it, so that decoding and the clock of the lane are in them',
  }),
);
