import {
  type Comparison,
  integerRange,
  type LaneCode,
  maxShift,
  type Overflow,
  type Rounding,
  type ValueRange,
} from '../../../../isa/index.ts';
import {
  type FunctionBuilder,
  f32,
  i32,
  i64,
  type Local,
  max,
  min,
  type Preamble,
  select,
  type Value,
} from '../../../../wasm/index.ts';

/** A value of a kernel's code: one variable that holds it for all lanes of a vector, or for a single item. */
export interface LaneValue {
  readonly local: Local;
  readonly isReal: boolean;
  /** A flag as a mask: all bits of a lane are set, or none. Otherwise flags are 0 and 1. */
  readonly isMask: boolean;
  /** Range of an integer; undefined for reals. */
  readonly range: ValueRange | undefined;
  /** The value of a constant; undefined if it is computed or loaded. */
  readonly constant: Constant | undefined;
}

/** A constant of a kernel: a number, or a parameter that follows the run-time schedule. */
export interface Constant {
  /** Its values over the whole schedule lie between these. */
  readonly low: number;
  readonly high: number;
  /** A new expression of it. */
  readonly value: () => Value<'i32'>;
}

export function numberConstant(n: number): Constant {
  return { low: n, high: n, value: () => i32.const(n | 0) };
}

export function constantOf({ constant }: LaneValue): Constant {
  if (constant === undefined) throw new Error('expected a constant');
  return constant;
}

/** The part of a shift amount that goes right, max(0, n), or left, max(0, -n). */
export function shiftPart(amount: Constant, direction: 'right' | 'left', preamble: Preamble): Constant {
  if (direction === 'right' && amount.low >= 0) return amount;
  const ends = direction === 'right' ? [amount.low, amount.high] : [-amount.high, -amount.low];
  const value = (): Value<'i32'> => {
    const n = preamble.keep(amount.value());
    return preamble.keep(max(direction === 'right' ? n : preamble.keep(i32.sub(0, n)), 0));
  };
  return { low: Math.max(0, ...ends.slice(0, 1)), high: Math.max(0, ...ends), value };
}

/** 2^(sign n) as an f32, made of its exponent's bits. */
export function powerOfTwo(amount: Constant, sign: 1 | -1): Value<'f32'> {
  const exponent = i32.const(127);
  const biased = sign === 1 ? exponent.plus(amount.value()) : exponent.minus(amount.value());
  return f32.reinterpret_i32(biased.shiftLeft(23));
}

/** The context of code for an instruction's lanes. */
export interface LaneContext {
  readonly f: FunctionBuilder;
  readonly preamble: Preamble;
  readonly datapathBits: number;
  /** Kind and range of the instruction's result. */
  readonly isReal: boolean;
  readonly range: ValueRange | undefined;
}

/**
 * Lane code for one item at a time: kernels over a single neuron, and whatever does not fit vectors. Integers are
 * computed in 64 bits where 32 could overflow, so every operation of the table is exact.
 */
export class ScalarCode implements LaneCode<LaneValue> {
  readonly #context: LaneContext;
  /** Steps the lane's generator and gives its new word. */
  readonly #step: () => Value<'i32'>;

  constructor(context: LaneContext, step: () => Value<'i32'>) {
    this.#context = context;
    this.#step = step;
  }

  #keep(value: Value, range = this.#context.range): LaneValue {
    const local = this.#context.f.keep(value);
    return { local, isReal: value.type === 'f32', isMask: false, range, constant: undefined };
  }

  constant(n: number): LaneValue {
    const { preamble, isReal } = this.#context;
    const constant = numberConstant(n);
    const local = preamble.keep<'i32' | 'f32'>(isReal ? f32.const(n) : constant.value());
    return { local, isReal, isMask: false, range: isReal ? undefined : { low: n, high: n }, constant };
  }

  /** Ends an integer operation whose exact result is given. */
  #fit(overflow: Overflow, exact: Value<'i64'>): LaneValue {
    const { datapathBits } = this.#context;
    if (overflow === 'saturate')
      return this.#keep(i32.wrap_i64(this.#clamped(exact, integerRange(datapathBits, true))));
    const low = i32.wrap_i64(exact);
    const unused = 32 - datapathBits;
    if (overflow === 'proven' || unused === 0) return this.#keep(low);
    return this.#keep(i32.shr_s(low.shiftLeft(unused), unused));
  }

  #clamped(value: Value<'i64'>, { low, high }: ValueRange): Local<'i64'> {
    const { f } = this.#context;
    const kept = f.keep(value);
    f.set(kept, select(i64.lt_s(kept, BigInt(low)), i64.const(BigInt(low)), kept));
    f.set(kept, select(i64.gt_s(kept, BigInt(high)), i64.const(BigInt(high)), kept));
    return kept;
  }

  arithmetic(operation: 'add' | 'sub' | 'mul', overflow: Overflow, a: LaneValue, b: LaneValue): LaneValue {
    if (this.#context.isReal) return this.#keep(f32[operation](real(a), real(b)));
    const { datapathBits } = this.#context;
    if (overflow !== 'saturate') {
      // Only the low bits are kept, and 32 bits have those of the exact result.
      const low = i32[operation](integer(a), integer(b));
      const unused = overflow === 'proven' ? 0 : 32 - datapathBits;
      return this.#keep(unused === 0 ? low : i32.shr_s(low.shiftLeft(unused), unused));
    }
    const exact = exactRange(operation, a.range, b.range);
    if (exact === undefined || exact.low < -(2 ** 31) || exact.high >= 2 ** 31)
      return this.#fit(overflow, i64[operation](wide(a), wide(b)));
    const { low, high } = integerRange(datapathBits, true);
    const result = this.#context.f.keep(i32[operation](integer(a), integer(b)));
    const raised = exact.low < low ? max(result, low) : result;
    return this.#keep(exact.high > high ? min(raised, high) : raised);
  }

  floor(a: LaneValue): LaneValue {
    return a.isReal ? this.#keep(i32.trunc_sat_f32_s(f32.floor(real(a)))) : this.#keep(integer(a));
  }

  real(a: LaneValue): LaneValue {
    return this.#keep(this.#context.isReal ? f32.convert_i32_s(integer(a)) : integer(a));
  }

  negate(overflow: Overflow, a: LaneValue): LaneValue {
    if (this.#context.isReal) return this.#keep(f32.neg(real(a)));
    return this.#fit(overflow, i64.sub(0n, wide(a)));
  }

  absolute(overflow: Overflow, a: LaneValue): LaneValue {
    if (this.#context.isReal) return this.#keep(f32.abs(real(a)));
    return this.#fit(overflow, select(integer(a).isBelow(0), i64.sub(0n, wide(a)), wide(a)));
  }

  shiftLeft(overflow: Overflow, a: LaneValue, n: LaneValue): LaneValue {
    if (this.#context.isReal) return this.#scale(a, n, 1);
    return this.#fit(overflow, i64.shl(wide(a), wide(n)));
  }

  shiftRight(rounding: Rounding, a: LaneValue, n: LaneValue, unsigned: boolean): LaneValue {
    if (this.#context.isReal) {
      if (rounding === 'stochastic') this.draw(n);
      return this.#scale(a, n, -1);
    }
    return this.#shift(rounding, unsigned ? i64.extend_i32_u(integer(a)) : wide(a), constantOf(n));
  }

  shiftRightBy(a: LaneValue, n: LaneValue): LaneValue {
    const amount = this.#amountOf(n);
    if (!this.#context.isReal) return this.#keep(i32.shr_s(integer(a), amount));
    const factor = f32.reinterpret_i32(i32.sub(127, amount).shiftLeft(23));
    return this.#keep(f32.mul(real(a), factor));
  }

  /** The amount that an item brings. */
  #amountOf({ local, range }: LaneValue): Value<'i32'> {
    const amount = local.as('i32');
    const isWithin = range !== undefined && range.low >= 0 && range.high <= maxShift;
    return isWithin ? amount : this.#context.f.keep(min(this.#context.f.keep(max(amount, 0)), maxShift));
  }

  shiftProduct(overflow: Overflow, rounding: Rounding, a: LaneValue, b: LaneValue, n: LaneValue): LaneValue {
    if (this.#context.isReal)
      return this.shiftRight(rounding, this.#keep(f32.mul(real(a), real(b))), n, false);
    return this.#shift(rounding, i64.mul(wide(a), wide(b)), constantOf(n), overflow);
  }

  /** (x + addend) >> n for n > 0, x << -n otherwise. */
  #shift(rounding: Rounding, exact: Value<'i64'>, n: Constant, overflow: Overflow = 'proven'): LaneValue {
    const { f, preamble } = this.#context;
    const x = f.keep(exact);
    const down = preamble.keep(i64.extend_i32_u(shiftPart(n, 'right', preamble).value()));
    const up = preamble.keep(i64.extend_i32_u(shiftPart(n, 'left', preamble).value()));
    const unit = (): Value<'i64'> => i64.shl(1n, down);
    const rounded = (): Value<'i64'> => {
      switch (rounding) {
        case 'floor':
          return x;
        case 'nearest':
          // 2^n / 2, which is 0 for n = 0
          return i64.add(x, i64.shr_u(unit(), 1n));
        case 'up':
          return i64.add(x, i64.sub(unit(), 1n));
        case 'zero':
          return i64.add(x, i64.and(i64.sub(unit(), 1n), i64.shr_s(x, 63n)));
        case 'stochastic':
          return i64.add(x, i64.extend_i32_u(this.#draw(n)));
      }
    };
    const shifted = i64.shr_s(rounded(), down);
    // What is beyond 32 bits saturates anyhow; shifted to the left, it might leave 64.
    const isBounded = overflow === 'saturate' && n.low < 0;
    return this.#fit(
      overflow,
      i64.shl(isBounded ? this.#clamped(shifted, integerRange(32, true)) : shifted, up),
    );
  }

  #scale(a: LaneValue, n: LaneValue, sign: 1 | -1): LaneValue {
    return this.#keep(f32.mul(real(a), this.#context.preamble.keep(powerOfTwo(constantOf(n), sign))));
  }

  bitwise(operation: 'and' | 'or' | 'xor', a: LaneValue, b: LaneValue): LaneValue {
    return this.#keep(i32[operation](integer(a), integer(b)));
  }

  countOnes(a: LaneValue): LaneValue {
    return this.#keep(i32.popcnt(integer(a)));
  }

  minimum(a: LaneValue, b: LaneValue): LaneValue {
    return this.#keep(this.#context.isReal ? f32.min(real(a), real(b)) : min(integer(a), integer(b)));
  }

  maximum(a: LaneValue, b: LaneValue): LaneValue {
    return this.#keep(this.#context.isReal ? f32.max(real(a), real(b)) : max(integer(a), integer(b)));
  }

  clamp(a: LaneValue, low: LaneValue, high: LaneValue): LaneValue {
    if (!this.#context.isReal) return this.minimum(this.maximum(a, low), high);
    // A value that compares neither below nor above stays itself.
    const raised = this.#keep(select(f32.lt(real(a), real(low)), real(low), real(a)));
    return this.#keep(select(f32.gt(real(raised), real(high)), real(high), real(raised)));
  }

  compare(comparison: Comparison, unsigned: boolean, a: LaneValue, b: LaneValue): LaneValue {
    const range = { low: 0, high: 1 };
    if (a.isReal || b.isReal) return this.#keep(f32[comparison](real(a), real(b)), range);
    const isSigned = comparison !== 'eq' && comparison !== 'ne';
    const name = isSigned ? (`${comparison}_${unsigned ? 'u' : 's'}` as const) : comparison;
    return this.#keep(i32[name](integer(a), integer(b)), range);
  }

  select(condition: LaneValue, a: LaneValue, b: LaneValue): LaneValue {
    return this.#keep(select(integer(condition), a.local, b.local));
  }

  draw(n: LaneValue): LaneValue {
    return this.#keep(this.#draw(constantOf(n)));
  }

  /** max(0, n) random bits, after a step of the generator. Two shifts, since a shift by 32 would be none. */
  #draw(n: Constant): Value<'i32'> {
    const { preamble } = this.#context;
    const unused = preamble.keep(i32.sub(31, shiftPart(n, 'right', preamble).value()));
    return this.#step().shiftRight(1).shiftRight(unused);
  }
}

const integer = ({ local }: LaneValue): Value<'i32'> => local.as('i32');
const real = ({ local }: LaneValue): Value<'f32'> => local.as('f32');
const wide = (value: LaneValue): Value<'i64'> => i64.extend_i32_s(integer(value));

/** The range of an exact sum, difference or product; undefined where an operand's is not known. */
function exactRange(
  operation: 'add' | 'sub' | 'mul',
  a: ValueRange | undefined,
  b: ValueRange | undefined,
): ValueRange | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (operation === 'add') return { low: a.low + b.low, high: a.high + b.high };
  if (operation === 'sub') return { low: a.low - b.high, high: a.high - b.low };
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return { low: Math.min(...corners), high: Math.max(...corners) };
}
