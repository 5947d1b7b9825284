import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/root.ts';
import { findCycle } from './imports.ts';

/* No tool of the project formats Python. */
const mostColumns = 120;
const mostLines = 350;

const files = ['python/plasticore', 'templates/rtl', 'test/python'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.py'))
    .map((name) => `${folder}/${name}`),
);
const linesOf = (file: string): string[] => readFileSync(join(root, file), 'utf8').split('\n');

test('files in Python are short, and so are their lines', () => {
  expect(files).toContain('python/plasticore/__init__.py');
  expect(files.filter((file) => linesOf(file).length > mostLines)).toEqual([]);
  const long = files.flatMap((file) =>
    linesOf(file).flatMap((line, at) => (line.length > mostColumns ? [`${file}:${at + 1}`] : [])),
  );
  expect(long).toEqual([]);
});

test('no modules of the package import each other in a circle', () => {
  const modules = files.filter((file) => file.startsWith('python/plasticore/'));
  const imports = modules.flatMap((file) =>
    linesOf(file).flatMap((line) => {
      const [, to] = /^\s*from \.(\w+) import /.exec(line) ?? [];
      return to === undefined ? [] : { from: file, to: `python/plasticore/${to}.py` };
    }),
  );
  expect(imports.length).toBeGreaterThan(50);
  expect(findCycle(imports)).toBeUndefined();
});

test('the package imports numpy and what Python has; a notebook loads IPython itself', () => {
  const imported = files
    .filter((file) => file.startsWith('python/'))
    .flatMap(linesOf)
    .flatMap((line) => /^\s*(?:import|from) ([a-z_]\w*)/.exec(line)?.[1] ?? []);
  const ofPython = [
    '__future__',
    'base64',
    'collections',
    'csv',
    'dataclasses',
    'functools',
    'html',
    'importlib',
    'json',
    'operator',
    'os',
    'pathlib',
    're',
    'shlex',
    'shutil',
    'signal',
    'subprocess',
    'sys',
    'tempfile',
    'types',
    'typing',
    'warnings',
    'weakref',
  ];
  expect([...new Set(imported)].filter((name) => !ofPython.includes(name))).toEqual(['numpy']);
});
