import { ByteWriter } from './bytes.ts';
import { instructions } from './instructions.ts';
import type { ValueType } from './types.ts';
import type { Local, Value, Writer } from './value.ts';

/**
 * Code inserted at an earlier place in the function: values that later code turns out to need, such as vectors of
 * constants for a loop. Each value is computed once; values with the same code are the same.
 */
export class Preamble {
  /** Where in the function's code it is inserted. */
  readonly at: number;
  readonly code = new ByteWriter();
  readonly #f: Writer;
  readonly #known = new Map<string, Local>();

  constructor(f: Writer, at: number) {
    this.#f = f;
    this.at = at;
  }

  /** The variable that holds a value. Its code may use only constants, memory, and values of this preamble. */
  keep<T extends ValueType>(value: Value<T>): Local<T> {
    const bytes = this.#f.apart(() => value.writeTo(this.#f)).written();
    const key = `${value.type} ${bytes.join()}`;
    const known = this.#known.get(key);
    // The key starts with the type.
    if (known !== undefined) return known as Local<T>;
    const local = this.#f.local(value.type);
    this.#known.set(key, local);
    this.code.raw(bytes);
    this.code.raw(instructions['local.set'].code);
    this.code.u32(local.index);
    return local;
  }
}
