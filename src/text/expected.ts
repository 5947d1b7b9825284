import type { z } from 'zod';

/** The longest text of a value that is shown whole. */
const longest = 60;

/** What stands where something else was expected, in words: a list or a mapping as JSON, if that is short. */
export function found(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return `'${shortened(value)}'`;
  if (typeof value !== 'object') return String(value);
  // What is not short is not written out: it may be long, or nested beyond what can be.
  if (!isShort(value, 3)) return kindOf(value);
  const text = JSON.stringify(value);
  return text.length > longest ? kindOf(value) : text;
}

function isShort(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const items: readonly unknown[] = Object.values(value);
  return levels > 0 && items.length <= longest && items.every((item) => isShort(item, levels - 1));
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

function kindOf(value: object): string {
  return Array.isArray(value) ? `a list of ${value.length}` : 'a mapping';
}

/**
 * The message of every fault in a single value: what was expected, what was found; of a list or a mapping that it is one.
 */
export const expected = (what: string) => (issue: { readonly input?: unknown }) => {
  const { input } = issue;
  if (input === undefined) return `missing: expected ${what}`;
  const shown = typeof input === 'object' && input !== null ? kindOf(input) : found(input);
  return `expected ${what}, found ${shown}`;
};

const plainNames: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  int: 'a whole number',
};

/** A value of another type, in the words of YAML; for what a schema has no message of its own. */
export function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_type'
    ? expected(plainNames[issue.expected] ?? `a ${issue.expected}`)(issue)
    : undefined;
}
