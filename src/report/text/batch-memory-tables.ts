import type { BatchMemory } from '../batch-memory.ts';
import { grouped, percent } from './format.ts';
import { type Style, table } from './table.ts';

/** The memory of a batch by section, then on each basis, and what is printed otherwise. */
export function batchMemoryTables({ sections, bases, printed }: BatchMemory, style: Style): string {
  const row = (name: string, bytes: number, fp32Bytes: number | undefined): string[] =>
    fp32Bytes === undefined
      ? [name, grouped(bytes), '-', '-']
      : [name, grouped(bytes), grouped(fp32Bytes), percent(1 - bytes / fp32Bytes)];
  const tables = [
    table(
      ['bytes', 'integers', 'FP32', 'saved'],
      sections.map(({ name, bytes, fp32Bytes }) => row(name, bytes, fp32Bytes)),
      'lrrr',
      style,
    ),
    table(
      ['all, counted with', 'integers', 'FP32', 'saved'],
      bases.map(({ name, bytes, fp32Bytes }) => row(name, bytes, fp32Bytes)),
      'lrrr',
      style,
    ),
  ];
  if (printed.length > 0)
    tables.push(
      table(
        ['printed in the thesis', 'printed', 'counted', 'differs by'],
        printed.map(({ name, printed: stated, counted }) => [
          name,
          grouped(stated),
          grouped(counted),
          grouped(stated - counted),
        ]),
        'lrrr',
        style,
      ),
    );
  return tables.join('\n\n');
}
