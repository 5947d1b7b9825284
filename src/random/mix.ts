/** 2^32 over the golden ratio: odd, and its multiples spread evenly over 32 bits. */
export const goldenRatio = 0x9e3779b9;

/** The two multipliers of {@link mix}. */
export const mixMultipliers = [0x85ebca6b, 0xc2b2ae35] as const;

/** murmur3's fmix32 (A. Appleby, MurmurHash3.cpp): a bijection of 32-bit words; the result is unsigned. */
export function mix(word: number): number {
  const [first, second] = mixMultipliers;
  let h = word;
  h = Math.imul(h ^ (h >>> 16), first);
  h = Math.imul(h ^ (h >>> 13), second);
  return (h ^ (h >>> 16)) >>> 0;
}
