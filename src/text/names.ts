import * as z from 'zod';
import { type Place, PlasticoreError } from './error.ts';

/**
 * Values by names that people choose. The table has no prototype: a name such as `constructor` or `__proto__` is in it
 * only if it was put there.
 */
export function tableOf<T>(entries: Readonly<Record<string, T>> = {}): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, entries);
}

/** The schema of a mapping with keys that people choose; its result is a {@link tableOf} them. */
export function recordOf<Key extends z.core.$ZodRecordKey, Value extends z.core.SomeType>(
  key: Key,
  value: Value,
  params?: Parameters<typeof z.record>[2],
) {
  return z.record(key, value, params).overwrite((record) => Object.assign(Object.create(null), record));
}

/**
 * Whether a name is a property of every JavaScript object, such as `constructor` or `__proto__`. Objects that other
 * programs make of our files, and those that users of the library write, would have it where it is not defined.
 */
export function isReserved(name: string): boolean {
  return name in Object.prototype;
}

export function reservedName(name: string, place: Place): PlasticoreError {
  return new PlasticoreError('invalid-value', `'${name}' cannot be a name here`, {
    ...place,
    hint: 'JavaScript reserves this name: choose another one',
  });
}
