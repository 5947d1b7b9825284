/** Reads the number formats of the binary format (WebAssembly core specification 2.0, section 5.2). */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #next = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#next >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#next++];
    if (byte === undefined) throw new RangeError('the module ends within a section');
    return byte;
  }

  /** Peeks at the next byte without consuming it. */
  peek(): number | undefined {
    return this.#bytes[this.#next];
  }

  raw(count: number): Uint8Array {
    this.#next += count;
    return this.#bytes.subarray(this.#next - count, this.#next);
  }

  u32(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** Signed LEB128 of up to 64 bits. */
  s64(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return byte & 0x40 ? value - (1n << (shift + 7n)) : value;
    }
  }

  f32(): { readonly value: number; readonly bits: bigint } {
    this.#next += 4;
    return {
      value: this.#view.getFloat32(this.#next - 4, true),
      bits: BigInt(this.#view.getUint32(this.#next - 4, true)),
    };
  }

  f64(): { readonly value: number; readonly bits: bigint } {
    this.#next += 8;
    return {
      value: this.#view.getFloat64(this.#next - 8, true),
      bits: this.#view.getBigUint64(this.#next - 8, true),
    };
  }

  name(): string {
    return new TextDecoder().decode(this.raw(this.u32()));
  }

  /** The bytes that follow their length. */
  sized(): ByteReader {
    return new ByteReader(this.raw(this.u32()));
  }

  list<T>(read: (reader: ByteReader) => T): T[] {
    return Array.from({ length: this.u32() }, () => read(this));
  }
}
