import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../src/wasm/bytes.ts';

function written(write: (bytes: ByteWriter) => void): number[] {
  const bytes = new ByteWriter();
  write(bytes);
  return [...bytes.written()];
}

/** LEB128 from its definition, in whole numbers: seven bits per byte, the lowest first. */
function decode(bytes: readonly number[], signed: boolean): bigint {
  let value = 0n;
  for (const [place, byte] of bytes.entries()) {
    value += BigInt(byte & 0x7f) << BigInt(7 * place);
    expect(byte >= 0x80).toBe(place < bytes.length - 1);
  }
  return signed ? BigInt.asIntN(7 * bytes.length, value) : value;
}

/** The fewest bytes whose seven bits each hold the value. */
function fewestBytes(value: bigint, signed: boolean): number {
  for (let count = 1; ; count++) {
    const bits = 7 * count;
    if ((signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) === value) return count;
  }
}

describe('LEB128', () => {
  it('writes the examples of the DWARF specification', () => {
    // DWARF Debugging Information Format 4, figures 22 and 23 (section 7.6).
    expect(written((bytes) => bytes.u32(2))).toEqual([2]);
    expect(written((bytes) => bytes.u32(127))).toEqual([127]);
    expect(written((bytes) => bytes.u32(128))).toEqual([0x80, 1]);
    expect(written((bytes) => bytes.u32(12857))).toEqual([0x39 + 0x80, 100]);
    expect(written((bytes) => bytes.s32(-2))).toEqual([0x7e]);
    expect(written((bytes) => bytes.s32(127))).toEqual([127 + 0x80, 0]);
    expect(written((bytes) => bytes.s32(-127))).toEqual([1 + 0x80, 0x7f]);
    expect(written((bytes) => bytes.s32(-129))).toEqual([0x7f + 0x80, 0x7e]);
    expect(written((bytes) => bytes.s64(-128n))).toEqual([0x80, 0x7f]);
  });

  const edges = (bits: number, signed: boolean) =>
    fc.oneof(
      fc.bigInt({
        min: signed ? -(2n ** BigInt(bits - 1)) : 0n,
        max: 2n ** BigInt(signed ? bits - 1 : bits) - 1n,
      }),
      // Around each power of two, where the number of bytes changes.
      fc
        .tuple(fc.integer({ min: 0, max: bits - 2 }), fc.integer({ min: -1, max: 1 }), fc.boolean())
        .map(([power, step, negative]) => {
          const value = (negative && signed ? -1n : 1n) * 2n ** BigInt(power) + BigInt(step);
          return value < 0n && !signed ? 0n : value;
        }),
    );

  it.each([
    { name: 'u32', bits: 32, signed: false },
    { name: 's32', bits: 32, signed: true },
    { name: 's64', bits: 64, signed: true },
  ] as const)('$name is read back and is as short as can be', ({ name, bits, signed }) => {
    fc.assert(
      fc.property(edges(bits, signed), (value) => {
        const bytes = written((writer) => (name === 's64' ? writer.s64(value) : writer[name](Number(value))));
        expect(decode(bytes, signed)).toBe(value);
        expect(bytes.length).toBe(fewestBytes(value, signed));
      }),
      { numRuns: 500 },
    );
  });

  it('wraps the upper half of unsigned numbers where a signed one is written', () => {
    expect(written((bytes) => bytes.s32(0xffffffff))).toEqual([0x7f]);
    expect(written((bytes) => bytes.s64(2n ** 64n - 2n))).toEqual([0x7e]);
  });

  it.each([
    ['u32', -1],
    ['u32', 2 ** 32],
    ['u32', 1.5],
    ['u32', Number.NaN],
    ['s32', 2 ** 32],
    ['s32', -(2 ** 31) - 1],
    ['s32', 0.5],
  ] as const)('%s refuses %d', (name, value) => {
    expect(() => new ByteWriter()[name](value)).toThrow(`found ${value}`);
  });

  it('s64 refuses what 64 bits do not hold', () => {
    expect(() => new ByteWriter().s64(2n ** 64n)).toThrow('expected an integer in -2^63 .. 2^64 - 1');
  });
});

describe('other formats', () => {
  it('writes floats in little-endian IEEE 754', () => {
    expect(written((bytes) => bytes.f32(-1.5))).toEqual([0, 0, 0xc0, 0xbf]);
    expect(written((bytes) => bytes.f64(-1.5))).toEqual([0, 0, 0, 0, 0, 0, 0xf8, 0xbf]);
  });

  it('writes a name as its length in bytes and UTF-8', () => {
    expect(written((bytes) => bytes.name('µs'))).toEqual([3, 0xc2, 0xb5, 0x73]);
  });

  it('keeps everything while it grows', () => {
    const bytes = new ByteWriter();
    for (let index = 0; index < 3000; index++) bytes.byte(index & 0xff);
    bytes.f32(2);
    expect(bytes.length).toBe(3004);
    expect(bytes.written().every((byte, index) => index >= 3000 || byte === (index & 0xff))).toBe(true);
  });
});
