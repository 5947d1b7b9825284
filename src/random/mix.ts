/** 2^32 over the golden ratio: odd, and its multiples spread evenly over 32 bits. */
export const goldenRatio = 0x9e3779b9;

/** murmur3's fmix32 (A. Appleby, MurmurHash3.cpp): a bijection of 32-bit words; the result is unsigned. */
export function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
