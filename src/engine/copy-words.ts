/** Below this number of words, copying one by one is faster than creating a view to copy from. */
const fewWords = 16;

/** Copies the words from index `start` up to, not including, `end` to a place in another list. */
export function copyWords(
  from: ArrayLike<number>,
  start: number,
  end: number,
  to: Uint32Array,
  place: number,
): void {
  if (end - start > fewWords && from instanceof Uint32Array)
    to.set(end - start === from.length ? from : from.subarray(start, end), place);
  else for (let index = start; index < end; index++) to[place + index - start] = from[index] ?? 0;
}
