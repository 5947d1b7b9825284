import { closest, distance } from 'fastest-levenshtein';

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
