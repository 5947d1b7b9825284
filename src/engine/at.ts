/**
 * The item of a list at an index that must exist. A wrong index is a fault of the engine and must not go unnoticed.
 */
export function at<T>(values: ArrayLike<T>, index: number): T {
  const value = values[index];
  if (value === undefined) throw outside(values, index);
  return value;
}

/**
 * {@link at} for registers. It is a separate function because the JavaScript engine is faster with few array types per
 * call site.
 */
export function inLane(values: Int32Array | Float32Array, lane: number): number {
  const value = values[lane];
  if (value === undefined) throw outside(values, lane);
  return value;
}

function outside({ length }: ArrayLike<unknown>, index: number): Error {
  return new Error(`index ${index} is outside a list of ${length}`);
}
