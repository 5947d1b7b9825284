/** Tables as columns: from one list of them a terminal, a page and a CSV file have the same figures. */

type Value = string | number | null | undefined;

/** A cell as shown; `value` is for CSV files if it differs there. Nothing is no figure. */
export type TableCell = Value | { readonly text: string; readonly value: Value };

/** A column of a table, with the cell that each row has in it. */
export interface Column<Row> {
  readonly head: string;
  /** Its title in CSV files, with its unit, if it differs there. */
  readonly csv?: string | undefined;
  /** Whether it is aligned as numbers are. */
  readonly number?: boolean | undefined;
  of(row: Row, index: number): TableCell;
}

/** Columns, some of which may be left out. */
export type Columns<Row> = readonly (Column<Row> | false)[];

/** A column of texts, or of numbers in a file alone; `csv` is its title in CSV files if it differs there. */
export function column<Row>(head: string, of: Column<Row>['of'], csv?: string): Column<Row> {
  return { head, csv, of };
}

/** A column of numbers, unformatted in CSV files. */
export function numbers<Row>(
  head: string,
  of: (row: Row, index: number) => number | null | undefined,
  format: (value: number) => string = String,
  csv?: string,
): Column<Row> {
  return numeric(head, (row, index) => numberCell(of(row, index), format), csv);
}

/** A column that is aligned as numbers are, with cells of its own. */
export function numeric<Row>(head: string, of: Column<Row>['of'], csv?: string): Column<Row> {
  return { head, csv, number: true, of };
}

/** Columns for a file, each with the name of what it has of a row. */
export function keyed<Key extends string>(
  ...keys: readonly Key[]
): Column<{ readonly [key in Key]?: Value }>[] {
  return keys.map((key) => column(key, (row) => row[key]));
}

/** A number, formatted where it is shown and unformatted in CSV files; `absent` is shown where there is none. */
export function numberCell(
  value: number | null | undefined,
  format: (value: number) => string,
  absent?: string,
): TableCell {
  if (value !== null && value !== undefined) return { text: format(value), value };
  return absent === undefined ? null : { text: absent, value: null };
}

/** A cell as it is shown; `absent` stands where there is no figure. */
export function shownCell(cell: TableCell, absent: string): string {
  if (typeof cell === 'object' && cell !== null) return cell.text;
  return cell === null || cell === undefined ? absent : String(cell);
}

/** A cell of a CSV file. */
export function filedCell(cell: TableCell): string | number {
  return (typeof cell === 'object' && cell !== null ? cell.value : cell) ?? '';
}

/** The heads of columns, and the cells of rows. */
export interface ColumnTable {
  readonly columns: readonly Pick<Column<never>, 'head' | 'csv' | 'number'>[];
  readonly rows: readonly (readonly TableCell[])[];
}

/** The cells of rows, in the columns that are not left out. */
export function tabled<Row>(rows: readonly Row[], all: Columns<NoInfer<Row>>): ColumnTable {
  const columns = all.filter((each) => each !== false);
  return { columns, rows: rows.map((row, index) => columns.map((each) => each.of(row, index))) };
}

/** Lines of comma-separated cells, quoted where necessary. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

/** Spreadsheets take text that begins so for a formula, and compute it; with an apostrophe before it, they do not. */
const formula = /^[=+\-@\t\r]./s;

function cell(value: string | number): string {
  const text = String(value);
  const safe =
    typeof value === 'string' && formula.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
