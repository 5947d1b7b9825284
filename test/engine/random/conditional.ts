import type { HwModel } from '../../../src/hardware/index.ts';
import { join, operationNamed } from '../../../src/isa/index.ts';
import type { Dice } from './dice.ts';
import { type ConstantDice, fittedRange } from './operands.ts';
import type { Registers } from './registers.ts';

const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];

/**
 * A sum that a select takes only under a condition on the sum's operands, as in a reset by subtraction. Where the sum
 * is not taken, it may overflow the lanes.
 */
export function conditionalSum(
  dice: Dice,
  registers: Registers,
  constants: ConstantDice,
  hw: HwModel,
): string[] {
  const value = registers.pick(({ kind, range }) => kind !== 'flag' && range !== undefined);
  if (value?.range === undefined) return [];
  const bound = constants.constant(value.kind, false);
  const term = dice.chance(0.7) ? bound : constants.constant(value.kind, false);
  // Mostly the sum leaves the lanes only where the select takes the other value.
  const isReset = term === bound && dice.chance(0.7);
  const form = isReset ? dice.pick(['sub', 'sub.s']) : dice.pick(['add', 'sub', 'add.s', 'sub.s']);
  const comparison = isReset && (bound.range?.low ?? 0) >= 0 ? 'ge' : isReset ? 'le' : dice.pick(comparisons);
  const { effect } = operationNamed(form);
  if (effect.does !== 'compute' || bound.range === undefined || term.range === undefined) return [];
  const range = fittedRange(effect.range([value.range, term.range]), effect.overflow, hw);
  if (range === undefined) return [];
  const [flag = 0, sum = 1] = [...Array(4).keys()].filter((register) => register !== value.register);
  const result = dice.pick([flag, sum, value.register]);
  const compared = [`r${value.register}`, bound.text];
  const selected = [`r${sum}`, `r${value.register}`];
  const lines = [
    `cmp.${comparison} r${flag}, ${(isReset || dice.chance(0.7) ? compared : compared.reverse()).join(', ')}`,
    `${form} r${sum}, r${value.register}, ${term.text}`,
    `sel r${result}, r${flag}, ${(isReset || dice.chance(0.7) ? selected : selected.reverse()).join(', ')}`,
  ];
  const { kind, isUniform, isOfTile = isUniform, isOfRow = true } = value;
  const extent = { isUniform, isOfTile, isOfRow };
  const flagRange = { low: 0, high: 1 };
  if (result !== flag) registers.define({ register: flag, kind: 'flag', range: flagRange, ...extent });
  if (result !== sum && dice.chance(0.1)) registers.define({ register: sum, kind, range, ...extent });
  else registers.forget(sum);
  registers.define({ register: result, kind, range: join(range, value.range), ...extent });
  return lines;
}
