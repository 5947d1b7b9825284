/** The items of a list with their numbers, from 0: what has no other name is shown by it. */
export function numbered<T>(items: Iterable<T>): { readonly number: number; readonly item: T }[] {
  return Array.from(items, (item, number) => ({ number, item }));
}
