/** Digits of a whole number in groups of three, as in data sheets: 1 605 632. */
export function inGroups(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** A figure to so many digits, as tables and messages show it. */
export function rounded(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}

/** A number of things: `1 word`, `3 words`. */
export function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Items in a sentence: `a, b and c`. */
export function enumerated(items: readonly (string | number)[], word: 'and' | 'or' = 'and'): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}
