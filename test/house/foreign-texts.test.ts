import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/root.ts';
import { codeFiles } from './code.ts';

/*
 * Texts in other languages are files, which editors and tools know as what they are: templates/. What depends on a core
 * is written line by line, each a string of its own.
 */

/** Lines of Verilog, of Python, and of SQL, as they begin. */
const foreign: readonly RegExp[] = [
  /^\s*(?:module \w+|endmodule|always\b|assign \w+|initial begin|(?:wire|reg|localparam)\b.*;$|always_comb|`timescale)/,
  /^(?:import \w+|from \w+ import .*|\s*def \w+\(.*\):|\s*class \w+.*:)$/,
  /^\s*(?:SELECT|INSERT INTO|CREATE TABLE|UPDATE) /,
];

/** Template literals of more than a line, with the number of their first line. What they fill in is left out. */
function longTexts(code: string): { readonly line: number; readonly text: string }[] {
  const texts: { line: number; text: string }[] = [];
  const open: { start: number; text: string; depth: number }[] = [];
  for (let at = 0; at < code.length; at++) {
    const current = open.at(-1);
    const isText = current !== undefined && current.depth === 0;
    const [one = '', two = ''] = [code[at], code.slice(at, at + 2)];
    if (isText && one === '\\') {
      current.text += code.slice(at, at + 2);
      at += 1;
    } else if (isText && two === '${') {
      current.depth = 1;
      at += 1;
    } else if (isText && one === '`') {
      open.pop();
      if (current.text.includes('\n'))
        texts.push({ line: code.slice(0, current.start).split('\n').length, text: current.text });
    } else if (isText) current.text += one;
    else if (one === '`') open.push({ start: at, text: '', depth: 0 });
    else if (two === '//' || two === '/*') {
      const end = code.indexOf(two === '//' ? '\n' : '*/', at);
      at = end < 0 ? code.length : end;
    } else if (one === "'" || one === '"') {
      do at += code[at] === '\\' ? 2 : 1;
      while (at < code.length && code[at] !== one && code[at] !== '\n');
    } else if (current !== undefined && one === '{') current.depth += 1;
    else if (current !== undefined && one === '}') current.depth -= 1;
  }
  return texts;
}

const isForeign = (text: string): boolean =>
  text.split('\n').filter((line) => foreign.some((begins) => begins.test(line))).length > 1;

const found = codeFiles('src', 'site', 'scripts').flatMap((file) =>
  longTexts(readFileSync(join(root, file), 'utf8')).flatMap(({ line, text }) =>
    isForeign(text) ? [{ file, line }] : [],
  ),
);

test('texts of Verilog, Python and SQL are files', () => {
  expect(found).toEqual([]);
});

test('such a text is seen, and no other', () => {
  // Placeholders are written `@{}` here.
  const seen = (text: string) =>
    longTexts(text.replaceAll('@{', '${')).map(({ line, text }) => [line, isForeign(text)]);
  expect(seen('const a = 1;\nconst b = `module m;\n@{a}\n  wire x;\nendmodule`;')).toEqual([[2, true]]);
  expect(seen('`import os\n\ndef main():\n`')).toEqual([[1, true]]);
  // Lines that are strings of their own, text for people, and a text within what is filled in.
  expect(seen("['module m;', `wire @{a};`, 'endmodule'].join(`\\n`)")).toEqual([]);
  expect(seen('`from a core\nimport it`')).toEqual([[1, false]]);
  expect(seen("`a @{[`reg a;\nreg b;`, '`']} b`")).toEqual([[1, true]]);
});
