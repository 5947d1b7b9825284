import type { ImageOperand } from '../../../../image/index.ts';
import { findDefinitions, interval } from '../../../../isa/index.ts';
import type { FunctionBuilder, Local } from '../../builder/index.ts';
import type { Value } from '../ops/index.ts';
import type { KernelFrame } from './kernel-frame.ts';

/** The values of a kernel's lines, by the line that computes them: a register that is written twice holds two. */
export class LineValues {
  readonly #frame: KernelFrame;
  readonly #values = new Map<number, Value>();
  /** By columns: the values of lines that do not differ from row to row, by vector of the tile. */
  readonly #ofColumns: Map<number, Value>[] = [];
  readonly #definitions: readonly ReadonlyMap<number, number>[];

  constructor(frame: KernelFrame) {
    this.#frame = frame;
    this.#definitions = findDefinitions(frame.kernel.code);
  }

  /** The line that has computed what a register holds at a line; -1 for none. */
  definition(line: number, register: number): number {
    return this.#definitions[line]?.get(register) ?? -1;
  }

  set(line: number, value: Value): void {
    this.#values.set(line, value);
  }

  /** What a line has put into a variable: an integer of the line's range, or a real. */
  setLocal(line: number, local: Local, isReal = false): void {
    const range = this.#frame.mode.ranges[line];
    this.set(line, { local, isReal, isMask: false, range, constant: undefined });
  }

  /** By columns: keeps a line's value for the vector of the tile that is under way. */
  keepForColumns(line: number): void {
    const value = this.#values.get(line);
    if (value === undefined) return;
    const values = this.#ofColumns[this.#frame.unroll] ?? new Map<number, Value>();
    this.#ofColumns[this.#frame.unroll] = values;
    values.set(line, value);
    this.#values.delete(line);
  }

  /** What stands for an operand that an instruction does not have. */
  missing(): Value {
    return { local: this.#frame.pre, isReal: false, isMask: false, range: undefined, constant: undefined };
  }

  /** The value of an operand at a line. */
  of(line: number, operand: ImageOperand | undefined, isReal: boolean): Value {
    if (operand?.is === 'register') {
      const definition = this.definition(line, operand.register);
      const value = this.#values.get(definition) ?? this.#ofColumns[this.#frame.unroll]?.get(definition);
      if (value === undefined) throw new Error(`r${operand.register} has no value`);
      return value;
    }
    if (operand?.is === 'number') {
      const { value } = operand;
      return this.#constant(`${value}`, value, value, isReal, (f) => f.i32.const(value));
    }
    if (operand?.is !== 'parameter') throw new Error('an operand that is no value');
    const values = this.#frame.context.image.parameters[operand.parameter]?.values ?? [0];
    const address = this.#frame.context.map.parameters + 4 * operand.parameter;
    return this.#constant(`#${operand.parameter}`, Math.min(...values), Math.max(...values), isReal, (f) => {
      f.i32.const(0);
      f.i32.load(address);
    });
  }

  #constant(
    key: string,
    low: number,
    high: number,
    isReal: boolean,
    put: (f: FunctionBuilder) => void,
  ): Value {
    const constant = { low, high, key, put };
    const range = isReal ? undefined : interval(low, high);
    const mode = this.#frame.mode.mode;
    if (mode === 'scalar' && !isReal) {
      return { local: this.#frame.constants.scalar(constant), isReal, isMask: false, range, constant };
    }
    const type = mode === 'scalar' ? 'f32' : 'v128';
    const local = this.#frame.constants.get(`${isReal ? 'real' : 'lanes'} ${key}`, type, ({ f }) => {
      put(f);
      if (isReal) f.f32.convert_i32_s();
      if (mode === 'scalar') return;
      if (isReal) f.f32x4.splat();
      else (mode === 'vector16' ? f.i16x8 : f.i32x4).splat();
    });
    return { local, isReal, isMask: false, range, constant };
  }
}
