import type { BatchMemory } from '../batch-memory.ts';
import { savingsByBasis } from '../memory.ts';
import type { MemoryReport } from '../schema.ts';
import { column, numbers } from './columns.ts';
import { grouped, percent } from './format.ts';
import { type Style, table, textTable } from './table.ts';

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
  const names = [...new Set(all.flatMap(({ memory }) => memory.fields.map(({ name }) => name)))];
  const fieldOf = (memory: MemoryReport, name: string) => memory.fields.find((field) => field.name === name);
  const rows = names.map((name) => {
    const found = all.map(({ memory }) => fieldOf(memory, name));
    const any = found.find((field) => field !== undefined);
    const banks = [...new Set(found.flatMap((field) => (field?.bank == null ? [] : [field.bank])))];
    return [
      name,
      banks.join(', ') || 'view',
      [...new Set(found.flatMap((field) => (field === undefined ? [] : [field.neededFor])))].join(' or '),
      grouped(any?.count ?? 0),
      ...found.map((field) =>
        field === undefined || field.totalBits === 0 ? '-' : String(field.bitsPerItem),
      ),
    ];
  });
  const total = (name: string, of: (memory: MemoryReport) => number) => [
    name,
    '',
    '',
    '',
    ...all.map(({ memory }) => grouped(of(memory))),
  ];
  return table(
    ['bits per item', 'bank', 'needed for', 'items', ...all.map(({ precision }) => precision)],
    [
      ...rows,
      total('bits in all', ({ totalBits }) => totalBits),
      total('bits for inference', ({ inferenceBits }) => inferenceBits),
      total('bits of the words used', ({ allocatedBits }) => allocatedBits),
      ...(all.some(({ fits }) => fits === false)
        ? [['', '', '', '', ...all.map(({ fits }) => (fits === false ? 'does not fit' : 'fits'))]]
        : []),
    ],
    'lllr',
    style,
  );
}

function savingTable(all: MemoryByPrecision, style: Style): string {
  const rows = savingsByBasis(all.map(({ memory }) => memory));
  return textTable(
    rows,
    [
      column('saved against FP32', ({ basis }) => basis),
      column('inference weights', ({ copies }) => copies),
      ...all.map(({ precision }, at) =>
        numbers(precision, ({ found }: (typeof rows)[number]) => found[at]?.ratio, percent),
      ),
    ],
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

/** The memory of a batch by section, then on each basis, and what is printed otherwise. */
export function batchMemoryTables({ sections, bases, printed }: BatchMemory, style: Style): string {
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
  const slips = textTable(
    printed,
    [
      column('printed in the thesis', ({ name }) => name),
      numbers('printed', (row) => row.printed, grouped),
      numbers('counted', ({ counted }) => counted, grouped),
      numbers('differs by', (row) => row.printed - row.counted, grouped),
    ],
    style,
  );
  return [
    sizes('bytes', sections),
    sizes('all, counted with', bases),
    ...(printed.length === 0 ? [] : [slips]),
  ].join('\n\n');
}
