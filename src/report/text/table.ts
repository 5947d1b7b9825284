import Table from 'cli-table3';

/** How a terminal sets text off. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
}

export const plain: Style = { bold: (text) => text, dim: (text) => text };

const noLines = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
  ),
);

/**
 * Rows under a head, without lines.
 *
 * @param alignment one letter a column: `l` or `r`; the last one holds for what follows
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: string,
  style: Style,
): string {
  const drawn = new Table({
    head: head.map(style.bold),
    chars: { ...noLines, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colAligns: head.map((_, column) => ((alignment[column] ?? alignment.at(-1)) === 'r' ? 'right' : 'left')),
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
