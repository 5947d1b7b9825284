import { indexKeys, type Projection } from '../../image/index.ts';
import type { Segments } from '../../program/index.ts';
import type { Place } from '../../text/index.ts';
import type { FieldDraft } from './draft.ts';

/** Names of fields that the index of a sparse projection may have. */
export const indexNames = ['target', 'count'] as const;

/**
 * The index of a sparse projection: the first neuron of each block of targets and, where blocks differ in length, their
 * neurons; of a part of one, also where the weights of the block are. They share a word, in the bank of the weights.
 * Nothing writes them.
 *
 * @param post how many neurons targets are numbered by
 * @param offsets of the weights of each segment in its row; undefined if they stand one after the other
 */
export function indexFields(
  owner: string,
  { length }: Segments,
  post: number,
  offsets: Uint32Array | undefined,
  place: Place,
): FieldDraft[] {
  const [first] = length;
  const field = (name: (typeof indexKeys)[number], largest: number): FieldDraft => ({
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
    record: 'target, count, offset',
    at: undefined,
    bank: undefined,
    place,
  });
  return [
    field('target', post - 1),
    ...(length.every((count) => count === first) ? [] : [field('count', largestOf(length))]),
    ...(offsets === undefined ? [] : [field('offset', largestOf(offsets))]),
  ];
}

function largestOf(values: Uint32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** The index of a projection among the fields of a program; nothing if it has none. */
export function indexedBy(
  fields: readonly { readonly name: string; readonly fixed?: boolean | undefined }[],
  owner: string,
): Pick<Projection, 'index'> {
  const [target, count, offset] = indexKeys.map((key) => {
    const index = fields.findIndex(({ fixed, name }) => fixed === true && name === `${owner}.${key}`);
    return index < 0 ? undefined : index;
  });
  return target === undefined ? {} : { index: { target, count, ...(offset !== undefined && { offset }) } };
}
