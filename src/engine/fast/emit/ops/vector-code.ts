import {
  type Comparison,
  integerRange,
  type LaneCode,
  maxShift,
  type Overflow,
  type Rounding,
} from '../../../../isa/index.ts';
import {
  f32x4,
  type I32,
  i8x16,
  i16x8,
  i32,
  i32x4,
  type Local,
  type Value,
  v128,
  vectorBits,
} from '../../../../wasm/index.ts';
import {
  type Constant,
  constantOf,
  type LaneContext,
  type LaneValue,
  numberConstant,
  powerOfTwo,
  shiftPart,
} from './scalar-code.ts';

/** The context of code for an instruction's vectors. */
interface VectorContext extends LaneContext {
  readonly lanes: 4 | 8;
  /** Whether 16-bit lanes may saturate the result. */
  readonly saturates: boolean;
}

/**
 * Lane code for a SIMD vector: eight 16-bit lanes, or four lanes of 32-bit integers or floats. The ranges of the
 * interval analysis have shown that the lanes hold every result (`chooseLanes`).
 */
export class VectorCode implements LaneCode<LaneValue> {
  readonly #context: VectorContext;
  readonly #group: typeof i16x8 | typeof i32x4;
  /** Steps the generators of the lanes that a vector covers, four at a time, and gives their words. */
  readonly #step: (quarter: number) => Value<'v128'>;

  constructor(context: VectorContext, step: (quarter: number) => Value<'v128'>) {
    this.#context = context;
    this.#group = context.lanes === 8 ? i16x8 : i32x4;
    this.#step = step;
  }

  #keep(value: Value<'v128'>, { isMask = false, isReal = this.#context.isReal } = {}): LaneValue {
    const local = this.#context.f.keep(value);
    const range = isMask ? { low: 0, high: 1 } : this.#context.range;
    return { local, isReal, isMask, range, constant: undefined };
  }

  /** A value as numbers: a flag as 0 or 1. */
  #number(value: LaneValue): Value<'v128'> {
    const lanes = bitsOf(value);
    return value.isMask ? v128.and(lanes, this.#splat(1)) : lanes;
  }

  /** A flag, or whether an integer is not zero, as a mask. */
  #mask(value: LaneValue): Value<'v128'> {
    return value.isMask ? bitsOf(value) : this.#group.ne(bitsOf(value), this.#splat(0));
  }

  #splat(n: I32): Local<'v128'> {
    return this.#context.preamble.keep(this.#group.splat(n));
  }

  constant(n: number): LaneValue {
    const { preamble, isReal } = this.#context;
    const local = isReal ? preamble.keep(f32x4.splat(n)) : this.#splat(n);
    const range = isReal ? undefined : { low: n, high: n };
    return { local, isReal, isMask: false, range, constant: numberConstant(n) };
  }

  arithmetic(operation: 'add' | 'sub' | 'mul', overflow: Overflow, a: LaneValue, b: LaneValue): LaneValue {
    const [x, y] = [this.#number(a), this.#number(b)];
    if (this.#context.isReal) return this.#keep(f32x4[operation](x, y));
    const saturates = this.#context.saturates && this.#context.lanes === 8 && operation !== 'mul';
    return this.#fit(overflow, saturates ? i16x8[`${operation}_sat_s`](x, y) : this.#group[operation](x, y));
  }

  negate(overflow: Overflow, a: LaneValue): LaneValue {
    const x = this.#number(a);
    return this.#context.isReal ? this.#keep(f32x4.neg(x)) : this.#fit(overflow, this.#group.neg(x));
  }

  absolute(overflow: Overflow, a: LaneValue): LaneValue {
    const x = this.#number(a);
    return this.#context.isReal ? this.#keep(f32x4.abs(x)) : this.#fit(overflow, this.#group.abs(x));
  }

  shiftLeft(overflow: Overflow, a: LaneValue, n: LaneValue): LaneValue {
    if (this.#context.isReal) return this.#scale(a, n, 1);
    return this.#fit(overflow, this.#group.shl(this.#number(a), this.#amount(constantOf(n))));
  }

  #amount(n: Constant): Local<'i32'> {
    return this.#context.preamble.keep(n.value());
  }

  /** Brings an integer into the datapath, where the operation saturates or wraps there. */
  #fit(overflow: Overflow, exact: Value<'v128'>): LaneValue {
    const unused = vectorBits / this.#context.lanes - this.#context.datapathBits;
    if (overflow === 'proven' || unused <= 0) return this.#keep(exact);
    if (overflow === 'wrap') return this.#keep(this.#group.shr_s(this.#group.shl(exact, unused), unused));
    const { low, high } = integerRange(this.#context.datapathBits, true);
    return this.#keep(this.#group.min_s(this.#group.max_s(exact, this.#splat(low)), this.#splat(high)));
  }

  shiftRight(rounding: Rounding, a: LaneValue, n: LaneValue, unsigned: boolean): LaneValue {
    const amount = constantOf(n);
    if (this.#context.isReal) {
      if (rounding === 'stochastic') this.draw(n);
      return this.#scale(a, n, -1);
    }
    const down = shiftPart(amount, 'right', this.#context.preamble);
    if (amount.low >= 0) return this.#shiftDown(rounding, a, down, unsigned);
    const shifted =
      amount.high > 0 || rounding === 'stochastic' ? this.#shiftDown(rounding, a, down, unsigned) : a;
    const up = this.#amount(shiftPart(amount, 'left', this.#context.preamble));
    return this.#keep(this.#group.shl(this.#number(shifted), up));
  }

  #shiftDown(rounding: Rounding, a: LaneValue, n: Constant, unsigned: boolean): LaneValue {
    const g = this.#group;
    const shift = unsigned ? g.shr_u : g.shr_s;
    const quotient = shift(this.#number(a), this.#amount(n));
    switch (rounding) {
      case 'floor':
        return this.#keep(quotient);
      case 'nearest':
        return this.#keep(g.sub(quotient, this.#areBitsSet(a, this.#halfUnit(n))));
      case 'up':
        return this.#keep(g.sub(quotient, this.#areBitsSet(a, this.#droppedBits(n))));
      case 'zero': {
        if (unsigned) return this.#keep(quotient);
        const isNegative = g.lt_s(this.#number(a), this.#splat(0));
        return this.#keep(g.sub(quotient, v128.and(this.#areBitsSet(a, this.#droppedBits(n)), isNegative)));
      }
      case 'stochastic': {
        if (!unsigned && this.#hasRoom(a, n))
          return this.#keep(shift(g.add(this.#number(a), this.#draw(n)), this.#amount(n)));
        const kept = this.#keep(quotient);
        const random = this.#draw(n);
        const dropped = v128.and(this.#number(a), this.#droppedBits(n));
        return this.#keep(g.add(bitsOf(kept), g.shr_u(g.add(dropped, random), this.#amount(n))));
      }
    }
  }

  /** Whether the lanes hold the sum of a value and as many random bits as a shift drops. */
  #hasRoom({ range }: LaneValue, { high }: Constant): boolean {
    const bounds = integerRange(vectorBits / this.#context.lanes, true);
    return range !== undefined && range.low >= bounds.low && range.high + 2 ** high - 1 <= bounds.high;
  }

  /** -1 where any of the bits is set in a, else 0: subtracting it adds one there. */
  #areBitsSet(a: LaneValue, bits: Local<'v128'>): Value<'v128'> {
    return this.#group.ne(v128.and(this.#number(a), bits), this.#splat(0));
  }

  /** 2^n / 2, which is 0 for n = 0. */
  #halfUnit(n: Constant): Local<'v128'> {
    return this.#splat(i32.shl(1, n.value()).shiftRight(1));
  }

  /** 2^n - 1. */
  #droppedBits(n: Constant): Local<'v128'> {
    return this.#splat(i32.shl(1, n.value()).minus(1));
  }

  /** a × 2^(sign n) on reals: exact except for the float's own rounding. */
  #scale(a: LaneValue, n: LaneValue, sign: 1 | -1): LaneValue {
    const factor = this.#context.preamble.keep(f32x4.splat(powerOfTwo(constantOf(n), sign)));
    return this.#keep(f32x4.mul(this.#number(a), factor));
  }

  shiftRightBy(a: LaneValue, n: LaneValue): LaneValue {
    const { f, lanes, isReal } = this.#context;
    const amount = f.keep(this.#amountOf(n));
    if (isReal) {
      const exponent = i32x4.sub(this.#splat(127), amount);
      return this.#keep(f32x4.mul(this.#number(a), i32x4.shl(exponent, 23)));
    }
    // Vectors shift all lanes by one amount: one shift for each of its bits, which a lane takes or not.
    const most = vectorBits / lanes - 1;
    let shifted = f.keep(this.#number(a));
    for (let bit = 1; bit <= Math.min(n.range?.high ?? maxShift, maxShift); bit *= 2) {
      const isSet = this.#group.ne(v128.and(amount, this.#splat(bit)), this.#splat(0));
      shifted = f.keep(v128.bitselect(this.#group.shr_s(shifted, Math.min(bit, most)), shifted, isSet));
    }
    return this.#keep(shifted);
  }

  /** The amounts that items bring. */
  #amountOf(n: LaneValue): Value<'v128'> {
    const amount = this.#number(n);
    if (n.range !== undefined && n.range.low >= 0 && n.range.high <= maxShift) return amount;
    return this.#group.min_s(this.#group.max_s(amount, this.#splat(0)), this.#splat(maxShift));
  }

  shiftProduct(overflow: Overflow, rounding: Rounding, a: LaneValue, b: LaneValue, n: LaneValue): LaneValue {
    const { isReal } = this.#context;
    const multiply = isReal ? f32x4.mul : this.#group.mul;
    const product = this.#keep(multiply(this.#number(a), this.#number(b)));
    // The line's range is that of the shifted product.
    const shifted = this.shiftRight(rounding, { ...product, range: undefined }, n, false);
    return isReal ? shifted : this.#fit(overflow, this.#number(shifted));
  }

  bitwise(operation: 'and' | 'or' | 'xor', a: LaneValue, b: LaneValue): LaneValue {
    const isMask = a.isMask && b.isMask;
    const [x, y] = isMask ? [bitsOf(a), bitsOf(b)] : [this.#number(a), this.#number(b)];
    return this.#keep(v128[operation](x, y), { isMask });
  }

  countOnes(a: LaneValue): LaneValue {
    const ofPairs = i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(this.#number(a)));
    return this.#keep(this.#context.lanes === 8 ? ofPairs : i32x4.extadd_pairwise_i16x8_u(ofPairs));
  }

  minimum(a: LaneValue, b: LaneValue): LaneValue {
    const least = this.#context.isReal ? f32x4.min : this.#group.min_s;
    return this.#keep(least(this.#number(a), this.#number(b)));
  }

  maximum(a: LaneValue, b: LaneValue): LaneValue {
    const most = this.#context.isReal ? f32x4.max : this.#group.max_s;
    return this.#keep(most(this.#number(a), this.#number(b)));
  }

  clamp(a: LaneValue, low: LaneValue, high: LaneValue): LaneValue {
    // The pseudo forms keep a value that compares neither below nor above, as `clamp` does.
    const [most, least] = this.#context.isReal
      ? [f32x4.pmax, f32x4.pmin]
      : [this.#group.max_s, this.#group.min_s];
    return this.#keep(least(most(this.#number(a), this.#number(low)), this.#number(high)));
  }

  compare(comparison: Comparison, unsigned: boolean, a: LaneValue, b: LaneValue): LaneValue {
    const [x, y] = [this.#number(a), this.#number(b)];
    const flag = { isMask: true, isReal: false };
    if (a.isReal || b.isReal) return this.#keep(f32x4[comparison](x, y), flag);
    const isSigned = comparison !== 'eq' && comparison !== 'ne';
    const name = isSigned ? (`${comparison}_${unsigned ? 'u' : 's'}` as const) : comparison;
    return this.#keep(this.#group[name](x, y), flag);
  }

  floor(a: LaneValue): LaneValue {
    const x = this.#number(a);
    return this.#keep(a.isReal ? i32x4.trunc_sat_f32x4_s(f32x4.floor(x)) : x, { isReal: false });
  }

  real(a: LaneValue): LaneValue {
    const x = this.#number(a);
    return this.#keep(this.#context.isReal ? f32x4.convert_i32x4_s(x) : x);
  }

  select(condition: LaneValue, a: LaneValue, b: LaneValue): LaneValue {
    const isMask = a.isMask && b.isMask;
    const [x, y] = isMask ? [bitsOf(a), bitsOf(b)] : [this.#number(a), this.#number(b)];
    return this.#keep(v128.bitselect(x, y, this.#mask(condition)), { isMask });
  }

  draw(n: LaneValue): LaneValue {
    return this.#keep(this.#draw(constantOf(n)));
  }

  /** n random bits in each lane, after a step of the generators; n may be 0, and negative counts as 0. */
  #draw(n: Constant): Value<'v128'> {
    const { preamble, lanes, f } = this.#context;
    const right = shiftPart(n, 'right', preamble);
    // Two shifts where one by 32 would be none.
    const first = right.low >= 1 ? 0 : 1;
    const unused = preamble.keep(i32.sub(32 - first, right.value()));
    const bits = (quarter: number): Value<'v128'> => {
      const word = this.#step(quarter);
      return i32x4.shr_u(first === 0 ? word : i32x4.shr_u(word, first), unused);
    };
    return f.keep(lanes === 4 ? bits(0) : i16x8.narrow_i32x4_u(bits(0), bits(1)));
  }
}

const bitsOf = ({ local }: LaneValue): Value<'v128'> => local.as('v128');
