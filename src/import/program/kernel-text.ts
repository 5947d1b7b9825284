import { tableOf } from '../../text/index.ts';
import type { Leak } from '../quantise/quantise.ts';

/** A kernel with the values of its parameters and the fields of its constants. */
export interface WrittenKernel {
  readonly over: 'row' | 'neurons';
  /** Without its name: kernels with equal bodies are one. */
  readonly body: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly constants: Readonly<Record<string, Constant>>;
}

/** One number for each neuron. A factor has no sign if none is negative; other numbers always have one. */
interface Constant {
  readonly values: Int32Array;
  readonly isFactor: boolean;
}

/** A line whose registers have symbolic names: `%` and a number. */
interface Line {
  readonly operation: string;
  readonly operands: readonly string[];
}

/** Sums of accumulators up to this width stay within the datapath; wider ones saturate there. */
const safeAccumulatorBits = 30;

/** Writes the body of a kernel, line by line. Values have symbolic names; registers are assigned at the end. */
export class KernelWriter {
  readonly #lines: Line[] = [];
  readonly #last: Line[] = [];
  readonly #parameters = tableOf<number>();
  readonly #constants = tableOf<Constant>();
  readonly #over: WrittenKernel['over'];
  readonly #saturates: string;
  #values = 0;

  /** @param accumulatorBits of the potentials and currents that it adds up */
  constructor(accumulatorBits: number, over: WrittenKernel['over'] = 'neurons') {
    this.#over = over;
    this.#saturates = accumulatorBits > safeAccumulatorBits ? '.s' : '';
  }

  line(operation: string, ...operands: readonly (string | number)[]): void {
    this.#lines.push({ operation, operands: operands.map(String) });
  }

  /** A line that computes a new value. */
  value(operation: string, ...operands: readonly (string | number)[]): string {
    const name = `%${this.#values}`;
    this.#values += 1;
    this.line(operation, name, ...operands);
    return name;
  }

  /** The sum or difference of a potential or current and a value that may be as large. */
  sum(operation: 'add' | 'sub', a: string, b: string): string {
    return this.value(`${operation}${this.#saturates}`, a, b);
  }

  load(field: string): string {
    return this.value('ld', field);
  }

  /** Stores come last: no field is loaded after it was stored. */
  store(value: string, field: string): void {
    this.#last.push({ operation: 'st', operands: [value, field] });
  }

  /** Emits after all stores. */
  emit(...operands: readonly string[]): void {
    this.#last.push({ operation: 'emit', operands });
  }

  /** A parameter if all neurons have the same number, else a field. */
  constant(name: string, values: Int32Array, isFactor = false): string {
    const [first = 0] = values;
    if (values.every((value) => value === first)) {
      this.#parameters[name] = first;
      return `#${name}`;
    }
    this.#constants[name] = { values, isFactor };
    return this.load(`self.${name}`);
  }

  /** A constant that multiplies. */
  factor(name: string, values: Int32Array): string {
    return this.constant(name, values, true);
  }

  parameter(name: string, value: number): string {
    this.#parameters[name] = value;
    return `#${name}`;
  }

  /** A register after the decay and the constant input of a step; `prefix` names its parameters. */
  decayed(register: string, leak: Leak, drive: Int32Array, prefix: string): string {
    const named = (name: string) => (prefix === '' ? name : `${prefix}_${name}`);
    const added = drive.some((value) => value !== 0) ? this.constant(named('drive'), drive) : undefined;
    if (leak.is === 'nothing') {
      if (added === undefined) return this.value('ldi', 0);
      return added.startsWith('#') ? this.value('ldi', added) : added;
    }
    let left = register;
    if (leak.is === 'shift') {
      const lost = this.value('sra.rn', register, this.parameter(named('leak'), leak.shift));
      left = this.sum('sub', register, lost);
    } else if (leak.is === 'product') {
      const factor = this.factor(named('kept'), leak.factors);
      left = this.value('mulsra.rn', register, factor, leak.bits);
    }
    return added === undefined ? left : this.sum('add', left, added);
  }

  written(): WrittenKernel {
    const lines = [...this.#lines, ...this.#last];
    return {
      over: this.#over,
      body: inRegisters(lines)
        .map(({ operation, operands }) => `  ${operation.padEnd(9)} ${operands.join(', ')}`)
        .join('\n'),
      parameters: this.#parameters,
      constants: this.#constants,
    };
  }
}

/** Assigns a register to each value, from its computation to its last use. */
function inRegisters(lines: readonly Line[]): Line[] {
  const lastUse = new Map<string, number>();
  for (const [at, { operands }] of lines.entries())
    for (const operand of operands) if (operand.startsWith('%')) lastUse.set(operand, at);
  const registers = new Map<string, number>();
  return lines.map(({ operation, operands }, at) => {
    const named = (operand: string) => (operand.startsWith('%') ? `r${registers.get(operand)}` : operand);
    const [first = '', ...others] = operands;
    const used = others.map(named);
    // The last use of a value frees its register for the result.
    const free = () => {
      for (const [value, last] of lastUse) if (last <= at) registers.delete(value);
    };
    if (registers.has(first)) {
      const result = named(first);
      free();
      return { operation, operands: [result, ...used] };
    }
    const own = lastUse.get(first);
    for (const value of others) if (lastUse.get(value) === at) registers.delete(value);
    if (own === undefined) return { operation, operands: [first, ...used] };
    const taken = new Set(registers.values());
    let register = 0;
    while (taken.has(register)) register += 1;
    registers.set(first, register);
    return { operation, operands: [named(first), ...used] };
  });
}
