import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { chips } from '../../src/chips/kit.ts';
import { root } from '../support/root.ts';
import { sourceFiles } from './imports.ts';

/*
 * A chip is a folder in src/chips and a line in its index. No other source file may name it, whether in a `switch`, an
 * option or a message. src/chips/kit.ts only passes on what chips offer to programs.
 */
const mayName = new Set(['chips/index.ts', 'chips/kit.ts']);

/**
 * Files that use the name for something else: `controller` is any chip whose controller is data, and a word.
 */
const homonyms: Readonly<Record<string, RegExp>> = { controller: /./ };

/** Estimators cite what was published of chips; that is no knowledge of how they work. */
const cites = /^hardware\/estimate\//;

/** Whether a text names a chip: as a word, or as a part of an identifier such as `toyFormat` or `ToyController`. */
function names(text: string, chip: string): boolean {
  const capital = `${chip.charAt(0).toUpperCase()}${chip.slice(1)}`;
  return new RegExp(`\\b${chip}`, 'i').test(text) || text.includes(capital);
}

const textOf = (file: string) => readFileSync(join(root, 'src', file), 'utf8');

test.each(chips.map(({ name }) => name))('%s has a folder, and is known by no other file', (chip) => {
  expect(existsSync(join(root, 'src/chips', chip, 'index.ts'))).toBe(true);
  const elsewhere = sourceFiles().filter(
    (file) =>
      !file.startsWith(`chips/${chip}/`) &&
      !mayName.has(file) &&
      !cites.test(file) &&
      homonyms[chip]?.test(file) !== true,
  );
  expect(elsewhere.filter((file) => names(textOf(file), chip))).toEqual([]);
});

test.each(chips.map(({ name }) => name))('%s has at most four files', (chip) => {
  const files = sourceFiles().filter((file) => file.startsWith(`chips/${chip}/`));
  expect(files.length).toBeLessThanOrEqual(4);
});

test('a name is seen in code, not in other words', () => {
  for (const text of ["case 'odin':", 'odinFormat', 'new OdinEvents(', 'loadOdin', 'digits on ODIN'])
    expect(names(text, 'odin')).toBe(true);
  for (const text of ['encoding', 'type Encoding', 'decoding']) expect(names(text, 'odin')).toBe(false);
});

test.each(chips.map(({ name }) => name))('%s uses nothing but what plasticore/chips offers', (chip) => {
  const files = sourceFiles().filter((file) => file.startsWith(`chips/${chip}/`));
  expect(files).not.toEqual([]);
  const imports = files.flatMap((file) =>
    [...textOf(file).matchAll(/(?:from|import\() ?'([^']+)'/g)].map(([, name = '']) => ({ file, name })),
  );
  const elsewhere = imports.filter(({ file, name }) => {
    const target = normalize(join(dirname(file), name));
    return name !== 'zod' && target !== 'chips/api.ts' && !target.startsWith(`chips/${chip}/`);
  });
  expect(elsewhere).toEqual([]);
});
