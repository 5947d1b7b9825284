import type { FunctionBuilder } from '../../builder/index.ts';
import type { Constant } from './value.ts';

/** The part of a shift amount that goes right, max(0, n), or left, max(0, -n): a constant that is not negative. */
export function positivePart(amount: Constant, direction: 'right' | 'left'): Constant {
  if (direction === 'right' && amount.low >= 0) return amount;
  const sign = direction === 'right' ? 1 : -1;
  const ends = [sign * amount.low, sign * amount.high];
  return {
    low: Math.max(0, Math.min(...ends)),
    high: Math.max(0, ...ends),
    key: `${direction} ${amount.key}`,
    put: (f) => {
      const putSigned = (): void => {
        if (sign === -1) f.i32.const(0);
        amount.put(f);
        if (sign === -1) f.i32.sub();
      };
      putSigned();
      f.i32.const(0);
      putSigned();
      f.i32.const(0);
      f.i32.gt_s();
      f.select();
    },
  };
}

/** Puts 2^(sign n) as an f32, made of its exponent's bits. */
export function putPowerOfTwo(f: FunctionBuilder, amount: Constant, sign: 1 | -1): void {
  f.i32.const(127);
  amount.put(f);
  if (sign === 1) f.i32.add();
  else f.i32.sub();
  f.i32.const(23);
  f.i32.shl();
  f.f32.reinterpret_i32();
}
