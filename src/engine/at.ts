/**
 * The item of a list at an index that must exist. A wrong index is a fault of the engine and must not go unnoticed.
 */
export function at<T>(values: ArrayLike<T | undefined>, index: number): T {
  const value = values[index];
  if (value === undefined) throw outside(values, index);
  return value;
}

/** The value of a key that must exist. */
export function known<K, V>(values: ReadonlyMap<K, V>, key: K): V {
  const value = values.get(key);
  if (value === undefined) throw new Error(`nothing is known of ${String(key)}`);
  return value;
}

/*
 * The same for what is read in every lane of a tile. They are functions of their own because the JavaScript engine
 * inlines an access that sees one or two types of arrays, and no other.
 */

/** {@link at} for registers. */
export function inLane(values: Int32Array | Float32Array, lane: number): number {
  const value = values[lane];
  if (value === undefined) throw outside(values, lane);
  return value;
}

/** {@link at} for flags: of active lanes, of open gates, of neurons that spiked. */
export function isSet(flags: Uint8Array, index: number): boolean {
  const flag = flags[index];
  if (flag === undefined) throw outside(flags, index);
  return flag !== 0;
}

/** {@link at} for words of random bits and states of generators. */
export function wordAt(words: Uint32Array, index: number): number {
  const word = words[index];
  if (word === undefined) throw outside(words, index);
  return word;
}

function outside({ length }: ArrayLike<unknown>, index: number): Error {
  return new Error(`index ${index} is outside a list of ${length}`);
}
