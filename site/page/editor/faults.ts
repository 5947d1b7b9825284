/** Faults of a design, one by one, and their places in texts. */
import { type ErrorParts, PlasticoreError } from '../../../src/text/index.ts';

export interface Fault {
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number | undefined;
  /** From 1; undefined for a fault of a whole line. */
  readonly column: number | undefined;
  /** As the command line words it, with its place and hint. */
  readonly words: string;
}

/** An error and the others that were found with it, in their order, each once. */
export function faultsOf(error: ErrorParts | undefined): Fault[] {
  if (error === undefined) return [];
  const { others = [], ...first } = error;
  const faults = [first, ...others].map((parts): Fault => {
    const fault = PlasticoreError.of({ code: parts.code, message: parts.message, place: parts.place });
    return { file: fault.file, line: fault.line, column: fault.column, words: fault.describe() };
  });
  return faults.filter(({ words }, index) => faults.findIndex((other) => other.words === words) === index);
}

/** The faults in a line: "1 fault", or "3 faults". */
export function countOf(faults: readonly Fault[]): string {
  return `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
}

/**
 * The characters that a fault is about: the word at its column; the whole line where it has no column. At least one
 * character wherever the line has any.
 *
 * @returns offsets into the text; undefined for a fault without a line, or with one that the text does not have
 */
export function rangeOf(
  { line, column }: Pick<Fault, 'line' | 'column'>,
  text: string,
): { readonly from: number; readonly to: number } | undefined {
  if (line === undefined) return undefined;
  const lines = text.split('\n');
  const content = lines[line - 1];
  if (content === undefined) return undefined;
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  if (column === undefined) {
    const code = /\S.*?(?=\s*$)/.exec(content);
    return { from: start + (code?.index ?? 0), to: start + (code ? code.index + code[0].length : 0) };
  }
  // A fault at the end of the line is about its last character.
  const at = Math.max(0, Math.min(column - 1, content.trimEnd().length - 1));
  const word = /^(?:,|[^\s,]+)/.exec(content.slice(at))?.[0] ?? content.slice(at, at + 1);
  return { from: start + at, to: start + at + word.length };
}
