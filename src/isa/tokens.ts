import { type Place, PlasticoreError } from '../text/index.ts';

/** A word or a comma in a line of microcode. */
export interface Token {
  readonly text: string;
  readonly place: Place;
}

export const identifierPattern = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** The words and commas of a line, without its comment. */
export function tokenize(line: string, file: string, number: number): Token[] {
  const code = line.replace(/;.*$/, '');
  return [...code.matchAll(/,|[^\s,]+/g)].map((match) => ({
    text: match[0],
    place: { file, line: number, column: match.index + 1 },
  }));
}

export function failAt(token: Token, message: string, hint?: string): never {
  throw new PlasticoreError('microcode', message, { ...token.place, hint });
}
