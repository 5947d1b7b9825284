import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/root.ts';
import { codeFiles } from './code.ts';

/*
 * A plain object has `constructor` and `toString` whether or not somebody put them there. So a table by names that
 * people choose is a `Map`, a `tableOf`, or what a schema made with `recordOf` gives.
 */
const files = codeFiles('src', 'site').filter((file) => file !== 'src/text/names.ts');

/** What makes a table that is a plain object; defaults of parameters are the caller's. */
function plainTables(text: string): string[] {
  const schemas = text.match(/\bz\s*\.record\(/g) ?? [];
  const tables = text
    .split('\n')
    .filter((line) =>
      /(?:\b(?:const|let)|#)\s?\w+: (?:Readonly<)?Record<string, [^=]*(?:=>[^=]*)?= (?:\{|Object\.fromEntries)/.test(
        line,
      ),
    );
  return [...schemas, ...tables];
}

test('no table by names is a plain object', () => {
  const found = files.flatMap((file) =>
    plainTables(readFileSync(join(root, file), 'utf8')).map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

test('such a table is seen', () => {
  for (const line of [
    'const all: Record<string, number> = {};',
    '  readonly #kinds: Record<string, Kind> = {};',
    'const types: Readonly<Record<string, (path: string) => string>> = {',
    'const spikes: Record<string, number[]> = Object.fromEntries(list);',
  ])
    expect(plainTables(line)).toEqual([line]);
  for (const text of [
    '  names: z.record(z.string(), z.number()),',
    '  names: z\n    .record(z.string(), z.number())\n    .optional()',
  ])
    expect(plainTables(text)).toHaveLength(1);
  for (const line of ['  scalars: Readonly<Record<string, number>> = {},', 'const all = tableOf<number>();'])
    expect(plainTables(line)).toEqual([]);
});
