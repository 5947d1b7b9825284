import type * as z from 'zod';
import { key, strictObject, whole } from '../text/index.ts';
import { type CostClass, costClasses } from './model.ts';
import { estimable, estimableByWidth, sourceOfStated } from './schema-values.ts';

const unit = strictObject({
  unitsPerLane: key(
    whole('a number of units', 1, 1024),
    'Operations of this class that a lane can start in each cycle.',
    1,
  ),
  energyPj: key(
    estimableByWidth,
    'Energy in pJ of one operation on one lane, by operand width in bits, or `auto`: at 8, 16 and 32 bits as [estimated](estimators/arithmetic.md). An operation is charged at the narrowest width that holds its operands. Energies must not fall with the width, and the widest entry must cover the datapath (32 bits for float32).',
    { 8: 0.0156, 16: 0.026, 32: 0.052 },
  ),
  areaUm2: key(estimable('um2'), 'Area of one unit in µm², or `auto`.', 53.04),
  source: sourceOfStated,
});

/** The work done by a lane's unit of each class. */
const classMeanings: Readonly<Record<CostClass, string>> = {
  move: 'Moves a value between registers, or selects one of two.',
  add: 'Adds, subtracts or negates.',
  multiply: 'Multiplies.',
  shift: 'Shifts.',
  compare: 'Compares, or takes the smaller or larger of two.',
  logic: 'Combines bits.',
  random: "Steps the lane's random generator.",
};
const classes: readonly CostClass[] = costClasses;
export const units = strictObject(
  Object.fromEntries(classes.map((name) => [name, key(unit, classMeanings[name]).optional()])) as Record<
    CostClass,
    z.ZodOptional<typeof unit>
  >,
);
