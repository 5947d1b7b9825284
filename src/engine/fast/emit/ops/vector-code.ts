import {
  type Comparison,
  type Interval,
  integerRange,
  type LaneCode,
  type Overflow,
  type Rounding,
} from '../../../../isa/index.ts';
import type { FunctionBuilder, Local } from '../../builder/index.ts';
import { positivePart, putPowerOfTwo } from './amounts.ts';
import type { Constants } from './constants.ts';
import type { Constant, Value } from './value.ts';

/** Steps the generators of the lanes that a vector covers and puts their words on the stack, four at a time. */
export type StepGenerators = (quarter: number) => void;

/**
 * Lane code for a SIMD vector: eight 16-bit lanes, or four lanes of 32-bit integers or floats. The ranges of the
 * interval analysis have shown that the lanes hold every result (`chooseMode`).
 */
export class VectorCode implements LaneCode<Value> {
  readonly lanes: 4 | 8;
  readonly #f: FunctionBuilder;
  readonly #constants: Constants;
  readonly #datapathBits: number;
  readonly #stepGenerators: StepGenerators;
  /** Set for each instruction: the kind and range of its result, and whether its lanes saturate. */
  isReal = false;
  range: Interval | undefined;
  saturatesLanes = false;

  constructor(
    f: FunctionBuilder,
    constants: Constants,
    lanes: 4 | 8,
    datapathBits: number,
    step: StepGenerators,
  ) {
    this.lanes = lanes;
    this.#f = f;
    this.#constants = constants;
    this.#datapathBits = datapathBits;
    this.#stepGenerators = step;
  }

  get #group() {
    return this.lanes === 8 ? this.#f.i16x8 : this.#f.i32x4;
  }

  /** Keeps what is on the stack as a value. */
  keep(isMask = false, range = this.range, isReal = this.isReal): Value {
    const local = this.#f.local('v128');
    this.#f.set(local);
    return { local, isReal, isMask, range, constant: undefined };
  }

  /** Puts a value on the stack; a flag as 0 or 1. */
  put(value: Value): void {
    this.#f.get(value.local);
    if (!value.isMask) return;
    this.#putSplat(1);
    this.#f.v128.and();
  }

  /** Puts a flag, or whether an integer is not zero, on the stack as a mask. */
  putMask(value: Value): void {
    this.#f.get(value.local);
    if (value.isMask) return;
    this.#putSplat(0);
    this.#group.ne();
  }

  constant(n: number): Value {
    const constant: Constant = { low: n, high: n, key: `${n}`, put: (f) => f.i32.const(n) };
    const range = this.isReal ? undefined : { low: n, high: n };
    const local = this.isReal ? this.#splatReal(n) : this.splat(n);
    return { local, isReal: this.isReal, isMask: false, range, constant };
  }

  #splatReal(value: number): Local {
    return this.#constants.get(`real ${value}`, 'v128', ({ f }) => {
      f.f32.const(value);
      f.f32x4.splat();
    });
  }

  /** A vector of one whole number in all lanes. */
  splat(value: number): Local {
    return this.#constants.get(`splat ${value}`, 'v128', ({ f }) => {
      f.i32.const(value | 0);
      (this.lanes === 8 ? f.i16x8 : f.i32x4).splat();
    });
  }

  #putSplat(value: number): void {
    this.#f.get(this.splat(value));
  }

  arithmetic(operation: 'add' | 'sub' | 'mul', overflow: Overflow, a: Value, b: Value): Value {
    this.put(a);
    this.put(b);
    if (this.isReal) this.#f.f32x4[operation]();
    else if (this.saturatesLanes && operation !== 'mul')
      this.#f.i16x8[operation === 'add' ? 'add_sat_s' : 'sub_sat_s']();
    else this.#group[operation]();
    return this.#fitted(overflow);
  }

  negate(overflow: Overflow, a: Value): Value {
    this.put(a);
    if (this.isReal) this.#f.f32x4.neg();
    else this.#group.neg();
    return this.#fitted(overflow);
  }

  absolute(overflow: Overflow, a: Value): Value {
    this.put(a);
    if (this.isReal) this.#f.f32x4.abs();
    else this.#group.abs();
    return this.#fitted(overflow);
  }

  shiftLeft(overflow: Overflow, a: Value, n: Value): Value {
    if (this.isReal) return this.#scale(a, n, 1);
    this.put(a);
    this.#f.get(this.#constants.scalar(constantOf(n)));
    this.#group.shl();
    return this.#fitted(overflow);
  }

  /** Brings the stack's top into the datapath, where the operation saturates or wraps there. */
  #fitted(overflow: Overflow): Value {
    const bits = this.#datapathBits;
    const laneBits = 128 / this.lanes;
    if (this.isReal || overflow === 'proven' || bits > laneBits) return this.keep();
    if (overflow === 'wrap') {
      if (bits < laneBits) this.#wrapTo(laneBits - bits);
      return this.keep();
    }
    const { low, high } = integerRange(bits, true);
    if (bits === laneBits) return this.keep();
    this.#putSplat(low);
    this.#group.max_s();
    this.#putSplat(high);
    this.#group.min_s();
    return this.keep();
  }

  #wrapTo(unused: number): void {
    this.#f.i32.const(unused);
    this.#group.shl();
    this.#f.i32.const(unused);
    this.#group.shr_s();
  }

  shiftRight(rounding: Rounding, a: Value, n: Value, unsigned: boolean): Value {
    const amount = constantOf(n);
    if (this.isReal) {
      if (rounding === 'stochastic') this.draw(n);
      return this.#scale(a, n, -1);
    }
    if (amount.low >= 0) return this.#shiftDown(rounding, a, positivePart(amount, 'right'), unsigned);
    const down =
      amount.high > 0 || rounding === 'stochastic'
        ? this.#shiftDown(rounding, a, positivePart(amount, 'right'), unsigned)
        : a;
    this.put(down);
    this.#f.get(this.#constants.scalar(positivePart(amount, 'left')));
    this.#group.shl();
    return this.keep();
  }

  #shiftDown(rounding: Rounding, a: Value, n: Constant, unsigned: boolean): Value {
    const g = this.#group;
    const shift = (): void => {
      this.#f.get(this.#constants.scalar(n));
      if (unsigned) g.shr_u();
      else g.shr_s();
    };
    this.put(a);
    shift();
    switch (rounding) {
      case 'floor':
        return this.keep();
      case 'nearest':
        this.#putBitsSet(a, this.#halfUnit(n));
        g.sub();
        return this.keep();
      case 'up':
        this.#putBitsSet(a, this.#droppedBits(n));
        g.sub();
        return this.keep();
      case 'zero':
        if (unsigned) return this.keep();
        this.#putBitsSet(a, this.#droppedBits(n));
        this.put(a);
        this.#putSplat(0);
        g.lt_s();
        this.#f.v128.and();
        g.sub();
        return this.keep();
      case 'stochastic': {
        const quotient = this.keep();
        const random = this.#draw(n);
        this.put(quotient);
        this.put(a);
        this.#f.get(this.#droppedBits(n));
        this.#f.v128.and();
        this.#f.get(random);
        g.add();
        this.#f.get(this.#constants.scalar(n));
        g.shr_u();
        g.add();
        return this.keep();
      }
    }
  }

  /** Puts -1 where any of the bits is set in a, else 0: subtracting it adds one there. */
  #putBitsSet(a: Value, bits: Local): void {
    this.put(a);
    this.#f.get(bits);
    this.#f.v128.and();
    this.#putSplat(0);
    this.#group.ne();
  }

  /** 2^n / 2, which is 0 for n = 0. */
  #halfUnit(n: Constant): Local {
    return this.#constants.get(`half ${n.key}`, 'v128', ({ f }) => {
      f.i32.const(1);
      n.put(f);
      f.i32.shl();
      f.i32.const(1);
      f.i32.shr_u();
      (this.lanes === 8 ? f.i16x8 : f.i32x4).splat();
    });
  }

  /** 2^n - 1. */
  #droppedBits(n: Constant): Local {
    return this.#constants.get(`dropped ${n.key}`, 'v128', ({ f }) => {
      f.i32.const(1);
      n.put(f);
      f.i32.shl();
      f.i32.const(1);
      f.i32.sub();
      (this.lanes === 8 ? f.i16x8 : f.i32x4).splat();
    });
  }

  /** a × 2^(sign n) on reals: exact but for the float's own rounding. */
  #scale(a: Value, n: Value, sign: 1 | -1): Value {
    const amount = constantOf(n);
    const factor = this.#constants.get(`scale ${sign} ${amount.key}`, 'v128', ({ f }) => {
      putPowerOfTwo(f, amount, sign);
      f.f32x4.splat();
    });
    this.put(a);
    this.#f.get(factor);
    this.#f.f32x4.mul();
    return this.keep();
  }

  shiftProduct(rounding: Rounding, a: Value, b: Value, n: Value): Value {
    this.put(a);
    this.put(b);
    if (this.isReal) this.#f.f32x4.mul();
    else this.#group.mul();
    return this.shiftRight(rounding, this.keep(), n, false);
  }

  bitwise(operation: 'and' | 'or' | 'xor', a: Value, b: Value): Value {
    const areMasks = a.isMask && b.isMask;
    if (areMasks) this.#f.get(a.local);
    else this.put(a);
    if (areMasks) this.#f.get(b.local);
    else this.put(b);
    this.#f.v128[operation]();
    return this.keep(areMasks);
  }

  countOnes(a: Value): Value {
    this.put(a);
    this.#f.i8x16.popcnt();
    this.#f.i16x8.extadd_pairwise_i8x16_u();
    if (this.lanes === 4) this.#f.i32x4.extadd_pairwise_i16x8_u();
    return this.keep();
  }

  minimum(a: Value, b: Value): Value {
    return this.#extreme('min', a, b);
  }

  maximum(a: Value, b: Value): Value {
    return this.#extreme('max', a, b);
  }

  #extreme(which: 'min' | 'max', a: Value, b: Value): Value {
    this.put(a);
    this.put(b);
    if (this.isReal) this.#f.f32x4[which]();
    else this.#group[`${which}_s`]();
    return this.keep();
  }

  clamp(a: Value, low: Value, high: Value): Value {
    this.put(a);
    this.put(low);
    // The pseudo forms keep a value that compares neither below nor above, as `clamp` does.
    if (this.isReal) this.#f.f32x4.pmax();
    else this.#group.max_s();
    this.put(high);
    if (this.isReal) this.#f.f32x4.pmin();
    else this.#group.min_s();
    return this.keep();
  }

  compare(comparison: Comparison, unsigned: boolean, a: Value, b: Value): Value {
    this.put(a);
    this.put(b);
    if (a.isReal || b.isReal) this.#f.f32x4[comparison]();
    else if (comparison === 'eq' || comparison === 'ne') this.#group[comparison]();
    else this.#group[`${comparison}_${unsigned ? 'u' : 's'}`]();
    return this.keep(true, { low: 0, high: 1 }, false);
  }

  select(condition: Value, a: Value, b: Value): Value {
    const areMasks = a.isMask && b.isMask;
    if (areMasks) this.#f.get(a.local);
    else this.put(a);
    if (areMasks) this.#f.get(b.local);
    else this.put(b);
    this.putMask(condition);
    this.#f.v128.bitselect();
    return this.keep(areMasks);
  }

  draw(n: Value): Value {
    this.#f.get(this.#draw(constantOf(n)));
    return this.keep();
  }

  /** n random bits in each lane, after a step of the generators; n may be 0, and negative counts as 0. */
  #draw(n: Constant): Local {
    const right = positivePart(n, 'right');
    // Two shifts where one by 32 would be none.
    const first = right.low >= 1 ? 0 : 1;
    const unused = this.#constants.get(`${32 - first} - ${n.key}`, 'i32', ({ f }) => {
      f.i32.const(32 - first);
      right.put(f);
      f.i32.sub();
    });
    const quarters = this.lanes / 4;
    for (let quarter = 0; quarter < quarters; quarter++) {
      this.#stepGenerators(quarter);
      if (first > 0) {
        this.#f.i32.const(first);
        this.#f.i32x4.shr_u();
      }
      this.#f.get(unused);
      this.#f.i32x4.shr_u();
    }
    if (quarters === 2) this.#f.i16x8.narrow_i32x4_u();
    const local = this.#f.local('v128');
    this.#f.set(local);
    return local;
  }
}

export function constantOf(value: Value): Constant {
  if (value.constant === undefined) throw new Error('expected a constant');
  return value.constant;
}
