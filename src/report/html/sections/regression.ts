import { type Column, missing, numbers } from '../figure.ts';
import type { Markup } from '../markup.ts';

/** Columns of tables, in place of an accuracy. */
export function regressionColumns<Row>(
  of: (row: Row) => { readonly [name in 'sMAPE' | 'R2']: number | null } | undefined,
): Column<Row>[] {
  return [
    numbers(
      'sMAPE',
      (row) => of(row)?.sMAPE,
      (value) => value.toFixed(2),
      'sMAPE',
    ),
    numbers(
      'R2',
      (row) => of(row)?.R2,
      (value) => value.toFixed(4),
      'R2',
    ),
  ];
}

/** In place of a chart of accuracies. */
export function noAccuracy(): Markup {
  return missing('Samples ask for numbers: there are sMAPE and R2 in the overview, and no accuracy.');
}
