import type { ToggleCount } from '../image/index.ts';
import { at } from '../text/index.ts';

/** Bits that were looked at, and those of them that toggled, while they are counted. */
export class Toggles implements ToggleCount {
  toggles = 0;
  bits = 0;

  add(toggles: number, bits: number): void {
    this.toggles += toggles;
    this.bits += bits;
  }
}

/** How many bits of 32 are set: sums of neighbouring pairs, of fours, of eights. */
export function bitsSet(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The lowest bits of a word, at most 32. */
export function lowBits(bits: number): number {
  return bits >= 32 ? -1 : (1 << bits) - 1;
}

/** At most 32 bits of a row of bits, from `bit` on. */
export function readBits(words: Uint32Array, bit: number, bits: number): number {
  const element = bit >>> 5;
  const shift = bit & 31;
  let found = at(words, element) >>> shift;
  if (shift + bits > 32) found |= at(words, element + 1) << (32 - shift);
  return found & lowBits(bits);
}

export function writeBits(words: Uint32Array, bit: number, bits: number, value: number): void {
  const element = bit >>> 5;
  const shift = bit & 31;
  const mask = lowBits(bits);
  words[element] = (at(words, element) & ~(mask << shift)) | ((value & mask) << shift);
  if (shift + bits <= 32) return;
  const rest = 32 - shift;
  words[element + 1] = (at(words, element + 1) & ~(mask >>> rest)) | ((value & mask) >>> rest);
}
