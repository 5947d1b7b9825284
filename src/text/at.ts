/** The item of a list at an index that must exist. A wrong index is a fault of the program and must be noticed. */
export function at<T>(values: ArrayLike<T | undefined>, index: number): T {
  const value = values[index];
  if (value === undefined) throw outside(values, index);
  return value;
}

/** The index of the largest of numbers, the first of equals; at least one must exist. */
export function indexOfLargest(values: ArrayLike<number>): number {
  at(values, 0);
  let best = 0;
  for (let index = 1; index < values.length; index++) if (at(values, index) > at(values, best)) best = index;
  return best;
}

/** The value of a key that must exist. */
export function known<K, V>(values: ReadonlyMap<K, V>, key: K): V {
  const value = values.get(key);
  if (value === undefined) throw new Error(`nothing is known of ${String(key)}`);
  return value;
}

/** Adds to the count at an index that must exist. */
export function addAt(counts: number[] | Int32Array | Float64Array, index: number, more: number): void {
  const before = counts[index];
  if (before === undefined) throw outside(counts, index);
  counts[index] = before + more;
}

/*
 * The same for what is read in every lane of a tile, or for every packet. They are functions of their own because the
 * JavaScript engine inlines an access that sees one or two types of arrays, and no other.
 */

/** {@link at} for registers. */
export function inLane(values: Int32Array | Float32Array, lane: number): number {
  const value = values[lane];
  if (value === undefined) throw outside(values, lane);
  return value;
}

/** {@link at} for times, counts, and numbers of packets, cores and links. */
export function numberAt(values: readonly number[] | Int32Array | Float64Array, index: number): number {
  const value = values[index];
  if (value === undefined) throw outside(values, index);
  return value;
}

/** {@link at} for flags: of active lanes, of open gates, of neurons that spiked. */
export function isSet(flags: Uint8Array, index: number): boolean {
  const flag = flags[index];
  if (flag === undefined) throw outside(flags, index);
  return flag !== 0;
}

/** {@link at} for words of random bits, states of generators, and places on a mesh. */
export function wordAt(words: Int16Array | Uint16Array | Uint32Array, index: number): number {
  const word = words[index];
  if (word === undefined) throw outside(words, index);
  return word;
}

/** The index in each dimension that corresponds to a flat index. */
export function unravelIndex(flat: number, shape: readonly number[]): number[] {
  const found: number[] = [];
  let rest = flat;
  for (const length of shape.toReversed()) {
    found.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return found;
}

function outside({ length }: ArrayLike<unknown>, index: number): Error {
  return new Error(`index ${index} is outside a list of ${length}`);
}
