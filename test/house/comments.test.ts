import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/root.ts';
import { codeFiles } from './code.ts';

/* The formatter wraps code, but no comments. */
const most = 120;

/** Lines of comments that are too long, by number. */
function longLines(text: string): number[] {
  return text
    .split('\n')
    .flatMap((line, at) => (line.length > most && /^\s*(\/?\*|\/\/)/.test(line) ? [at + 1] : []));
}

test('no line of a comment is longer than 120 columns', () => {
  const found = codeFiles('src', 'site', 'scripts', 'test').flatMap((file) =>
    longLines(readFileSync(join(root, file), 'utf8')).map((line) => `${file}:${line}`),
  );
  expect(found).toEqual([]);
});

test('long lines of comments are found, and no others', () => {
  const words = 'word '.repeat(24);
  expect(longLines(`/** ${words}*/\nconst text = '${words}';\n * ${words}\n  // ${words}\n// short`)).toEqual(
    [1, 3, 4],
  );
});
