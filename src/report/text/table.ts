import Table from 'cli-table3';
import { fitColumns, wrap } from './columns.ts';

/** How a terminal sets text off, and how wide it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  /** Characters in a line; without it tables are as wide as they are. */
  readonly columns?: number | undefined;
}

export const plain: Style = { bold: (text) => text, dim: (text) => text };

const noLines = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
  ),
);

/**
 * Rows under a head, without lines. A table that is wider than the terminal has its texts wrapped, then its columns folded
 * under each other, the first one repeated.
 *
 * @param alignment one letter a column: `l` or `r`; the last one holds for what follows
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
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
