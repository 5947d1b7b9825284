/** A hint as the page gives it: a command that it names is typed elsewhere. */
export function hintOnPage(hint: string): string {
  return /\bplasticore [a-z]/.test(hint) ? `${hint} (in a terminal, not on this page)` : hint;
}
