// The lanes' generators from their specification, in BigInt: independent of src/random.

const word = 0xffffffffn;

/** murmur3's fmix32. */
function fmix32(value: bigint): bigint {
  let h = value & word;
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) & word;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & word;
  return h ^ (h >> 16n);
}

/** `s ^= s << 13; s ^= s >>> 17; s ^= s << 5` */
function step(state: bigint): bigint {
  let s = state;
  s ^= (s << 13n) & word;
  s ^= s >> 17n;
  s ^= (s << 5n) & word;
  return s;
}

/** The words that a lane draws first: seed `mix(mix(seed) + 0x9E3779B9 * (1 + lane))`, zero becomes one. */
export function laneWords(seed: number, lane: number, count: number): number[] {
  const first = fmix32(fmix32(BigInt(seed)) + 0x9e3779b9n * BigInt(1 + lane));
  let state = first === 0n ? 1n : first;
  return Array.from({ length: count }, () => {
    state = step(state);
    return Number(state);
  });
}

/** The n top bits of a word. */
export const draw = (randomWord: number, bits: number): number =>
  Number(BigInt(randomWord) >> BigInt(32 - bits));
