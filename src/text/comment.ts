/**
 * A text of a user as part of a comment that ends with its line, in Verilog, in memory files or in LaTeX.
 *
 * Control characters and line separators become spaces. A backslash at the end goes, since some tools read it as a sign
 * that the comment continues.
 */
export function inComment(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/\\+\s*$/, '');
}
