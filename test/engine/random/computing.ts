import type { HwModel } from '../../../src/hardware/index.ts';
import { type NumberKind, type Operation, operationNamed } from '../../../src/isa/index.ts';
import { conditionalSum } from './conditional.ts';
import type { Dice } from './dice.ts';
import { type ConstantDice, exactRange, fittedRange, type Source } from './operands.ts';
import type { Registers } from './registers.ts';

const attempts = 4;
const forms = ['', '.s', '.w'];

/** Operations that came to the instruction set when random programs already named faults by their seeds. */
export const isNew = ({ mnemonic }: Operation): boolean =>
  ['srav', 'mulsra.s', 'mulsra.w'].includes(mnemonic);

/** Writes the instructions of a kernel that compute: registers and constants in, a register out. */
export class Computing {
  readonly #dice: Dice;
  readonly #hw: HwModel;
  readonly #constants: ConstantDice;
  readonly #registers: Registers;
  readonly #operations: readonly Operation[];
  /** The kernel's text, to which it adds. */
  readonly #lines: string[];

  constructor(
    dice: Dice,
    hw: HwModel,
    constants: ConstantDice,
    registers: Registers,
    operations: readonly Operation[],
    lines: string[],
  ) {
    this.#dice = dice;
    this.#hw = hw;
    this.#constants = constants;
    this.#registers = registers;
    this.#operations = operations;
    this.#lines = lines;
  }

  /** A sum that is taken under a condition, as a select counts its operands only where it takes them. */
  computeConditionally(): void {
    this.#lines.push(...conditionalSum(this.#dice, this.#registers, this.#constants, this.#hw));
  }

  /** Adds an operation, in the form asked for or, where its result might leave the datapath, in another one. */
  compute(operation: Operation): void {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const base = operation.mnemonic.replace(/\.[sw]$/, '');
      const hasForms = this.#operations.some(({ mnemonic }) => mnemonic === `${base}.w`);
      const form = hasForms && attempt > 1 ? `${base}${this.#dice.pick(forms)}` : operation.mnemonic;
      if (this.#tryToCompute(operationNamed(form))) return;
    }
  }

  #tryToCompute(operation: Operation): boolean {
    const { effect, kinds, operands, mnemonic } = operation;
    if (effect.does !== 'compute') return false;
    const letters = new Map<string, NumberKind>();
    const kindOf = (index: number): NumberKind | undefined => {
      const pattern = kinds[index] ?? '-';
      if (pattern === '-') return undefined;
      const known = letters.get(pattern) ?? this.#dice.pick(kindsOf[pattern] ?? []);
      letters.set(pattern, known);
      return known;
    };
    const isFloat = this.#hw.arithmetic === 'float32' && [...kinds.keys()].some((i) => kindOf(i) === 'real');
    const sources: Source[] = [];
    for (let index = 1; index < operands.length; index++) {
      const kind = kindOf(index);
      const source =
        kind === undefined
          ? this.#constants.amount(mnemonic)
          : this.#source(kind, operands[index] ?? 'value', isFloat);
      if (source === undefined) return false;
      sources.push(source);
    }
    const [, low, high] = mnemonic === 'clip' ? sources : [];
    if (low !== undefined && high !== undefined && low.most > high.least) return false;
    const isKnown = !isFloat || kinds[0] === 'flag';
    const exact = exactRange(effect, sources);
    const range = isKnown ? fittedRange(exact, effect.overflow, this.#hw) : undefined;
    if (isKnown && range === undefined) return false;
    const register = this.#registers.target();
    this.#lines.push(`${mnemonic} r${register}, ${sources.map(({ text }) => text).join(', ')}`);
    this.#registers.define({
      register,
      kind: kindOf(0) ?? 'integer',
      range,
      isUniform: !operation.draws && sources.every(({ isUniform }) => isUniform),
      isOfTile: !operation.draws && sources.every(({ isUniform, isOfTile = false }) => isUniform || isOfTile),
      isOfRow: operation.draws || sources.some(({ isOfRow = false }) => isOfRow),
    });
    return true;
  }

  #source(kind: NumberKind, shape: string, isFloat: boolean): Source | undefined {
    const fitting = this.#registers.held.filter((held) => held.kind === kind);
    const wantsRegister = shape === 'register' || (shape === 'value' && this.#dice.chance(0.75));
    if (wantsRegister && fitting.length > 0) {
      const recent = fitting.slice(this.#dice.chance(0.6) ? -2 : 0);
      const { register, range, isUniform, isOfTile, isOfRow = true } = this.#dice.pick(recent);
      const extent = { isUniform, isOfTile, isOfRow };
      return { text: `r${register}`, range, ...extent, least: -Infinity, most: Infinity };
    }
    return shape === 'register' ? undefined : this.#constants.constant(kind, isFloat);
  }
}

const kindsOf: Readonly<Record<string, readonly NumberKind[]>> = {
  N: ['real', 'real', 'integer'],
  A: ['real', 'integer', 'flag'],
  B: ['integer', 'flag'],
  integer: ['integer'],
  flag: ['flag'],
};
