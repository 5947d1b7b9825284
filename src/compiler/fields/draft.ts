import type { HwModel } from '../../hardware/index.ts';
import type { Field } from '../../image/index.ts';
import { type Place, PlasticoreError, suggest } from '../../text/index.ts';

/** The purpose of a field; the core's `placement` gives each purpose a bank. */
type Purpose = 'weight' | 'shadow' | 'state';

/** A field that has not been placed in a bank yet. */
export interface FieldDraft extends Omit<Field, 'layout' | 'bitOffset' | 'neededFor'> {
  readonly stored: boolean;
  readonly purpose: Purpose;
  /** Set if it is not a program's to write: spikes that wait, which no kernel sees, or the delays of synapses. */
  readonly use?: 'ring' | 'delay';
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

type NamedField = Pick<FieldDraft, 'name' | 'fixed' | 'use'>;

/** Whether a program may name a field: not the index of a sparse projection, nor spikes that wait. */
const isNamed = ({ fixed, use }: NamedField): boolean => fixed !== true && use !== 'ring';

/** The index of the field `owner.name`; an unknown name is an error that suggests the nearest. */
export function fieldIndex(
  fields: readonly NamedField[],
  name: string,
  fail: (message: string, hint: string) => never,
): number {
  const index = fields.findIndex((field) => field.name === name && isNamed(field));
  if (index >= 0) return index;
  const [owner = '', field = ''] = name.split('.');
  const all = fields.filter(isNamed).map((candidate) => candidate.name);
  const own = all
    .filter((candidate) => candidate.startsWith(`${owner}.`))
    .map((candidate) => candidate.slice(owner.length + 1));
  if (field === 'shadow' && own.includes('weight'))
    return fail(
      `'${owner}' has no field 'shadow'`,
      'a projection has shadow weights if a rule stores syn.shadow, and is not frozen; its weights are a view of them',
    );
  // A misspelt store of shadow weights is why there are none.
  const known = own.includes('weight') ? [...new Set([...own, 'shadow'])] : own;
  return own.length > 0
    ? fail(`'${owner}' has no field '${field}'`, suggest(field, known))
    : fail(`there is no field '${name}'`, suggest(name, all));
}

/**
 * Marks the fields in banks whose cells fail.
 *
 * @throws PlasticoreError `fit` where such a field says where spikes go, or when
 */
export function withFaults(drafts: readonly FieldDraft[], hw: HwModel): FieldDraft[] {
  const { faults } = hw;
  if (faults === undefined) return [...drafts];
  return drafts.map((draft): FieldDraft => {
    const bank = draft.bank ?? hw.placement[draft.purpose];
    if (!draft.stored || faults.rate === 0 || !faults.banks.includes(bank)) return draft;
    if (draft.fixed === true || draft.use !== undefined)
      throw new PlasticoreError(
        'fit',
        `${draft.name} lies in bank '${bank}', whose cells fail: it says ${draft.use === undefined ? 'where spikes go' : 'when spikes arrive'}, which must hold`,
        { ...draft.place, hint: `leave '${bank}' out of faults.banks, or choose a program without it` },
      );
    return { ...draft, faulty: true };
  });
}
