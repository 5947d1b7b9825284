/** Where two JSON values first differ, depth first in the order of the expected one: `path: expected X, found Y`. */
export function firstDifference(expected: unknown, found: unknown, path = ''): string | undefined {
  if (Object.is(expected, found)) return undefined;
  if (Array.isArray(expected) && Array.isArray(found)) {
    for (let i = 0; i < Math.min(expected.length, found.length); i++) {
      const difference = firstDifference(expected[i], found[i], `${path}[${i}]`);
      if (difference !== undefined) return difference;
    }
    if (expected.length === found.length) return undefined;
    return `${path}: expected ${expected.length} items, found ${found.length}`;
  }
  if (isRecord(expected) && isRecord(found)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const difference = firstDifference(expected[key], found[key], `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return `${path}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
