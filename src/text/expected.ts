import type * as z from 'zod';
import { tableOf } from './names.ts';

/** The longest value that is shown in full. */
const longest = 60;

/** Describes a value found in place of the expected one: a list or a mapping as JSON, if that is short. */
export function found(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return `'${visible(shortened(value))}'`;
  if (typeof value !== 'object') return String(value);
  // Long values are not serialised: they may be huge, or nested too deeply.
  if (!isShort(value, 3)) return kindOf(value);
  const text = JSON.stringify(value);
  return text.length > longest ? kindOf(value) : text;
}

function isShort(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const items: readonly unknown[] = Object.values(value);
  return levels > 0 && items.length <= longest && items.every((item) => isShort(item, levels - 1));
}

/** A text on one line: control characters and line separators by their codes. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) =>
    character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

function kindOf(value: object): string {
  return Array.isArray(value) ? `a list of ${value.length}` : 'a mapping';
}

/** The message for a fault in a single value: what was expected and found; for a list or a mapping, only its type. */
export const expected = (what: string) => (issue: { readonly input?: unknown }) => {
  const { input } = issue;
  if (input === undefined) return `missing: expected ${what}`;
  const shown = typeof input === 'object' && input !== null ? kindOf(input) : found(input);
  return `expected ${what}, found ${shown}`;
};

/** The same for a value that may be short enough to show: a list or a mapping, too, and nothing where it is missing. */
export const wanted = (what: string) => (issue: { readonly input?: unknown }) =>
  `expected ${what}, found ${found(issue.input)}`;

const plainNames: Readonly<Record<string, string>> = tableOf({
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  int: 'a whole number',
});

/** The message for a value of the wrong type, in YAML's words, if the schema has no message of its own. */
export function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_type'
    ? expected(plainNames[issue.expected] ?? `a ${issue.expected}`)(issue)
    : undefined;
}
