import { readFileSync } from 'node:fs';

/** A small fault, as another text in the place of one that stands once in its file. */
export interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly fault: string;
  /** Tests that find it: a folder or the beginning of a file's name. */
  readonly foundBy: string;
}

/**
 * Those of `mutants.txt`. Each begins with the file, the tests that find it, and the fault in words; then come the
 * lines of the text after `-`, and those in their place after `+`.
 */
export const mutants: readonly Mutant[] = readFileSync(new URL('mutants.txt', import.meta.url), 'utf8')
  .split(/^(?=\w)/m)
  .map((entry) => {
    const [, file = '', foundBy = '', fault = ''] = /^(\S+), (\S+): (.*)$/m.exec(entry) ?? [];
    const text = (mark: string) =>
      Array.from(entry.matchAll(new RegExp(`^\\${mark} (.*)$`, 'gm')), ([, line = '']) => line).join('\n');
    return { file, foundBy, fault, from: text('-'), to: text('+') };
  });
