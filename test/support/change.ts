/** An item of a list that has to be there. */
export function at<Item>(items: readonly Item[] | null | undefined, index: number): Item {
  const item = items?.[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

/** Puts a value where an object or a list has another, as the change of a copy. */
export function put<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
  target[key] = value;
}

/** Adds to a number that an object or a list has. */
export function add<T extends object>(target: T, key: keyof T, amount: number): void {
  const value: unknown = target[key];
  if (typeof value !== 'number') throw new Error(`no number at '${String(key)}'`);
  Reflect.set(target, key, value + amount);
}
