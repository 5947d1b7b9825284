import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ensureBuilt } from '../support/build.ts';
import { root } from '../support/root.ts';

ensureBuilt();
const site = join(root, 'dist/site');
const read = (name: string): string => readFileSync(join(site, name), 'utf8');

/** The files that a script needs before it runs, and those that it fetches later. */
function loadedBy(script: string, found = { first: new Set<string>(), later: new Set<string>() }) {
  if (found.first.has(script)) return found;
  found.first.add(script);
  const text = read(script);
  for (const [, name = ''] of text.matchAll(/\bimport\("\.\/([^"]+)"\)/g)) found.later.add(name);
  for (const [, name = ''] of text.matchAll(/(?:\bfrom|\bimport)"\.\/([^"]+)"/g)) loadedBy(name, found);
  return found;
}

const html = read('index.html');
const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name = '']) => name);
const first = new Set(['index.html', ...named]);
const later = new Set<string>();
for (const script of ['main.js', 'worker.js']) {
  const found = loadedBy(script);
  for (const name of found.first) first.add(name);
  for (const name of found.later) later.add(name);
}

test('a first load is at most 1.5 MB compressed, with all that it may fetch but HDF5', () => {
  const bytes = (name: string): number => gzipSync(readFileSync(join(site, name))).length;
  const isHdf5 = (name: string): boolean => /\.File\b.*HDF5|H5Fopen/.test(read(name));
  const all = new Set([
    ...first,
    ...[...later].filter((name) => !isHdf5(name)).flatMap((name) => [...loadedBy(name).first]),
  ]);
  expect([...first]).toEqual(expect.arrayContaining(['index.html', 'style.css', 'main.js', 'worker.js']));
  const sizes = Object.fromEntries([...all].map((name) => [name, bytes(name)]));
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  expect(total, JSON.stringify(sizes)).toBeLessThan(1.5e6);
  // The one thing that is larger comes when a file in that format is dropped.
  expect([...later].filter(isHdf5)).toHaveLength(1);
  expect([...first].filter(isHdf5)).toEqual([]);
});

describe('the page', () => {
  const [, policy = ''] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html) ?? [];
  const directives = new Map(
    policy.split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );

  test('allows nothing that is not named, and no inline code or style', () => {
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(directives.get('style-src')).toEqual(["'self'"]);
    expect(directives.get('connect-src')).toEqual(["'self'"]);
    expect(directives.get('worker-src')).toEqual(["'self'"]);
    expect(directives.get('base-uri')).toEqual(["'none'"]);
    expect(directives.get('form-action')).toEqual(["'none'"]);
    expect([...directives.values()].flat()).not.toContain("'unsafe-inline'");
    expect([...directives.values()].flat()).not.toContain("'unsafe-eval'");
    // The policy has to come before whatever it is to hold for.
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.search(/<(link|script|style)\b/));
  });

  test('names the parts without which it does not begin, so that a browser asks for all of them at once', () => {
    const preloaded = [...html.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, name = '']) => name);
    expect(preloaded.sort()).toEqual([...loadedBy('main.js').first].sort());
    expect(preloaded.length).toBeGreaterThan(2);
  });

  test('has no inline code, and names only files that are there, by relative paths', () => {
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style\b|\bon\w+=|\bstyle=/);
    expect(named.filter((name) => !existsSync(join(site, name)) || name.startsWith('/'))).toEqual([]);
  });
});
