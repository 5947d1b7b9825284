import Table from 'cli-table3';
import { append } from '../../text/index.ts';
import { type Columns, shownCell, tabled } from './columns.ts';

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

/** Rows as such a table; `absent` stands where there is no figure. */
export function textTable<Row>(
  rows: readonly Row[],
  all: Columns<NoInfer<Row>>,
  style: Style,
  absent = '-',
): string {
  const { columns, rows: cells } = tabled(rows, all);
  return table(
    columns.map(({ head }) => head),
    cells.map((row) => row.map((cell) => shownCell(cell, absent))),
    columns.map(({ number }) => (number === true ? 'r' : 'l')).join(''),
    style,
  );
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

/**
 * Fits the columns of a table into a width: wraps headings and texts, and moves columns that still do not fit below.
 */

/** Gap between two columns, in characters. */
const gap = 2;
/** Texts wrap to no fewer characters than the first; words up to the length of the second are never broken. */
const leastText = 20;
const longestWord = 40;

/** A table ready to be drawn: its columns by index, and their widths. */
interface Block {
  readonly columns: readonly number[];
  readonly widths: readonly number[];
}

/** The code that switches colours: an escape character, then `[`, numbers and `m`. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Number of characters of a line that a terminal shows. */
function shownLength(line: string): number {
  return line.replace(colours, '').length;
}

const longest = (lines: readonly string[]) =>
  lines.reduce((most, line) => Math.max(most, shownLength(line)), 0);

/**
 * One table if all columns fit into `most` characters; otherwise several below each other, each repeating the first
 * column.
 *
 * @param isText whether a column's cells may be wrapped
 */
function fitColumns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isText: (column: number) => boolean,
  most: number,
): readonly Block[] {
  const natural = head.map((text, column) => longest([text, ...rows.map((row) => row[column] ?? '')]));
  const least = head.map((title, column) => {
    const cells = longest(rows.map((row) => row[column] ?? ''));
    const words = rows.flatMap((row) => (row[column] ?? '').split(' '));
    const text = Math.max(leastText, Math.min(longest(words), longestWord));
    const body = isText(column) ? Math.min(cells, text) : cells;
    return Math.max(body, longest(title.split(' ')));
  });
  const blocks: number[][] = [];
  for (const column of head.keys()) {
    const block = blocks.at(-1);
    if (block === undefined) blocks.push([column]);
    else if (totalOf([...block, column].map((index) => least[index] ?? 0)) <= most) block.push(column);
    else blocks.push(block.length === 1 ? [column] : [0, column]);
  }
  return blocks.map((columns) => ({
    columns,
    widths: widened(
      columns.map((column) => least[column] ?? 0),
      columns.map((column) => natural[column] ?? 0),
      most,
    ),
  }));
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1);
}

/** Distributes the remaining width to the columns that need it most. */
function widened(least: readonly number[], natural: readonly number[], most: number): number[] {
  const widths = [...least];
  for (let left = most - totalOf(widths); left > 0; left--) {
    const lacks = widths.map((width, index) => (natural[index] ?? 0) - width);
    const lack = Math.max(...lacks);
    if (lack <= 0) break;
    const column = lacks.indexOf(lack);
    widths[column] = (widths[column] ?? 0) + 1;
  }
  return widths;
}

/** Wraps a text into lines of at most `width` characters, between words if possible. */
function wrap(text: string, width: number): string {
  if (shownLength(text) <= width) return text;
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    if (line !== '' && shownLength(`${line} ${word}`) > width) {
      lines.push(line);
      line = '';
    }
    for (; shownLength(word) > width; word = word.slice(width)) lines.push(word.slice(0, width));
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
