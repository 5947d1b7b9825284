import type { Segments } from '../../program/index.ts';
import type { Place } from '../../text/index.ts';
import type { FieldDraft } from './draft.ts';

/** The fields of a sparse projection that say where its synapses lead. Each has one item for each block of targets. */
export const indexNames = { target: 'target', count: 'count' } as const;

/**
 * The index of a sparse projection: the first neuron of each block of targets and, where blocks differ in length, their
 * neurons. Both share a word, in the bank of the weights. Nothing writes them.
 *
 * @param post how many neurons targets are numbered by
 */
export function indexFields(owner: string, { length }: Segments, post: number, place: Place): FieldDraft[] {
  const [first] = length;
  const longest = length.reduce((most, count) => Math.max(most, count), 0);
  const field = (name: string, largest: number): FieldDraft => ({
    name: `${owner}.${name}`,
    kind: 'integer',
    storage: 'integer',
    bits: Math.max(1, Math.ceil(Math.log2(largest + 1))),
    signed: false,
    overflow: 'saturate',
    perWord: false,
    count: length.length,
    view: undefined,
    storedView: undefined,
    fixed: true,
    stored: true,
    purpose: 'weight',
    rows: 1,
    rowLength: length.length,
    record: 'target, count',
    at: undefined,
    bank: undefined,
    place,
  });
  const target = field(indexNames.target, post - 1);
  return length.every((count) => count === first) ? [target] : [target, field(indexNames.count, longest)];
}

/** The index of a sparse projection among the fields of a program; undefined if the projection has none. */
export function indexOf(
  fields: readonly { readonly name: string; readonly fixed?: boolean | undefined }[],
  owner: string,
): { readonly target: number; readonly count: number | undefined } | undefined {
  const find = (name: string): number =>
    fields.findIndex((field) => field.fixed === true && field.name === `${owner}.${name}`);
  const [target, count] = [find(indexNames.target), find(indexNames.count)];
  return target < 0 ? undefined : { target, count: count < 0 ? undefined : count };
}
