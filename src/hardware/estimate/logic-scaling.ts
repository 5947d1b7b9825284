import table from '#points/logic' with { type: 'json' };
import { at } from '../../text/index.ts';
import type { Point, Quantity } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { cited } from './points.ts';

/** Above this node no figure of a unit is published: published exponents carry the figures on. */
export const oldLogicNm = 45;

/**
 * Exponents of the node in the energy of logic at equal supply. The law takes the middle of them, and its interval
 * holds them all.
 */
const exponents: readonly { readonly of: string; readonly value: number }[] = [
  { of: '0.94, a 16-bit adder from 45 to 28 nm (Dally 2023)', value: Math.log(50 / 32) / Math.log(45 / 28) },
  {
    of: '1.00, a fused multiply-add from 40 to 10 nm (Keckler et al. 2011)',
    value: Math.log(50 / (8.7 * (0.9 / 0.75) ** 2)) / Math.log(40 / 10),
  },
  {
    of: '1.17, from 45 to 7 nm (Stillmaker and Baas 2017)',
    value: Math.log(0.861 / 0.098) / Math.log(45 / 7),
  },
  {
    of: '1.38, from 130 to 45 nm (the same)',
    value: Math.log(3.73 / 0.861) / Math.log(130 / 45),
  },
];
const least = Math.min(...exponents.map(({ value }) => value));
const most = Math.max(...exponents.map(({ value }) => value));
const middle = (least + most) / 2;

/** How the energy of logic rises from 45 nm to an older node, at equal supply. */
export function oldLogic(technologyNm: number): number {
  return Math.max(1, technologyNm / oldLogicNm) ** middle;
}

export const oldLogicLaw = `as node^${middle.toFixed(2)} above ${oldLogicNm} nm`;

/** Of all that follows logic. */
export const logicWidened: NonNullable<Quantity['widened']> = {
  by: ({ technologyNm }) => Math.max(1, technologyNm / oldLogicNm) ** ((most - least) / 2),
  because: `above ${oldLogicNm} nm, published exponents are ${least.toFixed(2)} to ${most.toFixed(2)}`,
};

/** The published exponents, for one page. */
export const oldLogicExponents = exponents.map(({ of }) => of).join('; ');

/** The area of a circuit against that at 180 nm. */
const scaledAreas = cited(table, table.areas);
const areaFit = fitLogarithms(
  scaledAreas.map(({ nm }) => [1, Math.log(nm / 45)]),
  scaledAreas.map(({ over180nm }) => over180nm),
);
const ofArea = at(areaFit.coefficients, 1);

/** How the area of logic follows the node, relative to 45 nm, at which areas are published. */
export function logicArea(technologyNm: number): number {
  return (technologyNm / 45) ** ofArea;
}

export const logicAreaLaw = `as node^${ofArea.toFixed(2)}`;

/** The same gate in several libraries: those of one node differ by two. */
const nands = cited(table, table.nands);
const nandFit = fitLogarithms(
  nands.map(() => [1]),
  nands.map(({ nm, value }) => value / logicArea(nm)),
);

/** The fits behind the law of the node, for all areas that follow it. */
export const logicAreaScale = [
  [
    areaFit,
    scaledAreas.map(
      ({ nm, over180nm, ...source }): Point => ({
        ...source,
        of: `area of a circuit over that at 180 nm, ${nm} nm`,
        value: over180nm,
      }),
    ),
  ],
  [nandFit, nands],
] as const;
