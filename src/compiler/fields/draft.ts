import type { Field } from '../../image/index.ts';
import { type Place, suggest } from '../../text/index.ts';

/** The purpose of a field; the core's `placement` gives each purpose a bank. */
export type Purpose = 'weight' | 'shadow' | 'state';

/** A field that has not been placed in a bank yet. */
export interface FieldDraft extends Omit<Field, 'layout' | 'bitOffset' | 'neededFor'> {
  readonly stored: boolean;
  readonly purpose: Purpose;
  readonly rows: number;
  readonly rowLength: number;
  /** Fields of one population with the same record share the words of their items. */
  readonly record: string | undefined;
  /** Its first bit within the record, if the program states it. */
  readonly at: number | undefined;
  /** The bank, if the program names one. */
  readonly bank: string | undefined;
  readonly place: Place;
}

/** The index of the field `owner.name`; an unknown name is an error that suggests the nearest. */
export function fieldIndex(
  fields: readonly { readonly name: string; readonly fixed?: boolean | undefined }[],
  name: string,
  fail: (message: string, hint: string) => never,
): number {
  const index = fields.findIndex((field) => field.name === name && field.fixed !== true);
  if (index >= 0) return index;
  const [owner = '', field = ''] = name.split('.');
  const all = fields.flatMap((candidate) => (candidate.fixed === true ? [] : [candidate.name]));
  const own = all
    .filter((candidate) => candidate.startsWith(`${owner}.`))
    .map((candidate) => candidate.slice(owner.length + 1));
  return own.length > 0
    ? fail(`'${owner}' has no field '${field}'`, suggest(field, own))
    : fail(`there is no field '${name}'`, suggest(name, all));
}
