/** Reads the number formats of the binary format (WebAssembly core specification 2.0, section 5.2). */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #next = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#next >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#next++];
    if (byte === undefined) throw new RangeError('the module ends within a section');
    return byte;
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

  f32(): { readonly value: number; readonly bits: number } {
    const view = new DataView(this.raw(4).slice().buffer);
    return { value: view.getFloat32(0, true), bits: view.getUint32(0, true) };
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
