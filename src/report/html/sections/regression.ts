import { missing, numberCell, type TableCell } from '../figure.ts';
import type { Markup } from '../markup.ts';

/** Columns of tables, in place of an accuracy. */
export const regressionColumns = [
  { head: 'sMAPE', csv: 'sMAPE', number: true },
  { head: 'R2', csv: 'R2', number: true },
];

export function regressionCells(
  found: { readonly [name in 'sMAPE' | 'R2']: number | null } | undefined,
): TableCell[] {
  return [
    numberCell(found?.sMAPE ?? null, (value) => value.toFixed(2)),
    numberCell(found?.R2 ?? null, (value) => value.toFixed(4)),
  ];
}

/** In place of a chart of accuracies. */
export function noAccuracy(): Markup {
  return missing('Samples ask for numbers: there are sMAPE and R2 in the overview, and no accuracy.');
}
