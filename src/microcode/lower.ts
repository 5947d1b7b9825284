import {
  type BoundKernel,
  fieldRange,
  type ImageInstruction,
  type ImageOperand,
  type RangedProgram,
  rangesOfKernel,
} from '../image/index.ts';
import {
  contains,
  corners,
  forward,
  integerRange,
  operationNamed,
  type Rounding,
  type ValueRange,
  valueRange,
} from '../isa/index.ts';
import type { PipelineView } from '../schedule/index.ts';
import { at } from '../text/index.ts';
import { fused } from './fuse.ts';
import type { Access, LoweredKernel, MicroOperation, Saturation, ValueSource } from './operation.ts';
import { refuseLine } from './refuse.ts';
import { numberIn, saturationBetween, saturationOf } from './saturation.ts';

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

/** The comparison of a mnemonic: which test, of which order of operands, inverted or not. */
const comparisons = new Map<
  string,
  readonly ['less' | 'equal', swaps: boolean, inverts: boolean, unsigned: boolean]
>([
  ['cmp.eq', ['equal', false, false, false]],
  ['cmp.ne', ['equal', false, true, false]],
  ['cmp.lt', ['less', false, false, false]],
  ['cmp.ge', ['less', false, true, false]],
  ['cmp.gt', ['less', true, false, false]],
  ['cmp.le', ['less', true, true, false]],
  ['cmp.ltu', ['less', false, false, true]],
  ['cmp.geu', ['less', false, true, true]],
]);
const roundings = new Map<string, Rounding>([
  ['rn', 'nearest'],
  ['ru', 'up'],
  ['rz', 'zero'],
  ['sr', 'stochastic'],
]);
const plain = ['add', 'sub', 'min', 'max', 'and', 'or', 'xor'] as const;

class Lowering {
  readonly operations: MicroOperation[] = [];
  readonly loads: (Access & { line: number })[] = [];
  readonly #kernel: BoundKernel;
  readonly #program: MicrocodeView;
  readonly #ranges: ReturnType<typeof rangesOfKernel>;
  readonly #stored = new Set<number>();

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
    const operation = operationNamed(mnemonic);
    if (arithmetic === 'real') this.#refuse(line, 'computes with floats');
    const { effect } = operation;
    switch (effect.does) {
      case 'compute':
        return this.#compute(line, instruction, operands, effect.overflow);
      case 'load':
        if (effect.at === true) this.#refuse(line, 'names positions of a field');
        return this.#load(line, instruction, operands, effect.predicated);
      case 'store':
        if (effect.at === true) this.#refuse(line, 'names positions of a field');
        if (effect.predicated) this.#refuse(line, 'stores in some tiles only');
        this.#store(line, instruction, operands);
        return undefined;
      case 'emit':
        if (effect.sends) this.#refuse(line, 'sends a value with its spikes');
        this.#add(line, { does: 'pass', a: taken(operands[0]), emits: true });
        return undefined;
      case 'reduce':
        if (effect.joins !== 'sum') this.#refuse(line, 'takes the largest value of a row');
        this.#add(line, { does: 'pass', a: taken(operands[0]), sum: this.#named(instruction, 1) });
        return undefined;
      default:
        return this.#refuse(line, 'is no operation of a lane');
    }
  }

  #refuse(line: number, what: string): never {
    return refuseLine(this.#kernel, line, what);
  }

  #add(line: number, given: Pick<MicroOperation, 'does' | 'a'> & Partial<MicroOperation>): ValueSource {
    this.operations.push({
      line,
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

  #compute(line: number, { mnemonic }: ImageInstruction, operands: Operands, overflow: string): ValueSource {
    const [a, b, c] = operands.map(taken);
    const [stem = '', suffix = ''] = mnemonic.split('.');
    const first = a ?? zero;
    if (stem === 'ldi' || stem === 'mov' || stem === 'floor' || stem === 'real') return first;
    const fit = this.#fitOf(line, overflow);
    const compared = comparisons.get(mnemonic);
    if (compared !== undefined) {
      const [does, swaps, invert, unsigned] = compared;
      const [left, right] = swaps ? [b ?? zero, first] : [first, b];
      return this.#add(line, { does, a: left, b: right, invert, unsigned });
    }
    const simple = plain.find((name) => name === stem);
    if (simple !== undefined) return this.#add(line, { does: simple, a: first, b, fit });
    switch (stem) {
      case 'neg':
        return this.#add(line, { does: 'sub', a: zero, b: first, fit });
      case 'abs':
        return this.#add(line, { does: 'abs', a: first, fit });
      case 'sel':
        return this.#add(line, {
          does: 'select',
          a: b ?? zero,
          b: c,
          predicate: this.#predicate(line, first),
        });
      case 'clip':
        return this.#clip(line, first, b ?? zero, c ?? zero);
      case 'mul':
        this.#checkProduct(line, overflow);
        return this.#add(line, { does: 'shift', a: first, b, amount: { is: 'number', value: 0 }, fit });
      case 'shl':
        this.#checkShifted(line, overflow);
        return this.#add(line, { does: 'shift', a: first, amount: this.#amount(line, b, true), fit });
      case 'sra':
      case 'shr':
        return this.#add(line, {
          does: 'shift',
          a: first,
          amount: this.#amount(line, b, false),
          rounding: roundings.get(suffix) ?? 'floor',
          unsigned: stem === 'shr',
        });
      case 'mulsra':
        this.#checkProduct(line, 'proven');
        return this.#add(line, {
          does: 'shift',
          a: first,
          b,
          amount: this.#amount(line, c, false),
          rounding: roundings.get(suffix) ?? 'floor',
          fit: suffix === 's' ? fit : undefined,
        });
      case 'rnd':
        return this.#add(line, {
          does: 'shift',
          a: zero,
          amount: { is: 'number', value: registerBits - this.#constant(line, a) },
          unsigned: true,
          ofRandom: true,
        });
      default:
        return this.#refuse(line, 'is no operation of a lane');
    }
  }

  /** The saturation of a result to the datapath. */
  #fitOf(line: number, overflow: string): Saturation | undefined {
    const { datapathBits } = this.#program.core;
    if (overflow === 'wrap' && datapathBits < registerBits)
      this.#refuse(line, `wraps at ${datapathBits} bits; lanes have ${registerBits}`);
    return overflow === 'saturate' ? { to: 'signed', bits: datapathBits } : undefined;
  }

  #clip(line: number, a: ValueSource, low: ValueSource, high: ValueSource): ValueSource {
    const range = [low, high].map(numberIn);
    const fit = saturationBetween(range[0], range[1]);
    if (fit !== undefined) return this.#add(line, { does: 'pass', a, fit });
    const least = this.#add(line, { does: 'max', a, b: low });
    return this.#add(line, { does: 'min', a: least, b: high });
  }

  /** A predicate is read from a register. */
  #predicate(line: number, source: ValueSource): ValueSource {
    return source.is === 'result' || source.is === 'load'
      ? source
      : this.#add(line, { does: 'pass', a: source });
  }

  /** Shifts by none of its bits take the word of a lane, not that of a parameter. */
  #constant(line: number, source: ValueSource | undefined): number {
    const value = numberIn(source);
    if (value === 0) this.#refuse(line, 'draws no bits, and a lane’s shift has no such amount');
    return value ?? this.#refuse(line, 'draws as many bits as a parameter says');
  }

  #amount(line: number, source: ValueSource | undefined, isLeft: boolean): MicroOperation['amount'] {
    if (source?.is !== 'scalar' || (source.scalar.is !== 'number' && source.scalar.is !== 'parameter'))
      return this.#refuse(line, 'shifts by an amount of each item');
    const { scalar } = source;
    if (!isLeft) return scalar;
    if (scalar.is === 'parameter') return this.#refuse(line, 'shifts to the left by a parameter');
    return { is: 'number', value: -scalar.value };
  }

  /** A lane multiplies to 32 bits. */
  #checkProduct(line: number, overflow: string): void {
    if (overflow === 'wrap') return;
    const [a, b] = at(this.#ranges, line).operands;
    if (a === undefined || b === undefined) return;
    this.#checkHeld(
      line,
      corners((x, y) => x * y, a, b),
      'its product',
    );
  }

  #checkShifted(line: number, overflow: string): void {
    const { exact } = at(this.#ranges, line);
    if (overflow !== 'wrap' && exact !== undefined) this.#checkHeld(line, exact, 'its result');
  }

  #checkHeld(line: number, range: ValueRange, what: string): void {
    if (!contains(integerRange(registerBits, true), range))
      this.#refuse(line, `${what} may be ${range.low} to ${range.high}; a lane holds ${registerBits} bits`);
  }

  #named({ operands }: ImageInstruction, index: number): Access {
    const operand = operands[index];
    if (operand?.is !== 'field') throw new Error('no field');
    return { field: operand.field, role: operand.role };
  }

  #load(line: number, instruction: ImageInstruction, operands: Operands, isPredicated: boolean): ValueSource {
    const [, source] = instruction.operands;
    const loaded =
      source?.is === 'field' ? this.#loaded(line, this.#named(instruction, 1)) : taken(operands[0]);
    if (!isPredicated) return loaded;
    const predicate = this.#predicate(line, taken(operands[1]));
    return this.#add(line, { does: 'select', a: loaded, b: zero, predicate });
  }

  #loaded(line: number, { field: index, role }: Access): ValueSource {
    const { view, layout, bits } = at(this.#program.fields, index);
    if (this.#stored.has(index)) this.#refuse(line, 'loads what an earlier line has stored');
    if (layout === undefined && view !== undefined) {
      const shadow = this.#loaded(line, { field: view.of, role });
      return view.droppedBits === 0 ? shadow : this.#viewed(line, shadow, view.droppedBits, bits);
    }
    const found = this.loads.findIndex((load) => load.field === index && load.role === role);
    if (found >= 0) return { is: 'load', load: found };
    this.loads.push({ field: index, role, line });
    return { is: 'load', load: this.loads.length - 1 };
  }

  /** A weight that is a view of its shadow weight: rounded to nearest, then saturated. */
  #viewed(line: number, a: ValueSource, dropped: number, bits: number, store?: Access): ValueSource {
    const amount = { is: 'number', value: dropped } as const;
    const fit = { to: 'signed', bits } as const;
    return this.#add(line, { does: 'shift', a, amount, rounding: 'nearest', fit, store });
  }

  #store(line: number, instruction: ImageInstruction, operands: Operands): void {
    const store = this.#named(instruction, 1);
    const field = at(this.#program.fields, store.field);
    const range = at(this.#ranges, line).operands[0];
    const isHeld =
      range !== undefined && contains(valueRange(fieldRange(field).low, fieldRange(field).high), range);
    const fit = isHeld || field.overflow === 'wrap' ? undefined : saturationOf(field);
    // Symmetric limits of one bit are 0 and 0; a lane makes them of the sign, and has -1.
    if (fit?.to === 'symmetric' && fit.bits === 1) this.#refuse(line, 'saturates one bit symmetrically');
    const stored = this.#add(line, { does: 'pass', a: taken(operands[0]), fit, store });
    this.#stored.add(store.field);
    if (field.storedView === undefined) return;
    if (field.overflow === 'wrap') this.#refuse(line, 'wraps, and its view is stored');
    const view = at(this.#program.fields, field.storedView);
    const dropped = view.view?.droppedBits ?? 0;
    this.#viewed(line, stored, dropped, view.bits, { field: field.storedView, role: store.role });
  }
}

function taken(source: ValueSource | undefined): ValueSource {
  return source ?? zero;
}
