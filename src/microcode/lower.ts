import {
  type BoundKernel,
  fieldRange,
  type ImageInstruction,
  type ImageOperand,
  type RangedProgram,
  rangesOfKernel,
} from '../image/index.ts';
import {
  type Comparison,
  contains,
  corners,
  forward,
  integerRange,
  type LaneCode,
  operationNamed,
  type Rounding,
  type ValueRange,
  valueRange,
} from '../isa/index.ts';
import type { PipelineView } from '../schedule/index.ts';
import { at } from '../text/index.ts';
import { fused } from './fuse.ts';
import {
  type Access,
  type LoweredKernel,
  type MicroOperation,
  numberIn,
  type Saturation,
  saturationBetween,
  saturationOf,
  type ValueSource,
} from './operation.ts';
import { refuseLine } from './refuse.ts';

/** The parts of a program on which its microcode depends. */
export type MicrocodeView = PipelineView & RangedProgram;

const zero: ValueSource = { is: 'scalar', scalar: { is: 'number', value: 0 } };
const registerBits = 32;

/**
 * A kernel as operations of the core's words. What only moves takes none; loads, stores, spikes and sums ride on the
 * operations that compute; a product that is only shifted is one operation with its shift.
 *
 * @throws PlasticoreError `fit` with the kernel and the line that no word does
 */
export function lowerKernel(kernel: BoundKernel, program: MicrocodeView): LoweredKernel {
  const lowering = new Lowering(kernel, program);
  forward<ImageInstruction, ValueSource | undefined>(kernel.code, ({ line, instruction, sources }) =>
    lowering.line(
      line,
      instruction,
      sources.map(({ operand, fact }) => fact ?? lowering.operand(operand)),
    ),
  );
  return fused(lowering.operations, lowering.loads);
}

type Operands = readonly (ValueSource | undefined)[];

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

/** Lowers a kernel line by line; the table of operations lowers itself to the words of a lane. */
class Lowering implements LaneCode<ValueSource> {
  readonly operations: MicroOperation[] = [];
  readonly loads: (Access & { line: number })[] = [];
  readonly #kernel: BoundKernel;
  readonly #program: MicrocodeView;
  readonly #ranges: ReturnType<typeof rangesOfKernel>;
  readonly #stored = new Set<number>();
  /** The line that is lowered. */
  #line = 0;

  constructor(kernel: BoundKernel, program: MicrocodeView) {
    this.#kernel = kernel;
    this.#program = program;
    this.#ranges = rangesOfKernel(kernel, program);
  }

  /** An operand that no line has computed. */
  operand(operand: ImageOperand): ValueSource | undefined {
    switch (operand.is) {
      case 'number':
      case 'parameter':
      case 'host':
      case 'event':
      case 'payload':
        return { is: 'scalar', scalar: operand };
      case 'index':
        return { is: operand.role === 'pre' ? 'row' : 'index' };
      case 'register':
        // Before it is written, a register holds what another run has left: the engines have zero there.
        return zero;
      case 'field':
      case 'generator':
        return undefined;
    }
  }

  /** The result of a line, after its operations have been added. */
  line(line: number, instruction: ImageInstruction, operands: Operands): ValueSource | undefined {
    const { mnemonic, arithmetic } = instruction;
    this.#line = line;
    if (arithmetic === 'real') this.#refuse('computes with floats');
    const { effect } = operationNamed(mnemonic);
    switch (effect.does) {
      case 'compute':
        return effect.lower(this, taken(operands[0]), taken(operands[1]), taken(operands[2]));
      case 'load':
        if (effect.at === true) this.#refuse('names positions of a field');
        return this.#load(instruction, operands, effect.predicated);
      case 'store':
        if (effect.at === true) this.#refuse('names positions of a field');
        if (effect.predicated) this.#refuse('stores in some tiles only');
        this.#store(instruction, operands);
        return undefined;
      case 'emit':
        if (effect.sends) this.#refuse('sends a value with its spikes');
        this.#add({ does: 'pass', a: taken(operands[0]), emits: true });
        return undefined;
      case 'reduce':
        if (effect.joins !== 'sum') this.#refuse('takes the largest value of a row');
        this.#add({ does: 'pass', a: taken(operands[0]), sum: this.#named(instruction, 1) });
        return undefined;
      default:
        return this.#refuse('is no operation of a lane');
    }
  }

  #refuse(what: string): never {
    return refuseLine(this.#kernel, this.#line, what);
  }

  #add(given: Pick<MicroOperation, 'does' | 'a'> & Partial<MicroOperation>): ValueSource {
    this.operations.push({
      line: this.#line,
      b: undefined,
      predicate: undefined,
      invert: false,
      unsigned: false,
      amount: undefined,
      rounding: 'floor',
      ofRandom: false,
      fit: undefined,
      store: undefined,
      emits: false,
      sum: undefined,
      ...given,
    });
    return { is: 'result', operation: this.operations.length - 1 };
  }

  constant(value: number): ValueSource {
    return { is: 'scalar', scalar: { is: 'number', value } };
  }

  floor(a: ValueSource): ValueSource {
    return a;
  }

  real(a: ValueSource): ValueSource {
    return a;
  }

  arithmetic(does: 'add' | 'sub' | 'mul', overflow: Overflow, a: ValueSource, b: ValueSource): ValueSource {
    const fit = this.#fitOf(overflow);
    if (does !== 'mul') return this.#add({ does, a, b, fit });
    if (overflow !== 'wrap') this.#checkProduct();
    return this.#add({ does: 'shift', a, b, amount: { is: 'number', value: 0 }, fit });
  }

  absolute(overflow: Overflow, a: ValueSource): ValueSource {
    return this.#add({ does: 'abs', a, fit: this.#fitOf(overflow) });
  }

  negate(overflow: Overflow, a: ValueSource): ValueSource {
    return this.#add({ does: 'sub', a: zero, b: a, fit: this.#fitOf(overflow) });
  }

  minimum(a: ValueSource, b: ValueSource): ValueSource {
    return this.#add({ does: 'min', a, b });
  }

  maximum(a: ValueSource, b: ValueSource): ValueSource {
    return this.#add({ does: 'max', a, b });
  }

  clamp(a: ValueSource, low: ValueSource, high: ValueSource): ValueSource {
    const fit = saturationBetween(numberIn(low), numberIn(high));
    return fit === undefined ? this.minimum(this.maximum(a, low), high) : this.#add({ does: 'pass', a, fit });
  }

  bitwise(does: 'and' | 'or' | 'xor', a: ValueSource, b: ValueSource): ValueSource {
    return this.#add({ does, a, b });
  }

  compare(comparison: Comparison, unsigned: boolean, a: ValueSource, b: ValueSource): ValueSource {
    const [does, swaps, invert] = comparisons[comparison];
    return this.#add({ does, ...(swaps ? { a: b, b: a } : { a, b }), invert, unsigned });
  }

  /** A predicate is read from a register. */
  select(condition: ValueSource, a: ValueSource, b: ValueSource): ValueSource {
    const isKept = condition.is === 'result' || condition.is === 'load';
    const predicate = isKept ? condition : this.#add({ does: 'pass', a: condition });
    return this.#add({ does: 'select', a, b, predicate });
  }

  shiftLeft(overflow: Overflow, a: ValueSource, n: ValueSource): ValueSource {
    const fit = this.#fitOf(overflow);
    const { exact } = at(this.#ranges, this.#line);
    if (overflow !== 'wrap' && exact !== undefined) this.#checkHeld(exact, 'its result');
    const amount = this.#amount(n);
    if (amount.is === 'parameter') return this.#refuse('shifts to the left by a parameter');
    return this.#add({ does: 'shift', a, amount: { is: 'number', value: -amount.value }, fit });
  }

  shiftRight(rounding: Rounding, a: ValueSource, n: ValueSource, unsigned: boolean): ValueSource {
    return this.#add({ does: 'shift', a, amount: this.#amount(n), rounding, unsigned });
  }

  shiftProduct(...[overflow, rounding, a, b, n]: Parameters<LaneCode<ValueSource>['shiftProduct']>) {
    const fit = this.#fitOf(overflow);
    this.#checkProduct();
    return this.#add({ does: 'shift', a, b, amount: this.#amount(n), rounding, fit });
  }

  /** Shifts by none of its bits take the word of a lane, not that of a parameter. */
  draw(n: ValueSource): ValueSource {
    const bits = numberIn(n) ?? this.#refuse('draws as many bits as a parameter says');
    if (bits === 0) this.#refuse('draws no bits, and a lane’s shift has no such amount');
    const amount: Amount = { is: 'number', value: registerBits - bits };
    return this.#add({ does: 'shift', a: zero, amount, unsigned: true, ofRandom: true });
  }

  shiftRightBy(): never {
    return this.#refuse('is no operation of a lane');
  }

  countOnes(): never {
    return this.#refuse('is no operation of a lane');
  }

  /** The saturation of a result to the datapath. */
  #fitOf(overflow: Overflow): Saturation | undefined {
    const { datapathBits } = this.#program.core;
    if (overflow === 'wrap' && datapathBits < registerBits)
      this.#refuse(`wraps at ${datapathBits} bits; lanes have ${registerBits}`);
    return overflow === 'saturate' ? { to: 'signed', bits: datapathBits } : undefined;
  }

  #amount(source: ValueSource): NonNullable<Amount> {
    if (source.is !== 'scalar' || (source.scalar.is !== 'number' && source.scalar.is !== 'parameter'))
      return this.#refuse('shifts by an amount of each item');
    return source.scalar;
  }

  /** A lane multiplies to 32 bits. */
  #checkProduct(): void {
    const [a, b] = at(this.#ranges, this.#line).operands;
    if (a === undefined || b === undefined) return;
    this.#checkHeld(
      corners((x, y) => x * y, a, b),
      'its product',
    );
  }

  #checkHeld(range: ValueRange, what: string): void {
    if (!contains(integerRange(registerBits, true), range))
      this.#refuse(`${what} may be ${range.low} to ${range.high}; a lane holds ${registerBits} bits`);
  }

  #named({ operands }: ImageInstruction, index: number): Access {
    const operand = operands[index];
    if (operand?.is !== 'field') throw new Error('no field');
    return { field: operand.field, role: operand.role };
  }

  #load(instruction: ImageInstruction, operands: Operands, isPredicated: boolean): ValueSource {
    const [, source] = instruction.operands;
    const loaded = source?.is === 'field' ? this.#loaded(this.#named(instruction, 1)) : taken(operands[0]);
    if (!isPredicated) return loaded;
    return this.select(taken(operands[1]), loaded, zero);
  }

  #loaded({ field: index, role }: Access): ValueSource {
    const { view, layout, bits } = at(this.#program.fields, index);
    if (this.#stored.has(index)) this.#refuse('loads what an earlier line has stored');
    if (layout === undefined && view !== undefined) {
      const shadow = this.#loaded({ field: view.of, role });
      return view.droppedBits === 0 ? shadow : this.#viewed(shadow, view.droppedBits, bits);
    }
    const found = this.loads.findIndex((load) => load.field === index && load.role === role);
    if (found >= 0) return { is: 'load', load: found };
    this.loads.push({ field: index, role, line: this.#line });
    return { is: 'load', load: this.loads.length - 1 };
  }

  /** A weight that is a view of its shadow weight: rounded to nearest, then saturated. */
  #viewed(a: ValueSource, dropped: number, bits: number, store?: Access): ValueSource {
    const amount = { is: 'number', value: dropped } as const;
    const fit = { to: 'signed', bits } as const;
    return this.#add({ does: 'shift', a, amount, rounding: 'nearest', fit, store });
  }

  #store(instruction: ImageInstruction, operands: Operands): void {
    const store = this.#named(instruction, 1);
    const field = at(this.#program.fields, store.field);
    const range = at(this.#ranges, this.#line).operands[0];
    const isHeld =
      range !== undefined && contains(valueRange(fieldRange(field).low, fieldRange(field).high), range);
    const fit = isHeld || field.overflow === 'wrap' ? undefined : saturationOf(field);
    // Symmetric limits of one bit are 0 and 0; a lane makes them of the sign, and has -1.
    if (fit?.to === 'symmetric' && fit.bits === 1) this.#refuse('saturates one bit symmetrically');
    const stored = this.#add({ does: 'pass', a: taken(operands[0]), fit, store });
    this.#stored.add(store.field);
    if (field.storedView === undefined) return;
    if (field.overflow === 'wrap') this.#refuse('wraps, and its view is stored');
    const view = at(this.#program.fields, field.storedView);
    const dropped = view.view?.droppedBits ?? 0;
    this.#viewed(stored, dropped, view.bits, { field: field.storedView, role: store.role });
  }
}

function taken(source: ValueSource | undefined): ValueSource {
  return source ?? zero;
}
