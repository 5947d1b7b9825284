/** JSON that programs write, so that the first fault is enough. */
import type * as z from 'zod';
import { messageOf } from './attempt.ts';
import { plainMessage } from './expected.ts';
import { flatIssues } from './faults.ts';

/**
 * The value of a JSON text.
 *
 * @param refuse makes an error of the reason why it is none
 */
export function jsonValue(text: string, refuse: (reason: string) => Error): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw refuse(messageOf(error));
  }
}

/**
 * A value that a schema takes.
 *
 * @param refuse makes an error of its first fault: `memory.totalBits: missing: expected a number`
 */
export function validated<T>(schema: z.ZodType<T>, value: unknown, refuse: (fault: string) => Error): T {
  const { data, error } = schema.safeParse(value, { error: plainMessage });
  if (error === undefined) return data;
  const [issue] = flatIssues(error.issues);
  const path = issue?.path.map(String).join('.') ?? '';
  throw refuse(`${path === '' ? '' : `${path}: `}${issue?.message}`);
}
