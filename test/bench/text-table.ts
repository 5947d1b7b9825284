/** Rows under a header, in columns two spaces apart. `alignment` has one letter per column: `l` or `r`. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: string,
): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      widths
        .map((width, column) => {
          const cell = line[column] ?? '';
          return alignment[column] === 'r' ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
