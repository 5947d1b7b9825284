import { closest, distance } from 'fastest-levenshtein';
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

/**
 * The known name that a misspelled one probably meant, or undefined if none is near.
 *
 * Near means at most a third of the longer name has to change, and at least one letter stays.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(name.toLowerCase(), [...known]);
  const changes = distance(name.toLowerCase(), candidate.toLowerCase());
  return changes <= Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3))
    ? candidate
    : undefined;
}

/** A hint for an unknown name: the nearest known one, else all of them. */
export function suggest(name: string, known: readonly string[]): string {
  const candidate = nearest(name, known);
  if (candidate !== undefined) return `did you mean '${candidate}'?`;
  return known.length === 0 ? 'none is defined' : `known: ${[...known].sort().join(', ')}`;
}

/**
 * What is wrong with a key of the form `seed:1` that has no value: for YAML, only a colon with a space behind it ends a
 * key. Undefined for any other.
 */
export function missingSpace(key: string, value: unknown): string | undefined {
  const [, name, rest] = /^([^:]+):([^:]+)$/.exec(key) ?? [];
  return name === undefined || rest === undefined || value !== null
    ? undefined
    : `a space is missing behind the colon: '${name}: ${rest}'`;
}
