import type { z } from 'zod';

/** What a person finds in a value that is not what was expected. */
function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** The message of every fault in a single value: what was expected, what was found. */
export const expected = (what: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? `missing: expected ${what}` : `expected ${what}, found ${show(issue.input)}`;

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
