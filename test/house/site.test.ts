import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/root.ts';
import { findCycle, type Import } from './imports.ts';

/** Imports of the playground's own files and of the rooms of `src`, as paths from the root of the package. */
const imports: readonly Import[] = readdirSync(join(root, 'site'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
  .map((name) => join('site', name))
  .flatMap((from) =>
    importsIn(readFileSync(join(root, from), 'utf8')).map((path) => ({
      from,
      to: relative(root, resolve(root, dirname(from), path)),
    })),
  );

/** Paths in `import`, `export … from` and `import()`, types included. */
function importsIn(text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport\(?)\s*'(\.{1,2}\/[^']+)'/g)].map(([, path = '']) => path);
}

/** What a folder of the playground may import of the others. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  page: ['page', 'shared'],
  worker: ['worker', 'shared'],
  shared: ['shared'],
};

const part = (path: string): string => path.split('/')[1] ?? '';

test('page and worker share only what is in shared', () => {
  const own = imports.filter(({ to }) => to.startsWith('site/'));
  expect(own.length).toBeGreaterThan(20);
  expect([...new Set(own.map(({ from }) => part(from)))].sort()).toEqual(Object.keys(allowed).sort());
  expect(own.filter(({ from, to }) => allowed[part(from)]?.includes(part(to)) !== true)).toEqual([]);
});

test('rooms are entered by their index, which needs no Node', () => {
  // The generated schemas and the templates are data.
  const rooms = imports.filter(({ to }) => !/^(?:site\/|templates\/|schemas\/.*\.json$)/.test(to));
  expect(rooms.length).toBeGreaterThan(20);
  expect(rooms.filter(({ to }) => !/^src\/[\w-]+\/index\.ts$/.test(to))).toEqual([]);
  expect(rooms.filter(({ to }) => ['src/fs/index.ts', 'src/cli/index.ts'].includes(to))).toEqual([]);
});

test('no files import each other in a circle', () => {
  expect(findCycle(imports)).toBeUndefined();
});
