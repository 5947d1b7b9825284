import type { BatchMemory } from '../batch-memory.ts';
import type { MemoryReport } from '../schema.ts';
import { column, numbers } from './columns.ts';
import { grouped, percent } from './format.ts';
import { type FieldRow, fieldColumns, fieldRows, savingColumns, savingRows } from './memory-columns.ts';
import { type Style, textTable } from './table.ts';

/** The memory of a program at a precision. */
export interface MemoryOfPrecision {
  readonly precision: string;
  readonly memory: MemoryReport;
  /** Whether the core holds it, where one is named. */
  readonly fits?: boolean | undefined;
}

/** The memory of one program at several precisions. */
export type MemoryByPrecision = readonly MemoryOfPrecision[];

/** Bits by field and, if there is a baseline, savings by basis; a column for each precision. */
export function memoryTables(all: MemoryByPrecision, style: Style): string {
  const fields = fieldTable(all, style);
  return hasSavings(all) ? `${fields}\n\n${savingTable(all, style)}` : fields;
}

/** Whether there is a float32 baseline to compare with. */
export function hasSavings(all: MemoryByPrecision): boolean {
  return all.some(({ memory }) => memory.savings.length > 0);
}

function fieldTable(all: MemoryByPrecision, style: Style): string {
  const fits: FieldRow = {
    name: '',
    fields: [],
    cells: all.map((one) => (one.fits === false ? 'does not fit' : 'fits')),
  };
  const rows = fieldRows(all.map(({ memory }) => memory));
  return textTable(
    all.some((one) => one.fits === false) ? [...rows, fits] : rows,
    fieldColumns(all.map(({ precision }) => precision)),
    style,
  );
}

function savingTable(all: MemoryByPrecision, style: Style): string {
  return textTable(
    savingRows(all.map(({ memory }) => memory)),
    savingColumns(all.map(({ precision }) => precision)),
    style,
  );
}

/** Explains the FP32 baseline, without which a percentage means little. */
export function savingsNote(flags: readonly string[]): string {
  const kept =
    flags.length === 0
      ? ''
      : ` Flags and integers (${flags.join(', ')}) keep their widths there, because they are not real numbers.`;
  return `FP32 is the same program on a float32 core: 32 bits for every real number, one copy of a weight.${kept}`;
}

/** The memory of a batch by section, then on each basis. */
export function batchMemoryTables({ sections, bases }: BatchMemory, style: Style): string {
  const sizes = (title: string, rows: BatchMemory['bases']): string =>
    textTable(
      rows,
      [
        column(title, ({ name }) => name),
        numbers('integers', ({ bytes }) => bytes, grouped),
        numbers('FP32', ({ fp32Bytes }) => fp32Bytes, grouped),
        numbers('saved', ({ bytes, fp32Bytes }) => fp32Bytes && 1 - bytes / fp32Bytes, percent),
      ],
      style,
    );
  return `${sizes('bytes', sections)}\n\n${sizes('all, counted with', bases)}`;
}
