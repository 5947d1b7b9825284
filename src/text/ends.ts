import { at } from './at.ts';

/**
 * The largest of values, however many. As arguments of `Math.max`, some 100 000 would overflow the stack.
 *
 * @param least the result is no smaller
 */
export function largest(values: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let result = least;
  for (const value of values) result = Math.max(result, value);
  return result;
}

/**
 * The smallest of values, however many.
 *
 * @param most the result is no larger
 */
export function smallest(values: Iterable<number>, most = Number.POSITIVE_INFINITY): number {
  let result = most;
  for (const value of values) result = Math.min(result, value);
  return result;
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The largest magnitude of values, however many; 0 for none. */
export function magnitude(values: ArrayLike<number>): number {
  let result = 0;
  for (let index = 0; index < values.length; index++) result = Math.max(result, Math.abs(at(values, index)));
  return result;
}

/** Items by a key that some share, each in the order of its first item. */
export function byKey<Key, Item>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Appends items to a list, however many: as arguments of `push`, they would overflow the stack likewise. */
export function append<Item>(list: Item[], items: Iterable<Item>): void {
  for (const item of items) list.push(item);
}
