import type { FunctionBuilder } from './function-builder.ts';
import type { Local } from './value.ts';

/** `while (index < end) { body; index += stride }`, tested at the end of each turn and once before the first. */
export function whileLess(
  f: FunctionBuilder,
  index: Local,
  end: number | Local,
  stride: number,
  body: () => void,
): void {
  const putIsLess = (): void => {
    if (typeof end === 'number') f.i32.const(end);
    else f.get(end);
    f.i32.lt_s();
  };
  f.get(index);
  putIsLess();
  f.if(() => {
    f.loop((again) => {
      body();
      f.get(index);
      f.i32.const(stride);
      f.i32.add();
      f.tee(index);
      putIsLess();
      f.brIf(again);
    });
  });
}

/** Adds what `put` puts to a variable. */
export function addTo(f: FunctionBuilder, sum: Local, put: () => void): void {
  f.get(sum);
  put();
  f.i32.add();
  f.set(sum);
}

/** A variable that is a whole number more than another. */
export function sumOf(f: FunctionBuilder, local: Local, amount: number): Local {
  const sum = f.local('i32');
  f.get(local);
  f.i32.const(amount);
  f.i32.add();
  f.set(sum);
  return sum;
}

/** Adds to a 64-bit counter in the linear memory. */
export function addToCounter(f: FunctionBuilder, address: number, amount: number | Local): void {
  f.i32.const(0);
  f.i32.const(0);
  f.i64.load(address);
  if (typeof amount === 'number') f.i64.const(BigInt(amount));
  else {
    f.get(amount);
    f.i64.extend_i32_u();
  }
  f.i64.add();
  f.i64.store(address);
}
