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

  f64(): { readonly value: number; readonly bits: bigint } {
    const view = new DataView(this.raw(8).slice().buffer);
    return { value: view.getFloat64(0, true), bits: view.getBigUint64(0, true) };
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

const utf8 = new TextEncoder();

/**
 * The bytes of a WebAssembly module under construction: a buffer that doubles when full, and the number formats of the
 * binary format (WebAssembly core specification 2.0, section 5.2).
 */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Number of bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** One byte: the low 8 bits of `value`. */
  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Raw bytes. */
  raw(bytes: ArrayLike<number>): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Unsigned LEB128 of an integer in 0 .. 2^32 - 1. */
  u32(value: number): void {
    if (value >>> 0 !== value) throw new RangeError(`expected an integer in 0 .. 2^32 - 1, found ${value}`);
    let rest = value;
    while (rest >= 0x80 || rest < 0) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Signed LEB128 of 32 bits, given as an integer in -2^31 .. 2^32 - 1 (its upper half wraps). */
  s32(value: number): void {
    let rest = value | 0;
    if (rest !== value && value >>> 0 !== value) {
      throw new RangeError(`expected an integer in -2^31 .. 2^32 - 1, found ${value}`);
    }
    while (rest < -0x40 || rest >= 0x40) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  /** Signed LEB128 of 64 bits, given as an integer in -2^63 .. 2^64 - 1 (its upper half wraps). */
  s64(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    if (rest !== value && BigInt.asUintN(64, value) !== value) {
      throw new RangeError(`expected an integer in -2^63 .. 2^64 - 1, found ${value}`);
    }
    while (rest < -0x40n || rest >= 0x40n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest & 0x7fn));
  }

  /** IEEE 754 binary32, little-endian, rounded to nearest. */
  f32(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  /** IEEE 754 binary64, little-endian. */
  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A string as its length in bytes and its UTF-8. */
  name(text: string): void {
    const bytes = utf8.encode(text);
    this.u32(bytes.length);
    this.raw(bytes);
  }

  /** The contents of another writer, preceded by their length. */
  sized(content: ByteWriter): void {
    this.u32(content.length);
    this.raw(content.written());
  }

  /** A view of the bytes written so far; it stays valid until the next write. */
  written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.written());
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
