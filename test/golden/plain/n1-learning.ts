// Learning of Catalyst N1 (../n1.md, section 4): an interpreter of its words.

/** The sixteen registers when a program has ended, what it stored, and the words that it ran. */
export interface N1Learnt {
  weight?: number;
  eligibility?: number;
  delay?: number;
  tag?: number;
  readonly words: number;
}

export const s16 = (x: number): number => (x << 16) >> 16;

/**
 * Runs a program from an address.
 *
 * @throws Error if it does not end
 */
export function runWords(
  words: Readonly<Record<string, string>>,
  start: number,
  initial: readonly number[],
  lfsr: number,
): N1Learnt {
  const r = Array.from({ length: 16 }, (_, i) => initial[i] ?? 0);
  const stored: Omit<N1Learnt, 'words'> = {};
  let ran = 0;
  for (let pc = start; pc < 256; pc++) {
    const word = Number.parseInt(words[pc] ?? '0', 16);
    const [op = 0, d = 0, i = 0, j = 0] = [28, 24, 20, 16].map((low) => (word >>> low) & 15);
    const shift = (word >>> 13) & 7;
    const [a = 0, b = 0] = [r[i], r[j]];
    ran += 1;
    switch (op) {
      case 1:
        r[d] = s16(a + b);
        break;
      case 2:
        r[d] = s16(a - b);
        break;
      case 3:
        r[d] = s16((a * b) >> shift);
        break;
      case 4:
        r[d] = s16(a >> shift);
        break;
      case 5:
        r[d] = s16(a << shift);
        break;
      case 6:
        r[d] = Math.max(a, b);
        break;
      case 7:
        r[d] = Math.min(a, b);
        break;
      case 8:
        r[d] = s16(word);
        break;
      case 9:
        stored.weight = s16((r[5] ?? 0) + (lfsr & 1));
        break;
      case 10:
        stored.eligibility = r[8] ?? 0;
        break;
      case 11:
        if (a === 0) pc += 1;
        break;
      case 12:
        if (a !== 0) pc += 1;
        break;
      case 13:
        return { ...stored, words: ran };
      case 14:
        stored.delay = (r[6] ?? 0) & 63;
        break;
      case 15:
        stored.tag = r[7] ?? 0;
        break;
      default:
        break;
    }
  }
  throw new Error(`the program at ${start} does not end`);
}
