import {
  type Comparison,
  contains,
  corners,
  type InstructionRange,
  integerRange,
  type LaneCode,
  type Rounding,
  registerRange,
  type ValueRange,
} from '../isa/index.ts';
import { at } from '../text/index.ts';
import {
  type LineRefusal,
  type MicroOperation,
  numberIn,
  type Saturation,
  saturationBetween,
  type ValueSource,
} from './operation.ts';

export const zero: ValueSource = { is: 'scalar', scalar: { is: 'number', value: 0 } };
const registerBits = 32;

type Overflow = Parameters<LaneCode<never>['negate']>[0];
type Amount = MicroOperation['amount'];

/** The test of each comparison, whether it swaps the operands, and whether its flag is inverted. */
const comparisons: Readonly<
  Record<Comparison, readonly [test: 'less' | 'equal', swaps: boolean, inverts: boolean]>
> = {
  eq: ['equal', false, false],
  ne: ['equal', false, true],
  lt: ['less', false, false],
  ge: ['less', false, true],
  gt: ['less', true, false],
  le: ['less', true, true],
};

/** The operations of a kernel, added one after the other; the table of operations lowers itself to them. */
export class LaneLowering implements LaneCode<ValueSource> {
  readonly operations: MicroOperation[] = [];
  readonly refusals: LineRefusal[] = [];
  readonly #datapathBits: number;
  readonly #ranges: readonly InstructionRange[];
  /** The line whose operations are added, and whether it computes with floats. */
  #line = 0;
  #isOfFloats = false;

  /** @param ranges of the values of each line */
  constructor(datapathBits: number, ranges: readonly InstructionRange[]) {
    this.#datapathBits = datapathBits;
    this.#ranges = ranges;
  }

  begin(line: number, isOfFloats: boolean): void {
    this.#line = line;
    this.#isOfFloats = isOfFloats;
    if (isOfFloats) this.refuse('computes with floats');
  }

  /** The ranges of the line's operands. */
  get operands(): readonly (ValueRange | undefined)[] {
    return at(this.#ranges, this.#line).operands;
  }

  refuse(what: string): void {
    this.refusals.push({ line: this.#line, what });
  }

  add(given: Pick<MicroOperation, 'does' | 'a'> & Partial<MicroOperation>): ValueSource {
    this.operations.push({
      line: this.#line,
      b: undefined,
      predicate: undefined,
      invert: false,
      unsigned: false,
      amount: undefined,
      rounding: 'floor',
      ofRandom: false,
      takesLong: this.#isOfFloats,
      mayWrap: false,
      fit: undefined,
      store: undefined,
      emits: false,
      sends: false,
      sum: undefined,
      ...given,
    });
    return { is: 'result', operation: this.operations.length - 1 };
  }

  constant(value: number): ValueSource {
    return { is: 'scalar', scalar: { is: 'number', value } };
  }

  floor(a: ValueSource): ValueSource {
    return this.#isOfFloats ? this.add({ does: 'pass', a }) : a;
  }

  real(a: ValueSource): ValueSource {
    return this.floor(a);
  }

  arithmetic(does: 'add' | 'sub' | 'mul', overflow: Overflow, a: ValueSource, b: ValueSource): ValueSource {
    const fit = this.#fitOf(overflow);
    if (does !== 'mul') return this.add({ does, a, b, fit, mayWrap: this.#mayWrap(overflow) });
    if (overflow !== 'wrap') this.#checkProduct();
    return this.add({ does: 'shift', a, b, amount: { is: 'number', value: 0 }, fit });
  }

  absolute(overflow: Overflow, a: ValueSource): ValueSource {
    return this.add({ does: 'abs', a, fit: this.#fitOf(overflow), mayWrap: this.#mayWrap(overflow) });
  }

  negate(overflow: Overflow, a: ValueSource): ValueSource {
    const fit = this.#fitOf(overflow);
    return this.add({ does: 'sub', a: zero, b: a, fit, mayWrap: this.#mayWrap(overflow) });
  }

  minimum(a: ValueSource, b: ValueSource): ValueSource {
    return this.add({ does: 'min', a, b });
  }

  maximum(a: ValueSource, b: ValueSource): ValueSource {
    return this.add({ does: 'max', a, b });
  }

  clamp(a: ValueSource, low: ValueSource, high: ValueSource): ValueSource {
    const fit = saturationBetween(numberIn(low), numberIn(high));
    return fit === undefined ? this.minimum(this.maximum(a, low), high) : this.add({ does: 'pass', a, fit });
  }

  bitwise(does: 'and' | 'or' | 'xor', a: ValueSource, b: ValueSource): ValueSource {
    return this.add({ does, a, b });
  }

  compare(comparison: Comparison, unsigned: boolean, a: ValueSource, b: ValueSource): ValueSource {
    const [does, swaps, invert] = comparisons[comparison];
    return this.add({ does, ...(swaps ? { a: b, b: a } : { a, b }), invert, unsigned });
  }

  select(condition: ValueSource, a: ValueSource, b: ValueSource): ValueSource {
    return this.add({ does: 'select', a, b, predicate: this.#predicate(condition) });
  }

  /** Spikes where a condition holds, with a value. */
  send(condition: ValueSource, a: ValueSource, fit: Saturation): ValueSource {
    const predicate = this.#predicate(condition);
    return this.add({ does: 'select', a, b: zero, predicate, fit, emits: true, sends: true });
  }

  /** A predicate is read from a register. */
  #predicate(condition: ValueSource): ValueSource {
    const isKept = condition.is === 'result' || condition.is === 'load';
    return isKept ? condition : this.add({ does: 'pass', a: condition });
  }

  shiftLeft(overflow: Overflow, a: ValueSource, n: ValueSource): ValueSource {
    const fit = this.#fitOf(overflow);
    const { exact } = at(this.#ranges, this.#line);
    if (overflow !== 'wrap' && exact !== undefined) this.#checkHeld(exact, 'its result');
    const amount = this.#amount(n);
    if (amount.is === 'parameter') this.refuse('shifts to the left by a parameter');
    const value = amount.is === 'parameter' ? 0 : -amount.value;
    return this.add({ does: 'shift', a, amount: { is: 'number', value }, fit });
  }

  shiftRight(rounding: Rounding, a: ValueSource, n: ValueSource, unsigned: boolean): ValueSource {
    return this.add({ does: 'shift', a, amount: this.#amount(n), rounding, unsigned });
  }

  shiftProduct(...[overflow, rounding, a, b, n]: Parameters<LaneCode<ValueSource>['shiftProduct']>) {
    const fit = this.#fitOf(overflow);
    this.#checkProduct();
    return this.add({ does: 'shift', a, b, amount: this.#amount(n), rounding, fit });
  }

  /** Shifts by none of its bits take the word of a lane, not that of a parameter. */
  draw(n: ValueSource): ValueSource {
    const bits = numberIn(n);
    if (bits === undefined) this.refuse('draws as many bits as a parameter says');
    if (bits === 0) this.refuse('draws no bits, and a lane’s shift has no such amount');
    const amount: Amount = { is: 'number', value: registerBits - (bits ?? 0) };
    return this.add({ does: 'shift', a: zero, amount, unsigned: true, ofRandom: true });
  }

  shiftRightBy(a: ValueSource, b: ValueSource): ValueSource {
    this.refuse('is no operation of a lane');
    return this.add({ does: 'shift', a, b });
  }

  countOnes(a: ValueSource): ValueSource {
    this.refuse('is no operation of a lane');
    return this.add({ does: 'shift', a });
  }

  /** The saturation of a result to the datapath. */
  #fitOf(overflow: Overflow): Saturation | undefined {
    const datapathBits = this.#datapathBits;
    if (overflow === 'wrap' && datapathBits < registerBits)
      this.refuse(`wraps at ${datapathBits} bits; lanes have ${registerBits}`);
    return overflow === 'saturate' ? { to: 'signed', bits: datapathBits } : undefined;
  }

  #mayWrap(overflow: Overflow): boolean {
    const { exact } = at(this.#ranges, this.#line);
    return overflow === 'wrap' && exact !== undefined && !contains(registerRange, exact);
  }

  #amount(source: ValueSource): NonNullable<Amount> {
    if (source.is === 'scalar' && (source.scalar.is === 'number' || source.scalar.is === 'parameter'))
      return source.scalar;
    this.refuse('shifts by an amount of each item');
    return { is: 'number', value: 0 };
  }

  /** A lane multiplies to 32 bits. */
  #checkProduct(): void {
    const [a, b] = this.operands;
    if (a === undefined || b === undefined) return;
    this.#checkHeld(
      corners((x, y) => x * y, a, b),
      'its product',
    );
  }

  #checkHeld(range: ValueRange, what: string): void {
    if (!contains(integerRange(registerBits, true), range))
      this.refuse(`${what} may be ${range.low} to ${range.high}; a lane holds ${registerBits} bits`);
  }
}
