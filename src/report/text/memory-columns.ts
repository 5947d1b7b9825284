import type { MemoryReport, Saving } from '../schema.ts';
import { bases } from '../schema-parts.ts';
import { type Columns, column, numberCell, numbers, numeric, type TableCell } from './columns.ts';
import { grouped, percent } from './format.ts';

/*
 * Memories side by side, such as those of one program at several precisions.
 */

type Field = Omit<MemoryReport['fields'][number], 'allocatedBits'>;

/** The part of a memory that these tables show. */
interface Memory extends Pick<MemoryReport, 'totalBits' | 'inferenceBits' | 'allocatedBits'> {
  readonly fields: readonly Field[];
  readonly savings: readonly Pick<Saving, 'basis' | 'inferenceWeights' | 'ratio'>[];
}

/** A field, or a sum of bits. */
export interface FieldRow {
  readonly name: string;
  /** The field of each memory that has it; none for a sum. */
  readonly fields: readonly Field[];
  /** By memory. */
  readonly cells: readonly TableCell[];
}

/** All fields of some memories, with the bits of an item in each, and the sums. */
export function fieldRows(memories: readonly Memory[]): FieldRow[] {
  const names = [...new Set(memories.flatMap(({ fields }) => fields.map(({ name }) => name)))];
  const total = (name: string, of: (memory: Memory) => number): FieldRow => ({
    name,
    fields: [],
    cells: memories.map((memory) => numberCell(of(memory), grouped)),
  });
  return [
    ...names.map((name): FieldRow => {
      const found = memories.map(({ fields }) => fields.find((field) => field.name === name));
      return {
        name,
        fields: found.flatMap((field) => field ?? []),
        cells: found.map((field) =>
          field === undefined || field.totalBits === 0 ? null : numberCell(field.bitsPerItem, String),
        ),
      };
    }),
    total('bits in all', ({ totalBits }) => totalBits),
    total('bits for inference', ({ inferenceBits }) => inferenceBits),
    total('bits of the words used', ({ allocatedBits }) => allocatedBits),
  ];
}

/** @param memories what they are called */
export function fieldColumns(memories: readonly string[]): Columns<FieldRow> {
  const each =
    (of: (field: Field) => string | null, by = ' or ') =>
    ({ fields }: FieldRow): string =>
      [...new Set(fields.flatMap((field) => of(field) ?? []))].join(by);
  const banks = each(({ bank }) => bank, ', ');
  return [
    column('bits per item', ({ name }) => name),
    column('bank', (row) => banks(row) || (row.fields.length === 0 ? '' : 'view')),
    column(
      'needed for',
      each(({ neededFor }) => neededFor),
    ),
    numeric(
      'items',
      each(({ count }) => grouped(count)),
    ),
    ...memories.map((name, at) => numeric(name, ({ cells }: FieldRow) => cells[at])),
  ];
}

/** What memories save against FP32, on a basis, by one way to hold inference weights. */
interface SavingRow extends Pick<Saving, 'basis' | 'inferenceWeights'> {
  /** By memory. */
  readonly ratios: readonly (number | undefined)[];
}

/** The bases on which some of the memories are compared. */
export function savingRows(memories: readonly Memory[]): SavingRow[] {
  return (['stored', 'sliced'] as const).flatMap((inferenceWeights) =>
    bases.flatMap((basis) => {
      const ratios = memories.map(
        ({ savings }) =>
          savings.find((saving) => saving.basis === basis && saving.inferenceWeights === inferenceWeights)
            ?.ratio,
      );
      return ratios.every((ratio) => ratio === undefined) ? [] : [{ basis, inferenceWeights, ratios }];
    }),
  );
}

/** @param memories what they are called */
export function savingColumns(memories: readonly string[]): Columns<SavingRow> {
  return [
    column('saved against FP32', ({ basis }) => basis),
    column('inference weights', ({ inferenceWeights }) => inferenceWeights),
    ...memories.map((name, at) => numbers(name, ({ ratios }: SavingRow) => ratios[at], percent)),
  ];
}
