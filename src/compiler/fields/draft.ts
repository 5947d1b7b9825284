import type { Field } from '../../image/index.ts';
import { type Place, suggest } from '../../text/index.ts';

/** What a field is for; the core's `placement` gives each purpose a bank. */
export type Purpose = 'weight' | 'shadow' | 'state';

/** A field before it has a place in a bank. */
export interface FieldDraft extends Omit<Field, 'layout' | 'bitOffset' | 'neededFor'> {
  readonly stored: boolean;
  readonly purpose: Purpose;
  readonly rows: number;
  readonly rowLength: number;
  /** Fields of one population with the same record share its items' words. */
  readonly record: string | undefined;
  /** Its first bit within the record, if the program states it. */
  readonly at: number | undefined;
  /** The bank, if the program names one. */
  readonly bank: string | undefined;
  readonly place: Place;
}

/** The index of the field `owner.name`, or an error that names the nearest. */
export function fieldIndex(
  fields: readonly { readonly name: string }[],
  name: string,
  fail: (message: string, hint: string) => never,
): number {
  const index = fields.findIndex((field) => field.name === name);
  if (index >= 0) return index;
  const [owner = '', field = ''] = name.split('.');
  const all = fields.map((candidate) => candidate.name);
  const own = all
    .filter((candidate) => candidate.startsWith(`${owner}.`))
    .map((candidate) => candidate.slice(owner.length + 1));
  return own.length > 0
    ? fail(`'${owner}' has no field '${field}'`, suggest(field, own))
    : fail(`there is no field '${name}'`, suggest(name, all));
}
