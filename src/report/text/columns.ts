/** Fits the columns of a table into a width: heads and texts are wrapped, and what is still too wide is folded. */

/** Between two columns. */
export const gap = 2;
/** A text is not wrapped into less, nor are words broken that are no longer than the second. */
const leastText = 20;
const longestWord = 40;

/** A table as it is to be drawn: its columns by their indices, and the width of each. */
export interface Block {
  readonly columns: readonly number[];
  readonly widths: readonly number[];
}

/** Characters that a terminal shows of a line. */
export function shownLength(line: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with an escape character
  return line.replace(/\u001b\[[0-9;]*m/g, '').length;
}

const longest = (lines: readonly string[]) =>
  lines.reduce((most, line) => Math.max(most, shownLength(line)), 0);

/**
 * One table where all columns fit into `most` characters, else several under each other, each with the first column.
 *
 * @param isText whether a column's cells may be wrapped
 */
export function fitColumns(
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

/** Gives what is left to the columns that lack most. */
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

/** A text in lines of at most `width` characters, broken between words where it can be. */
export function wrap(text: string, width: number): string {
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
