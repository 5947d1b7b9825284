import { i64 } from './expressions.ts';
import type { FunctionBuilder } from './function-builder.ts';
import type { I32, Local } from './value.ts';

/** `while (index < end) { body; index += stride }`, tested before the first iteration and at the end of each. */
export function whileBelow(
  f: FunctionBuilder,
  index: Local<'i32'>,
  end: number | Local<'i32'>,
  stride: number,
  body: () => void,
): void {
  f.if(index.isBelow(end), () => {
    f.loop((again) => {
      body();
      f.set(index, index.plus(stride));
      f.brIf(again, index.isBelow(end));
    });
  });
}

/** Repeats the body until it branches to the label `done`. */
export function forever(f: FunctionBuilder, body: (leaveIf: (condition: I32) => void) => void): void {
  f.block((done) => {
    f.loop((again) => {
      body((condition) => f.brIf(done, condition));
      f.br(again);
    });
  });
}

/** Runs the body for each bit set in `bits`, from the lowest up, and leaves `bits` zero. */
export function forEachBit(f: FunctionBuilder, bits: Local<'i32'>, body: () => void): void {
  forever(f, (leaveIf) => {
    leaveIf(bits.isZero());
    body();
    f.set(bits, bits.and(bits.minus(1)));
  });
}

/** `sum += amount`. */
export function increase(f: FunctionBuilder, sum: Local<'i32'>, amount: I32): void {
  f.set(sum, sum.plus(amount));
}

/** Adds to a 64-bit counter in the linear memory. */
export function count(f: FunctionBuilder, address: number, amount: I32): void {
  const wide = typeof amount === 'number' ? i64.const(BigInt(amount)) : i64.extend_i32_u(amount);
  f.do(i64.store(0, i64.add(i64.load(0, address), wide), address));
}
