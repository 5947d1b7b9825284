/** The first place where the result of a replay differs from what the trace expects. */
export interface Divergence {
  /** When: `sample 1 (class 3, learning), step 4`, or an event or operation of a chip. */
  readonly when: string;
  /** The value that differs: `spikes of hidden, position 7`. */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  /** Further facts, one per line: the surroundings, how many values differ. */
  readonly context: readonly string[];
}

/** A divergence without its moment and its surroundings. */
export type Mismatch = Pick<Divergence, 'what' | 'expected' | 'found'>;

export function divergence(when: string, mismatch: Mismatch): Divergence {
  return { when, context: [], ...mismatch };
}

/** Two numbers that differ. One that is not stated is not compared; one that was not found is NaN. */
export function numberMismatch(what: string, want?: number, have?: number): Mismatch | undefined {
  if (want === undefined || have === undefined || want === have) return undefined;
  return { what, expected: String(want), found: Number.isNaN(have) ? 'nothing' : String(have) };
}

/** Numbers by what they count. */
export type NamedCounts = readonly (readonly [what: string, count: number])[];

/** The first of some counts that differs, in the order in which the trace states them. */
export function countsMismatch(want: NamedCounts, have: NamedCounts): Mismatch | undefined {
  const found = new Map(have);
  for (const [what, count] of want) {
    const mismatch = numberMismatch(what, count, found.get(what) ?? Number.NaN);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

/** The words of banks that were read and written. */
export function wordsOfBanks(
  banks: readonly { readonly name: string; readonly wordsRead: number; readonly wordsWritten: number }[] = [],
): NamedCounts {
  return banks.flatMap(({ name, wordsRead, wordsWritten }) => [
    [`words read of bank ${name}`, wordsRead],
    [`words written of bank ${name}`, wordsWritten],
  ]);
}

/** A divergence in words: one line, followed by its context. */
export function describeDivergence({ when, what, expected, found, context }: Divergence): string {
  const lines = [
    `${when}: ${what}: expected ${expected}, found ${found}`,
    ...context.map((line) => `  ${line}`),
  ];
  return lines.join('\n');
}

/** The first difference between two lists, with the item of each. A list that has ended has `undefined`. */
interface FirstDifference<Item> {
  readonly at: number;
  readonly want: Item | undefined;
  readonly have: Item | undefined;
}

/** The first index at which two lists differ. Items that are lists are compared item by item. */
export function firstDifference<Item extends number | string | readonly (number | string | null)[]>(
  want: readonly Item[],
  have: readonly Item[],
): FirstDifference<Item> | undefined {
  const length = Math.max(want.length, have.length);
  for (let at = 0; at < length; at++) {
    if (want[at] === have[at] || String(want[at]) === String(have[at])) continue;
    return { at, want: want[at], have: have[at] };
  }
  return undefined;
}
