import type { FunctionType, ValueType } from './types.ts';

/** A type on the operand stack; `unknown` stands for any type in unreachable code. */
export type Operand = ValueType | 'unknown';

/** A function's body, or a block in it, while it is open. */
export interface Frame {
  readonly kind: 'function' | 'block' | 'loop' | 'if' | 'else';
  readonly type: FunctionType;
  /** Size of the stack below the block's own operands. */
  readonly height: number;
  /** True after `br`, `return` and the like: any operand may then be taken. */
  unreachable: boolean;
}

/**
 * The types on the operand stack while code is emitted: the validation algorithm of the WebAssembly core specification
 * 2.0 (appendix, "Validation Algorithm"), run as code is written, so that a mistake shows where it is made.
 */
export class OperandStack {
  readonly #functionName: string;
  readonly #operands: Operand[] = [];
  readonly #frames: Frame[] = [];
  #frame: Frame;

  constructor(functionName: string, type: FunctionType) {
    this.#functionName = functionName;
    this.#frame = {
      kind: 'function',
      type: { params: [], results: type.results },
      height: 0,
      unreachable: false,
    };
    this.#frames.push(this.#frame);
  }

  /** The innermost open block. */
  get frame(): Frame {
    return this.#frame;
  }

  /** The type at `depth` below the top (0 is the top); `unknown` if the block has no such operand. */
  peek(depth: number): Operand {
    const index = this.#operands.length - 1 - depth;
    return index < this.#frame.height ? 'unknown' : (this.#operands[index] ?? 'unknown');
  }

  /** Takes `params` and pushes `results`. Throws if the stack does not hold `params` at its top. */
  apply(name: string, params: readonly Operand[], results: readonly Operand[]): void {
    const { height, unreachable } = this.#frame;
    const operands = this.#operands;
    const start = operands.length - params.length;
    const first = Math.max(start, height);
    if (first > start && !unreachable) this.#fail(name, params);
    for (let index = operands.length - 1; index >= first; index--) {
      const found = operands[index];
      const expected = params[index - start];
      if (found !== expected && found !== 'unknown' && expected !== 'unknown') this.#fail(name, params);
    }
    for (let count = operands.length - first; count > 0; count--) operands.pop();
    for (const result of results) operands.push(result);
  }

  /** Opens a block. Its parameters must be on the stack; they belong to the block from now on. */
  enter(name: string, kind: Frame['kind'], type: FunctionType): Frame {
    this.apply(name, type.params, []);
    this.#frame = { kind, type, height: this.#operands.length, unreachable: false };
    this.#frames.push(this.#frame);
    this.#operands.push(...type.params);
    return this.#frame;
  }

  /**
   * Closes and returns the innermost block, which must hold exactly its results. They are not pushed on the outer
   * stack, because an `else` may follow.
   */
  leave(name: string): Frame {
    const frame = this.#frame;
    const outer = this.#frames.at(-2);
    const { results } = frame.type;
    if (this.#operands.length - frame.height > results.length) this.#fail(name, results);
    this.apply(name, results, []);
    this.#frames.pop();
    if (outer) this.#frame = outer;
    return frame;
  }

  /** Pushes a closed block's results on the stack of the enclosing block. */
  push(types: readonly ValueType[]): void {
    this.#operands.push(...types);
  }

  /** Marks the rest of the block as unreachable. */
  unreachable(): void {
    this.#operands.length = this.#frame.height;
    this.#frame.unreachable = true;
  }

  /** How many blocks a branch to `frame` leaves besides its own; -1 if `frame` is not open. */
  depthOf(frame: Frame): number {
    const index = this.#frames.lastIndexOf(frame);
    return index < 0 ? -1 : this.#frames.length - 1 - index;
  }

  /** The open block that a branch of this depth targets. */
  frameAt(depth: number): Frame | undefined {
    return this.#frames[this.#frames.length - 1 - depth];
  }

  #fail(name: string, expected: readonly Operand[]): never {
    const found = this.#operands.slice(this.#frame.height);
    throw new Error(
      `${this.#functionName}: ${name} expects [${expected.join(' ')}] on the stack, ` +
        `found [${found.join(' ')}] in this ${this.#frame.kind}`,
    );
  }
}
