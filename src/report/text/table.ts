import Table from 'cli-table3';
import { append } from '../../text/index.ts';
import { fitColumns, wrap } from './columns.ts';

/** Emphasis and width of terminal output. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  /** Line width in characters; without it, tables keep their natural width. */
  readonly columns?: number | undefined;
}

export const plain: Style = { bold: (text) => text, dim: (text) => text };

const noLines = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
  ),
);

/**
 * Rows under a heading, without rules. In a table wider than the terminal, texts are wrapped first; columns that still
 * do not fit continue below, with the first column repeated.
 *
 * @param alignment one letter per column: `l` or `r`; the last letter applies to all further columns
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: string,
  style: Style,
): string {
  const isRight = (column: number) => (alignment[column] ?? alignment.at(-1)) === 'r';
  const most = style.columns ?? Number.POSITIVE_INFINITY;
  const blocks = fitColumns(head, rows, (column) => !isRight(column), most);
  return blocks
    .map(({ columns, widths }) => {
      const cellsOf = (row: readonly string[]) =>
        columns.map((column, index) => wrap(row[column] ?? '', widths[index] ?? 0));
      const bold = (text: string) => text.split('\n').map(style.bold).join('\n');
      return draw(cellsOf(head).map(bold), rows.map(cellsOf), columns.map(isRight));
    })
    .join('\n\n');
}

function draw(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isRight: readonly boolean[],
): string {
  const drawn = new Table({
    head: [...head],
    chars: { ...noLines, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colAligns: isRight.map((right) => (right ? 'right' : 'left')),
  });
  append(
    drawn,
    rows.map((row) => [...row]),
  );
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
