import type * as z from 'zod';
import { jsonValue, newerFormat, PlasticoreError, validated } from '../text/index.ts';

/** A JSON file that says by its key `schema` what it is. */
interface TaggedFormat<T> {
  readonly tag: string;
  readonly schema: z.ZodType<T>;
  /** What it is: a report. */
  readonly what: string;
  /** What makes one anew. */
  readonly hint: string;
}

/**
 * Reads such a file.
 *
 * @throws PlasticoreError `format` if it is damaged, foreign or of another version
 */
export function readTagged<T>(text: string, file: string, { tag, schema, what, hint }: TaggedFormat<T>): T {
  const fail = (message: string, help?: string) =>
    new PlasticoreError('format', message, { file, hint: help });
  const parsed = jsonValue(text, (reason) => fail(`not JSON, or cut short: ${reason}`, hint));
  const found =
    typeof parsed === 'object' && parsed !== null && 'schema' in parsed ? parsed.schema : undefined;
  if (found !== tag) {
    const newer = newerFormat(String(found), tag);
    if (newer !== undefined) throw fail(newer);
    const given = typeof found === 'string' ? `schema '${found}'` : 'no schema';
    throw fail(`not a ${what} of plasticore: expected schema '${tag}', found ${given}`, hint);
  }
  return validated(schema, parsed, (fault) => fail(`a damaged ${what}: ${fault}`, hint));
}
