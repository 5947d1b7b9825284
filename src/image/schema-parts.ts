import * as z from 'zod';
import { expected, integer } from '../text/index.ts';

/*
 * Parts of the schemas of an image. A schema lists every key, with the range of each number by itself; the files of
 * `validate` check relations between numbers.
 */

/** Most weights of a projection, and most words of a bank. */
export const mostItems = 2 ** 31 - 1;

export const index = integer(0, mostItems);
export const countSchema = integer(1, mostItems);
export const int32 = integer(-(2 ** 31), 2 ** 31 - 1);
/** A name of the program or the core, or what is derived from such names: one line. */
export const name = z.string().regex(/^[^\p{Cc}\u2028\u2029]*$/u, { error: expected('one line of text') });
/** The path of a file, as its user wrote it. */
export const path = z.string();
export const words = z.instanceof(Uint32Array, {
  error: expected('words of 32 bits'),
}) as z.ZodType<Uint32Array>;
export const optional = <T extends z.ZodType>(inner: T) => inner.or(z.undefined());
