/**
 * Schemas of single values whose messages say what was found and expected. Parameters are in this order: what the value
 * is called, then its bounds, as in `whole('a seed', 0, 255)`.
 */
import * as z from 'zod';
import { expected, found, wanted } from './expected.ts';
import { recordOf } from './names.ts';
import { enumerated } from './words.ts';

interface Issue {
  readonly input?: unknown;
}

export const text = (what: string) => z.string({ error: wanted(what) });

/** The most characters of a name. */
const longestName = 100;

/** A title that people choose: one line, with spaces if they like. */
export const line = (what: string) =>
  text(what).regex(/^[^\p{Cc}\u2028\u2029]{1,100}$/u, {
    error: wanted(`${what} (one line of at most ${longestName} characters)`),
  });

/**
 * A name that people choose. It becomes part of file names, Verilog, LaTeX and pages: a plain word is harmless in all
 * of them.
 *
 * @param what is named, such as `a name`
 */
export const plainName = (what: string) => {
  const missing = expected(what);
  const error = (issue: Issue) =>
    issue.input === undefined
      ? missing(issue)
      : `expected ${what} (letters, digits, - and _; at most ${longestName}), found ${found(issue.input)}`;
  return z
    .string({ error })
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]*$/, { error })
    .max(longestName, { error });
};

/** A name that is a key: it starts with a letter or `_`, so that mappings keep their order. */
const nameKey = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/)
  .max(longestName);

/**
 * A mapping whose keys are names that people choose, such as populations by name.
 *
 * @param otherwise the message for what is no mapping, if there is a better one than the usual
 */
export function byName<Value extends z.ZodType>(
  value: Value,
  otherwise: (input: unknown) => string | undefined = () => undefined,
) {
  return recordOf(nameKey, value, {
    error: (issue) => (issue.code === 'invalid_key' ? keyMessage : otherwise(issue.input)),
  });
}

const keyMessage = `expected a name (letters, digits, - and _, not a digit first; at most ${longestName})`;

export const truth = z.boolean({ error: wanted('true or false') });

/** A whole number in a range. */
export function whole(what: string, low: number, high = Number.MAX_SAFE_INTEGER) {
  const range = high === Number.MAX_SAFE_INTEGER ? `at least ${low}` : `${low} to ${high}`;
  const error = wanted(`${what} (a whole number, ${range})`);
  return z.int({ error }).min(low, { error }).max(high, { error });
}

/** A number in a range, both ends included. @param unit of the bounds, with a space before it */
export function between(what: string, low: number, high: number, unit = '') {
  const error = wanted(`${what} (${low} to ${high}${unit})`);
  return z.number({ error }).min(low, { error }).max(high, { error });
}

/** A whole number in a range, where its path says what it is. */
export function integer(least: number, most: number) {
  const error = expected(`a whole number, ${least} to ${most}`);
  return z.int({ error }).min(least, { error }).max(most, { error });
}

export const flag = (what: string) => whole(what, 0, 1);

/** A list, of a given length or any. */
export function list<Item extends z.ZodType>(item: Item, what: string, length?: number) {
  const schema = z.array(item, { error: wanted(what) });
  return length === undefined
    ? schema
    : schema.length(length, {
        error: ({ input }: Issue) =>
          `expected ${length} items (${what}), found ${Array.isArray(input) ? input.length : found(input)}`,
      });
}

/** A list of a fixed number of whole numbers, each at least 0. */
export const wholes = (what: string, length: number) => list(whole(what, 0), what, length);

/** A word from a list of known ones. */
export function oneOf<const Words extends readonly [string, ...string[]]>(what: string, words: Words) {
  return z.enum(words, { error: wanted(`${what} (${words.join(', ')})`) });
}

/** One of a few words, where its path says what it is. */
export function choice<const Words extends readonly [string, string, ...string[]]>(words: Words) {
  return z.enum(words, { error: expected(enumerated(words, 'or')) });
}

/** The only word that a key accepts. */
export function word<const Word extends string>(only: Word) {
  return z.literal(only, { error: expected(only) });
}

/** A string of a fixed number of hexadecimal digits. */
export function hexDigits(what: string, digits: number) {
  return text(what).regex(new RegExp(`^[0-9a-f]{${digits}}$`), {
    error: wanted(`${what} (${digits} digits 0-9 and a-f)`),
  });
}

/** Distinct indices, ascending. */
export function indices(what: string, count: number) {
  return list(whole(what, 0, count - 1), `indices, ${what}`).superRefine((items, context) => {
    const wrong = items.findIndex((item, at) => at > 0 && item <= (items[at - 1] ?? -1));
    if (wrong < 0) return;
    context.addIssue({
      code: 'custom',
      path: [wrong],
      message: `expected ascending indices, found ${items[wrong]} after ${items[wrong - 1]}`,
    });
  });
}

/** A number above 0. */
export const positive = (what: string) =>
  z.number({ error: wanted(what) }).positive({ error: wanted(`${what} above 0`) });

/** A share, above 0 and below 1. */
export const share = z
  .number({ error: wanted('a share between 0 and 1') })
  .gt(0, { error: wanted('a share above 0') })
  .lt(1, { error: wanted('a share below 1') });

/** A finite number, at least 0. */
export const nonNegative = z
  .number({ error: expected('a number, at least 0') })
  .min(0)
  .max(Number.MAX_VALUE);
