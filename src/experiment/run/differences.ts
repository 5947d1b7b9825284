/** A value that two cores do not have in common. */
export interface Difference {
  /** Where it is, such as `banks.state.wordBits`. */
  readonly path: string;
  /** In each of them, as a message shows it. */
  readonly had: string;
  readonly has: string;
}

/** The first differing value of each part in which two functions of cores differ. */
export function differences(
  ran: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): Difference[] {
  return keysOf(ran, other).flatMap((key) => firstDifference(ran[key], other[key], key) ?? []);
}

function firstDifference(had: unknown, has: unknown, path: string): Difference | undefined {
  if (JSON.stringify(had) === JSON.stringify(has)) return undefined;
  if (isTexts(had) && isTexts(has))
    return {
      path,
      had: shown(had.filter((text) => !has.includes(text))),
      has: shown(has.filter((text) => !had.includes(text))),
    };
  const [first, second] = [partsOf(had), partsOf(has)];
  if (first === undefined || second === undefined) return { path, had: shown(had), has: shown(has) };
  for (const key of keysOf(first, second)) {
    // Parts that have no name are not worth one.
    const found = firstDifference(first[key], second[key], /^\d+$/.test(key) ? path : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return { path, had: 'in another order', has: 'in its own' };
}

function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

/** The parts of an object, or of a list, whose items are called by their names if they have some. */
function partsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(value.map((item: unknown, index) => [nameOf(item) ?? String(index), item]));
}

function nameOf(item: unknown): string | undefined {
  const name = typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined;
  return typeof name === 'string' ? name : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function shown(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  if (isTexts(value)) return value.join(', ');
  return JSON.stringify(value);
}
