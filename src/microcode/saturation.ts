import type { Field } from '../image/index.ts';
import type { Saturation, ValueSource } from './operation.ts';

/** The number that a source is, if it is one. */
export function numberIn(source: ValueSource | undefined): number | undefined {
  return source?.is === 'scalar' && source.scalar.is === 'number' ? source.scalar.value : undefined;
}

/** How a field saturates what is stored into it. */
export function saturationOf({
  bits,
  signed,
  overflow,
}: Pick<Field, 'bits' | 'signed' | 'overflow'>): Saturation {
  if (!signed) return { to: 'unsigned', bits };
  return { to: overflow === 'saturate-symmetric' ? 'symmetric' : 'signed', bits };
}

/** The saturation that clamps between two bounds, if one does. */
export function saturationBetween(low: number | undefined, high: number | undefined): Saturation | undefined {
  if (low === undefined || high === undefined || high < 1) return undefined;
  const bits = Math.log2(high + 1);
  if (!Number.isInteger(bits)) return undefined;
  if (low === 0) return { to: 'unsigned', bits };
  if (low === -high) return { to: 'symmetric', bits: bits + 1 };
  return low === -high - 1 ? { to: 'signed', bits: bits + 1 } : undefined;
}
