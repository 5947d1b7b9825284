import { type Field, fieldRange } from '../../image/index.ts';
import {
  type Comparison,
  clampedBetween,
  corners,
  integerRange,
  join,
  type LaneCode,
  maxShift,
  type ValueRange,
  valueRange,
} from '../../isa/index.ts';
import { signedBits } from '../plan/widths.ts';
import { signedLiteral } from './verilog.ts';

type Overflow = Parameters<LaneCode<never>['negate']>[0];
type Rounding = Parameters<LaneCode<never>['shiftRight']>[0];

/** A signed value in a lane: the name of a wire, or a literal, of as many bits as its range takes. */
export interface Wire {
  readonly text: string;
  readonly range: ValueRange;
  /** Its values in the intervals of the schedule, if it is a constant or a parameter. */
  readonly values?: readonly number[] | undefined;
}

const register = integerRange(32, true);

/**
 * Operations as Verilog: each step of an operation is a wire of its own, wide enough for its exact result. The table of
 * operations lowers itself to these, as it does for the fast engine.
 */
export class LaneText implements LaneCode<Wire> {
  readonly lines: string[] = [];
  readonly #datapath: ValueRange;
  readonly #datapathBits: number;
  #prefix = '';
  #count = 0;
  /** The name of the new word of the lane's generator, for the operation that draws. */
  random = '';

  constructor(datapathBits: number) {
    this.#datapathBits = datapathBits;
    this.#datapath = integerRange(datapathBits, true);
  }

  /** The wires of the following operations are numbered below a name. */
  begin(prefix: string): void {
    this.#prefix = prefix;
    this.#count = 0;
  }

  /** A value as a signed expression of so many bits. Some tools read `-8'(x)` as a cast to -8 bits. */
  as({ text, range, values }: Wire, bits: number): string {
    const own = signedBits(range);
    if (values?.every((value) => value === values[0]) === true && contains(bits, range))
      return signedLiteral(values[0] ?? 0, bits);
    if (own === bits) return text;
    return `${bits}'(${text})`;
  }

  /** The expression of whether a value is not zero. */
  isSet(value: Wire): string {
    const bits = signedBits(value.range);
    return `(${this.as(value, bits)} != ${signedLiteral(0, bits)})`;
  }

  /** A wire of the value of an expression, which has the bits of the range. */
  wire(range: ValueRange, expression: (bits: number) => string): Wire {
    const bits = signedBits(range);
    this.#count += 1;
    const text = `${this.#prefix}_${this.#count}`;
    this.lines.push(`wire signed [${bits - 1}:0] ${text} = ${expression(bits)};`);
    return { text, range };
  }

  constant(n: number): Wire {
    return { text: signedLiteral(n, signedBits(valueRange(n, n))), range: valueRange(n, n), values: [n] };
  }

  arithmetic(operation: 'add' | 'sub' | 'mul', overflow: Overflow, a: Wire, b: Wire): Wire {
    const exact = {
      add: (x: number, y: number) => x + y,
      sub: (x: number, y: number) => x - y,
      mul: (x: number, y: number) => x * y,
    }[operation];
    const sign = { add: '+', sub: '-', mul: '*' }[operation];
    const range = corners(exact, a.range, b.range);
    return this.#fittedToDatapath(
      overflow,
      this.wire(range, (bits) => `${this.as(a, bits)} ${sign} ${this.as(b, bits)}`),
    );
  }

  absolute(overflow: Overflow, a: Wire): Wire {
    const most = Math.max(Math.abs(a.range.low), Math.abs(a.range.high));
    return this.#fittedToDatapath(
      overflow,
      this.wire(valueRange(Math.min(0, a.range.low), most), (bits) => {
        const value = this.as(a, bits);
        return `${value} < ${signedLiteral(0, bits)} ? -(${value}) : ${value}`;
      }),
    );
  }

  negate(overflow: Overflow, a: Wire): Wire {
    const range = valueRange(-a.range.high, -a.range.low);
    return this.#fittedToDatapath(
      overflow,
      this.wire(join(range, a.range), (bits) => `-(${this.as(a, bits)})`),
    );
  }

  shiftLeft(overflow: Overflow, a: Wire, n: Wire): Wire {
    return this.#fittedToDatapath(
      overflow,
      this.#byAmount(n, (amount) => this.#shiftedLeft(a, amount)),
    );
  }

  shiftRight(rounding: Rounding, a: Wire, n: Wire, unsigned: boolean): Wire {
    const value = unsigned ? this.#unsigned(a) : a;
    const shifted = this.#shifted(rounding, value, n);
    if (shifted.range.high <= register.high && shifted.range.low >= register.low) return shifted;
    return this.wire(register, (bits) => this.as(shifted, bits));
  }

  shiftRightBy(a: Wire, n: Wire): Wire {
    const amount = this.within(n, valueRange(0, maxShift));
    const range = corners((x, by) => Math.floor(x / 2 ** by), a.range, amount.range);
    const shifted = `${this.as(a, signedBits(a.range))} >>> ${this.as(amount, signedBits(amount.range))}`;
    return this.wire(range, (bits) => `${bits}'(${shifted})`);
  }

  shiftProduct(overflow: Overflow, rounding: Rounding, a: Wire, b: Wire, n: Wire): Wire {
    const product = this.wire(
      corners((x, y) => x * y, a.range, b.range),
      (bits) => `${this.as(a, bits)} * ${this.as(b, bits)}`,
    );
    return this.#fittedToDatapath(overflow, this.#shifted(rounding, product, n));
  }

  /** Shifts to the right by an amount, which the schedule or the kernel may change. */
  #shifted(rounding: Rounding, a: Wire, n: Wire): Wire {
    const amounts = [...new Set(n.values ?? [])];
    if (rounding !== 'stochastic' || amounts.length < 2 || amounts.some((amount) => amount <= 0))
      return this.#byAmount(n, (amount) => this.#rounded(rounding, a, amount));
    // One adder for all: the value is aligned to the largest amount. Bits of the draw that are below the value's lowest
    // one carry nothing into it.
    const most = Math.max(...amounts);
    const aligned = this.#byAmount(n, (amount) => this.#shiftedLeft(a, most - amount));
    return this.#rounded(rounding, aligned, most);
  }

  bitwise(operation: 'and' | 'or' | 'xor', a: Wire, b: Wire): Wire {
    const bits = Math.max(signedBits(a.range), signedBits(b.range));
    const sign = { and: '&', or: '|', xor: '^' }[operation];
    return this.wire(integerRange(bits, true), () => `${this.as(a, bits)} ${sign} ${this.as(b, bits)}`);
  }

  countOnes(a: Wire): Wire {
    return this.wire(valueRange(0, 32), () => `$signed({1'b0, count_ones(${this.as(a, 32)})})`);
  }

  floor(a: Wire): Wire {
    return a;
  }

  real(a: Wire): Wire {
    return a;
  }

  minimum(a: Wire, b: Wire): Wire {
    return this.#chosen('<', a, b);
  }

  maximum(a: Wire, b: Wire): Wire {
    return this.#chosen('>', a, b);
  }

  #chosen(sign: string, a: Wire, b: Wire): Wire {
    return this.wire(
      join(a.range, b.range),
      (bits) => `${this.as(a, bits)} ${sign} ${this.as(b, bits)} ? ${this.as(a, bits)} : ${this.as(b, bits)}`,
    );
  }

  clamp(a: Wire, low: Wire, high: Wire): Wire {
    const wide = Math.max(...[a, low, high].map(({ range }) => signedBits(range)));
    const [value, least, most] = [a, low, high].map((wire) => this.as(wire, wide));
    const isBelow = isPastBound(a, low, 'below') ?? `${value} < ${least}`;
    const isAbove = isPastBound(a, high, 'above') ?? `${value} > ${most}`;
    return this.wire(
      clampedBetween(low.range, high.range, a.range),
      (bits) =>
        `${isBelow} ? ${this.as(low, bits)} : ${isAbove} ? ${this.as(high, bits)} : ${this.as(a, bits)}`,
    );
  }

  compare(comparison: Comparison, unsigned: boolean, a: Wire, b: Wire): Wire {
    const sign = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' }[comparison];
    const [x, y] = unsigned ? [this.#unsigned(a), this.#unsigned(b)] : [a, b];
    const bits = Math.max(signedBits(x.range), signedBits(y.range));
    return this.wire(
      valueRange(0, 1),
      () => `$signed({1'b0, ${this.as(x, bits)} ${sign} ${this.as(y, bits)}})`,
    );
  }

  select(condition: Wire, a: Wire, b: Wire): Wire {
    return this.wire(
      join(a.range, b.range),
      (bits) => `${this.isSet(condition)} ? ${this.as(a, bits)} : ${this.as(b, bits)}`,
    );
  }

  draw(n: Wire): Wire {
    return this.#byAmount(n, (amount) => this.#drawn(amount));
  }

  /** Clamps a value to a range. */
  within(a: Wire, { low, high }: ValueRange): Wire {
    if (a.range.low >= low && a.range.high <= high) return a;
    return this.clamp(a, this.constant(low), this.constant(high));
  }

  /** The low bits of a value, with a sign or without. */
  wrapped(a: Wire, bits: number, signed: boolean): Wire {
    const range = integerRange(bits, signed);
    if (a.range.low >= range.low && a.range.high <= range.high) return a;
    const kept = `${bits}'(${this.as(a, Math.max(bits, signedBits(a.range)))})`;
    return this.wire(range, () => (signed ? kept : `$signed({1'b0, ${kept}})`));
  }

  /** A value as a store makes it fit a field. */
  fitted(value: Wire, field: Field): Wire {
    return field.overflow === 'wrap'
      ? this.wrapped(value, field.bits, field.signed)
      : this.within(value, fieldRange(field));
  }

  /** The inference weight of a shadow weight: its low bits rounded to nearest, then clamped. */
  view(shadow: Wire, { view, bits }: Field): Wire {
    const rounded = this.shiftRight('nearest', shadow, this.constant(view?.droppedBits ?? 0), false);
    return this.within(rounded, fieldRange({ bits, signed: true, overflow: 'saturate' }));
  }

  #fittedToDatapath(overflow: Overflow, exact: Wire): Wire {
    if (overflow === 'saturate') return this.within(exact, this.#datapath);
    return overflow === 'wrap' ? this.wrapped(exact, this.#datapathBits, true) : exact;
  }

  /** The 32 bits of a register, read as an unsigned number. */
  #unsigned(a: Wire): Wire {
    if (a.range.low >= 0) return a;
    return this.wire(valueRange(0, 2 ** 32 - 1), () => `$signed({1'b0, ${this.as(a, 32)}})`);
  }

  #drawn(amount: number): Wire {
    if (amount <= 0) return this.constant(0);
    return this.wire(
      valueRange(0, 2 ** amount - 1),
      () => `$signed({1'b0, ${this.random}[31:${32 - amount}]})`,
    );
  }

  #shiftedLeft(a: Wire, amount: number): Wire {
    if (amount === 0) return a;
    const range = valueRange(a.range.low * 2 ** amount, a.range.high * 2 ** amount);
    return this.wire(range, (bits) => `${this.as(a, bits)} <<< ${amount}`);
  }

  #rounded(rounding: Rounding, a: Wire, amount: number): Wire {
    if (amount <= 0) return this.#shiftedLeft(a, -amount);
    const half = 2 ** (amount - 1);
    const rest = 2 ** amount - 1;
    const addend = {
      floor: () => undefined,
      nearest: () => this.constant(half),
      up: () => this.constant(rest),
      zero: () =>
        a.range.low >= 0
          ? undefined
          : this.select(
              this.compare('lt', false, a, this.constant(0)),
              this.constant(rest),
              this.constant(0),
            ),
      stochastic: () => this.#drawn(amount),
    }[rounding]();
    const sum =
      addend === undefined
        ? a
        : this.wire(
            valueRange(a.range.low + addend.range.low, a.range.high + addend.range.high),
            (bits) => `${this.as(a, bits)} + ${this.as(addend, bits)}`,
          );
    const { low, high } = sum.range;
    const range = valueRange(Math.floor(low / 2 ** amount), Math.floor(high / 2 ** amount));
    return this.wire(range, (bits) => `${bits}'(${this.as(sum, signedBits(sum.range))} >>> ${amount})`);
  }

  /** An operation whose amount is a constant; where the schedule changes it, one for each of its values. */
  #byAmount(n: Wire, make: (amount: number) => Wire): Wire {
    const values = n.values ?? [];
    const distinct = [...new Set(values)];
    const made = distinct.map((amount) => make(amount));
    const [first] = made;
    if (first === undefined) throw new Error('an amount that is no constant');
    if (made.length === 1) return first;
    const bits = signedBits(n.range);
    return made.slice(1).reduce((others, wire, index) => {
      const amount = signedLiteral(distinct[index + 1] ?? 0, bits);
      return this.wire(
        join(others.range, wire.range),
        (width) => `${n.text} == ${amount} ? ${this.as(wire, width)} : ${this.as(others, width)}`,
      );
    }, first);
  }
}

function contains(bits: number, range: ValueRange): boolean {
  return signedBits(range) <= bits;
}

/**
 * Whether a value is past a bound that fits a number of bits exactly, as fields and registers have them: its highest
 * bits tell, without the carry chain of a comparison. Undefined for other bounds.
 */
function isPastBound(
  { text, range, values }: Wire,
  bound: Wire,
  side: 'below' | 'above',
): string | undefined {
  const limit = bound.values?.[0];
  const isConstant = bound.range.low === bound.range.high;
  if (limit === undefined || !isConstant || values !== undefined || !/^[A-Za-z_]\w*$/.test(text))
    return undefined;
  const sign = signedBits(range) - 1;
  if (side === 'above' ? range.high <= limit : range.low >= limit) return "1'b0";
  // Bits from this one on are equal to the sign in what does not pass the bound.
  const first = Math.log2(side === 'above' ? limit + 1 : Math.ceil(-limit / 2) * 2);
  if (!Number.isInteger(first) || first < 1 || first >= sign) return undefined;
  const upper = `${text}[${sign - 1}:${first}]`;
  if (side === 'above') return `(~${text}[${sign}] & |${upper})`;
  // A range that is symmetric leaves out the least number.
  const isSymmetric = limit % 2 !== 0;
  const least = isSymmetric ? ` | ~|${text}[${first - 1}:0]` : '';
  return `(${text}[${sign}] & (~&${upper}${least}))`;
}
