/**
 * The words of a command line, written as its user writes it: argv`run mnist-snn --set seed=${seed} ${more}`.
 * Blanks and ends of lines between words separate them. A value stays within its word whatever blanks it has, as a path
 * in quotes does; a list stands by itself and gives a word for each of its items, or none.
 */
export function argv(
  text: TemplateStringsArray,
  ...values: readonly (string | number | readonly string[])[]
): string[] {
  const found = [''];
  for (const [index, piece] of text.entries()) {
    for (const part of piece.split(/(\s+)/))
      found.push(...(/^\s/.test(part) ? [''] : [`${found.pop()}${part}`]));
    const value = values[index];
    if (typeof value === 'object') found.splice(-1, 1, ...value);
    else if (value !== undefined) found.push(`${found.pop()}${value}`);
  }
  return found;
}
