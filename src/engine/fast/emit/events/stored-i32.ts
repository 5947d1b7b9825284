import { type I32, i32, type Statement, type Value } from '../../../../wasm/index.ts';

/** An i32 at a fixed address of the linear memory. */
export class StoredI32 {
  readonly #address: number;

  constructor(address: number) {
    this.#address = address;
  }

  value(): Value<'i32'> {
    return i32.load(0, this.#address);
  }

  set(value: I32): Statement {
    return i32.store(0, value, this.#address);
  }

  add(amount: number): Statement {
    return this.set(this.value().plus(amount));
  }
}
