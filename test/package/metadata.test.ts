import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as kit from '../../src/chips/kit.ts';
import { compilerVersion } from '../../src/compiler/index.ts';
import { root } from '../support/root.ts';

interface Metadata {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const metadata = JSON.parse(read('package.json')) as Metadata;
const filesBelow = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));

/** The packages that files import. */
function packagesFrom(paths: readonly string[]): string[] {
  const names = paths
    .flatMap((path) => [
      ...read(path).matchAll(/(?:^(?:import|export|\}).* from |\bimport\()'([^.#'][^']*)'/gm),
    ])
    .map(([, name = '']) => name)
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(names)];
}

describe('the release', () => {
  test('has one version everywhere', () => {
    expect(metadata.version).toBe(compilerVersion);
    expect(JSON.parse(read('package-lock.json'))).toMatchObject({ version: metadata.version });
    expect(parse(read('CITATION.cff'))).toMatchObject({ version: metadata.version });
    expect(read('CHANGELOG.md')).toContain(`## [${metadata.version}]`);
    expect(read('python/pyproject.toml')).toContain(`\nversion = "${metadata.version}"\n`);
    expect(read('python/plasticore/__init__.py')).toContain(`\n__version__ = '${metadata.version}'\n`);
  });

  test('can be cited, and names the work that it rests on', () => {
    const person = expect.objectContaining({ 'family-names': expect.any(String) });
    expect(parse(read('CITATION.cff'))).toMatchObject({
      'cff-version': '1.2.0',
      type: 'software',
      title: 'Plasticore',
      message: expect.any(String),
      authors: [{ name: 'The Plasticore authors' }],
      license: 'Apache-2.0',
      references: [{ authors: [person, person], title: expect.stringContaining('Integer Arithmetic') }],
    });
  });
});

describe('the package', () => {
  const listing = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(listing) as [{ files: { path: string }[] }];
  const packed = files.map(({ path }) => path);

  test('holds what it reads when it runs, and what says what it is', () => {
    const bundled = ['experiments', 'programs', 'hw-models', 'schemas', 'templates', 'docs'].flatMap(
      filesBelow,
    );
    const pages = ['README.md', 'LICENSE', 'CHANGELOG.md', 'CITATION.cff', 'package.json'];
    expect(packed).toEqual(expect.arrayContaining([...bundled, ...pages]));
  });

  test('holds the package for Python, and nothing that pip has left beside it', () => {
    const there = filesBelow('python').map((path) => path.replace(/^\//, ''));
    const own = there.filter((path) => !/\/(build|__pycache__|[^/]*\.egg-info)\//.test(path));
    expect(own).toContain(join('python', 'plasticore', 'py.typed'));
    expect(packed.filter((path) => path.startsWith('python/')).sort()).toEqual(own.sort());
  });

  test('holds nothing else except the build', () => {
    const folders = new Set(packed.filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
    folders.delete('dist');
    expect([...folders].sort()).toEqual([
      'docs',
      'experiments',
      'hw-models',
      'programs',
      'python',
      'schemas',
      'templates',
    ]);
  });

  test.skipIf(!existsSync(join(root, 'dist')))(
    'holds the digits, when it is built, and their licence',
    () => {
      const parts = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'];
      const names = [...parts.map((part) => `${part}-ubyte`), 'LICENSE'];
      expect(packed).toEqual(expect.arrayContaining(names.map((name) => `dist/data/digits/${name}`)));
    },
  );

  test.skipIf(!existsSync(join(root, 'dist')))(
    'holds the playground, when it is built, and the licences',
    () => {
      const names = ['index.html', 'main.js', 'worker.js', 'style.css', 'LICENSES.txt', 'digits/LICENSE'];
      expect(packed).toEqual(expect.arrayContaining(names.map((name) => `dist/site/${name}`)));
      const licences = read('dist/site/LICENSES.txt');
      for (const name of ['preact', 'comlink', 'zod', 'yaml'])
        expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
    },
  );

  test('offers what the sources hold', () => {
    const targets = [...Object.values(metadata.bin), ...Object.values(metadata.exports)].flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
    const sources = targets.map((path) =>
      path
        .replace(/^\.\//, '')
        .replace(/^dist\//, 'src/')
        .replace(/\.d\.ts$|\.js$/, '.ts')
        // The build makes it of the bundled files.
        .replace('src/bundled.ts', 'scripts/bundled-texts.ts')
        .replace(/\/\*$/, ''),
    );
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('offers all that the page on chips of one’s own names', () => {
    const [, table = ''] = /^\| from `plasticore\/chips` (.*?)\n\n/ms.exec(read('docs/chips.md')) ?? [];
    const rows = table.split('\n').filter((line) => /^\| `/.test(line));
    const names = rows
      .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)])
      .map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(['namesIn', 'defineHost', 'PlasticoreError']));
    expect(Object.keys(kit)).toEqual(expect.arrayContaining(names));
    expect(packed).toEqual(expect.arrayContaining(['dist/cli/kit.js', 'templates/chip/mine.mjs']));
  });

  test('depends on every package that its sources import, but for what the build bundles, and on no other', () => {
    const bundled = ['cli-progress', 'cli-table3', 'echarts', 'esbuild', 'picocolors', 'preact', 'yargs'];
    const needed = packagesFrom(filesBelow('src')).filter((name) => !bundled.includes(name));
    expect(needed.sort()).toEqual(Object.keys(metadata.dependencies).sort());
    expect(Object.keys(metadata.devDependencies)).toEqual(expect.arrayContaining(bundled));
  });

  test('has every package that its page imports', () => {
    const needed = packagesFrom(filesBelow('site')).filter((name) => name !== 'plasticore');
    const known = Object.keys({ ...metadata.dependencies, ...metadata.devDependencies });
    expect(needed.filter((name) => !known.includes(name))).toEqual([]);
  });

  test.skipIf(!existsSync(join(root, 'dist')))('is built to a library that imports no other', () => {
    const library = filesBelow('dist').filter((path) => /^dist\/(?!cli\/|site\/).*\.js$/.test(path));
    expect(packagesFrom(library).sort()).toEqual(Object.keys(metadata.dependencies).sort());
  });

  test('names no registry in its lock file (npm install --omit-lockfile-registry-resolved)', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });
});
