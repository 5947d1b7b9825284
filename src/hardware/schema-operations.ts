import * as z from 'zod';
import { expected, key, strictObject, whole } from '../text/index.ts';
import { type CostClass, costClasses } from './model.ts';
import { figure, sourceName } from './schema-values.ts';

const unit = strictObject({
  unitsPerLane: key(
    whole('a number of units', 1, 1024),
    'Operations of this class that a lane can start in each cycle.',
    1,
  ),
  energyPj: key(
    z.record(z.string().regex(/^([1-9]|[1-5]\d|6[0-4])$/), figure('pJ'), {
      error: (issue) =>
        issue.code === 'invalid_key'
          ? 'expected a width in bits (1 to 64) as the key'
          : expected('a table from operand width in bits to energy in pJ, such as {8: 0.03, 16: 0.05}')(
              issue,
            ),
    }),
    'Energy in pJ of one operation on one lane, by operand width in bits. An operation is charged at the narrowest width that holds its operands. Energies must not fall with the width, and the widest entry must cover the datapath (32 bits for float32).',
    { 8: 0.0156, 16: 0.026, 32: 0.052 },
  ),
  areaUm2: key(figure('um2'), 'Area of one unit in µm².', 53.04),
  source: sourceName,
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
