/** The value of every bit pattern of IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
let table: Float32Array | undefined;

/** Converts binary16 bit patterns to numbers. Every value is exact in float32. */
export function fromFloat16(patterns: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, pattern) => numberOf(pattern));
  const values = new Float32Array(patterns.length);
  for (let index = 0; index < patterns.length; index++) values[index] = table[patterns[index] ?? 0] ?? 0;
  return values;
}

function numberOf(pattern: number): number {
  const sign = pattern >>> 15 === 0 ? 1 : -1;
  const exponent = (pattern >>> 10) & 0x1f;
  const fraction = pattern & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // Below 2^-14, numbers are subnormal: they have no implicit leading one.
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 2 ** 10) * 2 ** (exponent - 15);
}
