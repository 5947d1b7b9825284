import {
  type Comparison,
  type Interval,
  integerRange,
  type LaneCode,
  type Overflow,
  type Rounding,
} from '../../../../isa/index.ts';
import type { FunctionBuilder } from '../../builder/index.ts';
import { positivePart, putPowerOfTwo } from './amounts.ts';
import type { Constants } from './constants.ts';
import type { Constant, Value } from './value.ts';
import { constantOf } from './vector-code.ts';

/**
 * Lane code for one item at a time: kernels over a single neuron, and whatever does not fit vectors. Integers are
 * computed in 64 bits where 32 could overflow, so every operation of the table is exact.
 */
export class ScalarCode implements LaneCode<Value> {
  readonly #f: FunctionBuilder;
  readonly #constants: Constants;
  readonly #datapathBits: number;
  readonly #stepGenerator: () => void;
  /** Set for each instruction: the kind and range of its result. */
  isReal = false;
  range: Interval | undefined;

  /** @param step steps the lane's generator and puts its new word on the stack */
  constructor(f: FunctionBuilder, constants: Constants, datapathBits: number, step: () => void) {
    this.#f = f;
    this.#constants = constants;
    this.#datapathBits = datapathBits;
    this.#stepGenerator = step;
  }

  keep(range = this.range, isReal = this.isReal): Value {
    const local = this.#f.local(isReal ? 'f32' : 'i32');
    this.#f.set(local);
    return { local, isReal, isMask: false, range, constant: undefined };
  }

  put(value: Value): void {
    this.#f.get(value.local);
  }

  constant(n: number): Value {
    const constant: Constant = { low: n, high: n, key: `${n}`, put: (f) => f.i32.const(n) };
    if (!this.isReal) {
      const range = { low: n, high: n };
      return { local: this.#constants.scalar(constant), isReal: false, isMask: false, range, constant };
    }
    const local = this.#constants.get(`real ${n}`, 'f32', ({ f }) => f.f32.const(n));
    return { local, isReal: true, isMask: false, range: undefined, constant };
  }

  #put64(value: Value): void {
    this.#f.get(value.local);
    this.#f.i64.extend_i32_s();
  }

  /** Ends an integer operation whose exact result is on the stack as an i64. */
  #fit64(overflow: Overflow): Value {
    const f = this.#f;
    if (overflow === 'saturate') {
      const { low, high } = integerRange(this.#datapathBits, true);
      const wide = f.local('i64');
      f.set(wide);
      for (const [bound, isBeyond] of [
        [low, 'lt_s'],
        [high, 'gt_s'],
      ] as const) {
        f.i64.const(BigInt(bound));
        f.get(wide);
        f.get(wide);
        f.i64.const(BigInt(bound));
        f.i64[isBeyond]();
        f.select();
        f.set(wide);
      }
      f.get(wide);
    }
    f.i32.wrap_i64();
    const unused = 32 - this.#datapathBits;
    if (overflow === 'wrap' && unused > 0) {
      f.i32.const(unused);
      f.i32.shl();
      f.i32.const(unused);
      f.i32.shr_s();
    }
    return this.keep();
  }

  arithmetic(operation: 'add' | 'sub' | 'mul', overflow: Overflow, a: Value, b: Value): Value {
    if (this.isReal) {
      this.put(a);
      this.put(b);
      this.#f.f32[operation]();
      return this.keep();
    }
    this.#put64(a);
    this.#put64(b);
    this.#f.i64[operation]();
    return this.#fit64(overflow);
  }

  negate(overflow: Overflow, a: Value): Value {
    if (this.isReal) {
      this.put(a);
      this.#f.f32.neg();
      return this.keep();
    }
    this.#f.i64.const(0n);
    this.#put64(a);
    this.#f.i64.sub();
    return this.#fit64(overflow);
  }

  absolute(overflow: Overflow, a: Value): Value {
    if (this.isReal) {
      this.put(a);
      this.#f.f32.abs();
      return this.keep();
    }
    this.#f.i64.const(0n);
    this.#put64(a);
    this.#f.i64.sub();
    this.#put64(a);
    this.put(a);
    this.#f.i32.const(0);
    this.#f.i32.lt_s();
    this.#f.select();
    return this.#fit64(overflow);
  }

  shiftLeft(overflow: Overflow, a: Value, n: Value): Value {
    if (this.isReal) return this.#scale(a, n, 1);
    this.#put64(a);
    this.#put64(n);
    this.#f.i64.shl();
    return this.#fit64(overflow);
  }

  shiftRight(rounding: Rounding, a: Value, n: Value, unsigned: boolean): Value {
    if (this.isReal) {
      if (rounding === 'stochastic') this.draw(n);
      return this.#scale(a, n, -1);
    }
    this.put(a);
    if (unsigned) this.#f.i64.extend_i32_u();
    else this.#f.i64.extend_i32_s();
    return this.#shift64(rounding, constantOf(n));
  }

  shiftProduct(rounding: Rounding, a: Value, b: Value, n: Value): Value {
    if (this.isReal) {
      this.put(a);
      this.put(b);
      this.#f.f32.mul();
      return this.shiftRight(rounding, this.keep(), n, false);
    }
    this.#put64(a);
    this.#put64(b);
    this.#f.i64.mul();
    return this.#shift64(rounding, constantOf(n));
  }

  /** Shifts the i64 on the stack: (x + addend) >> n for n > 0, x << -n otherwise. */
  #shift64(rounding: Rounding, n: Constant): Value {
    const f = this.#f;
    const x = f.local('i64');
    f.set(x);
    const down = this.#constants.scalar(positivePart(n, 'right'));
    f.get(x);
    switch (rounding) {
      case 'floor':
        break;
      case 'nearest':
        // 2^n / 2, which is 0 for n = 0
        this.#putUnit(down);
        f.i64.const(1n);
        f.i64.shr_u();
        f.i64.add();
        break;
      case 'up':
        this.#putUnit(down);
        f.i64.const(1n);
        f.i64.sub();
        f.i64.add();
        break;
      case 'zero':
        this.#putUnit(down);
        f.i64.const(1n);
        f.i64.sub();
        f.get(x);
        f.i64.const(63n);
        f.i64.shr_s();
        f.i64.and();
        f.i64.add();
        break;
      case 'stochastic':
        this.#putDraw(n);
        f.i64.extend_i32_u();
        f.i64.add();
        break;
    }
    f.get(down);
    f.i64.extend_i32_u();
    f.i64.shr_s();
    f.get(this.#constants.scalar(positivePart(n, 'left')));
    f.i64.extend_i32_u();
    f.i64.shl();
    f.i32.wrap_i64();
    return this.keep();
  }

  #putUnit(amount: Value['local']): void {
    this.#f.i64.const(1n);
    this.#f.get(amount);
    this.#f.i64.extend_i32_u();
    this.#f.i64.shl();
  }

  #scale(a: Value, n: Value, sign: 1 | -1): Value {
    const amount = constantOf(n);
    const factor = this.#constants.get(`factor ${sign} ${amount.key}`, 'f32', ({ f }) => {
      putPowerOfTwo(f, amount, sign);
    });
    this.put(a);
    this.#f.get(factor);
    this.#f.f32.mul();
    return this.keep();
  }

  bitwise(operation: 'and' | 'or' | 'xor', a: Value, b: Value): Value {
    this.put(a);
    this.put(b);
    this.#f.i32[operation]();
    return this.keep();
  }

  countOnes(a: Value): Value {
    this.put(a);
    this.#f.i32.popcnt();
    return this.keep();
  }

  minimum(a: Value, b: Value): Value {
    return this.#extreme('min', 'lt_s', a, b);
  }

  maximum(a: Value, b: Value): Value {
    return this.#extreme('max', 'gt_s', a, b);
  }

  #extreme(float: 'min' | 'max', isFirst: 'lt_s' | 'gt_s', a: Value, b: Value): Value {
    this.put(a);
    this.put(b);
    if (this.isReal) {
      this.#f.f32[float]();
    } else {
      this.put(a);
      this.put(b);
      this.#f.i32[isFirst]();
      this.#f.select();
    }
    return this.keep();
  }

  clamp(a: Value, low: Value, high: Value): Value {
    return this.#bound(this.#bound(a, low, 'lt'), high, 'gt');
  }

  /** The bound where a lies beyond it, else a itself. */
  #bound(a: Value, bound: Value, beyond: 'lt' | 'gt'): Value {
    this.put(bound);
    this.put(a);
    this.put(a);
    this.put(bound);
    if (this.isReal) this.#f.f32[beyond]();
    else this.#f.i32[`${beyond}_s`]();
    this.#f.select();
    return this.keep();
  }

  compare(comparison: Comparison, unsigned: boolean, a: Value, b: Value): Value {
    this.put(a);
    this.put(b);
    if (a.isReal || b.isReal) this.#f.f32[comparison]();
    else if (comparison === 'eq' || comparison === 'ne') this.#f.i32[comparison]();
    else this.#f.i32[`${comparison}_${unsigned ? 'u' : 's'}`]();
    return this.keep({ low: 0, high: 1 }, false);
  }

  select(condition: Value, a: Value, b: Value): Value {
    this.put(a);
    this.put(b);
    this.put(condition);
    this.#f.select();
    return this.keep();
  }

  draw(n: Value): Value {
    this.#putDraw(constantOf(n));
    return this.keep(this.range, false);
  }

  /** Puts max(0, n) random bits, after a step of the generator. Two shifts, since a shift by 32 would be none. */
  #putDraw(n: Constant): void {
    const f = this.#f;
    this.#stepGenerator();
    f.i32.const(1);
    f.i32.shr_u();
    f.i32.const(31);
    f.get(this.#constants.scalar(positivePart(n, 'right')));
    f.i32.sub();
    f.i32.shr_u();
  }
}
