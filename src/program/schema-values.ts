import * as z from 'zod';
import { text } from '../text/index.ts';

/** A number or a formula over the program's parameters and the precision's widths. */
export const formula = z.union([z.number(), z.string()], {
  error: () => 'expected a number or a formula',
});

export const fieldName = text('a field, population.field');

/** Whether a value given in code is a typed array of numbers. */
export function isNumericArray(value: unknown): boolean {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
}
