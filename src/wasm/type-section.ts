import { ByteWriter } from './bytes.ts';
import { type FunctionType, type ValueType, valueTypeCodes } from './types.ts';

/** The module's distinct function types, numbered in the order of first use. */
export class TypeSection {
  readonly #indices = new Map<string, number>();
  readonly #bytes = new ByteWriter();

  /** Number of distinct types. */
  get count(): number {
    return this.#indices.size;
  }

  /** The types in the binary format, without their count. */
  get bytes(): ByteWriter {
    return this.#bytes;
  }

  /** The index of a type, which is added if it is new. */
  indexOf(type: FunctionType): number {
    const key = `${type.params.join()}->${type.results.join()}`;
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const index = this.#indices.size;
    this.#indices.set(key, index);
    this.#bytes.byte(0x60);
    writeTypes(this.#bytes, type.params);
    writeTypes(this.#bytes, type.results);
    return index;
  }
}

function writeTypes(bytes: ByteWriter, types: readonly ValueType[]): void {
  bytes.u32(types.length);
  for (const type of types) bytes.byte(valueTypeCodes[type]);
}
