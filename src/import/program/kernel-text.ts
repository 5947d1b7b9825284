import type { Leak } from '../quantise/index.ts';

/** A kernel with the values of its parameters, and the fields that it takes constants from. */
export interface WrittenKernel {
  /** Without its name: kernels of equal bodies are one. */
  readonly body: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** One number for each neuron. */
  readonly constants: Readonly<Record<string, Int32Array>>;
}

/** Writes the body of a kernel, line by line. */
export class KernelText {
  readonly #lines: string[] = [];
  readonly #stores: string[] = [];
  readonly #parameters: Record<string, number> = {};
  readonly #constants: Record<string, Int32Array> = {};
  #registers = 0;

  /** A register that is not in use. */
  fresh(): string {
    this.#registers += 1;
    return `r${this.#registers - 1}`;
  }

  line(operation: string, ...operands: readonly (string | number)[]): void {
    this.#lines.push(`  ${operation.padEnd(9)} ${operands.join(', ')}`);
  }

  /** A line that computes a new value. */
  value(operation: string, ...operands: readonly (string | number)[]): string {
    const register = this.fresh();
    this.line(operation, register, ...operands);
    return register;
  }

  load(field: string): string {
    return this.value('ld', field);
  }

  /** Stores come last: no field is loaded after it was stored. */
  store(register: string, field: string): void {
    this.#stores.push(`  ${'st'.padEnd(9)} ${register}, ${field}`);
  }

  /** A parameter if all neurons have the same number, else a field of theirs. */
  constant(name: string, values: Int32Array): string {
    const [first = 0] = values;
    if (values.every((value) => value === first)) {
      this.#parameters[name] = first;
      return `#${name}`;
    }
    this.#constants[name] = values;
    return this.load(`self.${name}`);
  }

  parameter(name: string, value: number): string {
    this.#parameters[name] = value;
    return `#${name}`;
  }

  /** What is left of a register after a step, and what is added in each: `prefix` names its parameters. */
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
      left = this.value('sub', register, lost);
    } else if (leak.is === 'product') {
      const factor = this.constant(named('kept'), leak.factors);
      left = this.value('mulsra.rn', register, factor, leak.bits);
    }
    return added === undefined ? left : this.value('add', left, added);
  }

  written(...last: readonly string[]): WrittenKernel {
    return {
      body: [...this.#lines, ...this.#stores, ...last].join('\n'),
      parameters: this.#parameters,
      constants: this.#constants,
    };
  }
}
