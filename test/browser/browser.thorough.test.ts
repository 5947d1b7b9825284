import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StaticSite, serveFiles } from '../../src/cli/static-site.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import * as plasticore from '../../src/internals.ts';
import { needs } from '../support/needs.ts';
import { bundleForBrowser, faultsOf } from './bundle.ts';
import { launch } from './chromium.ts';
import { type TenDigits, type Texts, tenDigits } from './ten-digits.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const texts: Texts = {
  'mnist-snn': read('programs/mnist-snn.yaml'),
  ...Object.fromEntries(
    ['lif', 'three-factor', 'learn', 'feedback', 'traces'].map((name) => [
      `rules/${name}.uc`,
      read(`programs/rules/${name}.uc`),
    ]),
  ),
  reference: read('hw-models/reference.yaml'),
  fp32: read('hw-models/fp32.yaml'),
};

/** One digit of each class, as the bytes of a .npz file. */
function digitsFile(): Uint8Array {
  const { values, labels } = plasticore.stratifiedPrefix(loadEmbedded().train, 10, 0);
  const x = { shape: [10, 784], data: values };
  const y = { shape: [10], data: Uint8Array.from(labels) };
  return plasticore.writeNpz({ x, y, x_test: x, y_test: y });
}

describe('the entry for browsers', () => {
  test('is bundled with no module of Node in it', async () => {
    const { code, imports, builtins, warnings } = await bundleForBrowser('src/internals.ts');
    expect(code).toContain('plasticore/image');
    expect({ imports, builtins, warnings }).toEqual({ imports: [], builtins: [], warnings: [] });
  });

  test("the entry for Node can't be: the bundler would notice", async () => {
    expect((await faultsOf('src/node.ts')).join('\n')).toContain('Could not resolve "node:fs"');
  });
});

describe('in Chromium', needs('chromium'), () => {
  const npz = digitsFile();
  let server: StaticSite | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const script = async (path: string) => bytes((await bundleForBrowser(path)).code);
    const files = {
      '/index.html': bytes('<!doctype html><meta charset="utf-8"><title>ten digits</title>'),
      '/plasticore.js': await script('src/internals.ts'),
      '/ten-digits.js': await script('test/browser/ten-digits.ts'),
      '/texts.json': bytes(JSON.stringify(texts)),
      '/digits.npz': npz,
    };
    server = await serveFiles(files, {}, 0);
    browser = await launch();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test('ten digits end in the same state and the same counters as in Node, with both engines', async () => {
    if (browser === undefined || server === undefined) throw new Error('nothing was started');
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(server.url);
    // A string, for what a function's source becomes on its way here is the test runner's business.
    const there = await page.evaluate<TenDigits[]>(`(async () => {
      const [plasticore, { tenDigits }] = await Promise.all([import('/plasticore.js'), import('/ten-digits.js')]);
      const texts = await (await fetch('/texts.json')).json();
      const npz = new Uint8Array(await (await fetch('/digits.npz')).arrayBuffer());
      return tenDigits(plasticore, texts, npz);
    })()`);
    expect(faults).toEqual([]);
    expect(there.map(({ precision, engine }) => `${engine} at ${precision}`)).toEqual([
      'fast at mp16-8',
      'reference at mp16-8',
      'fast at fp32',
      'reference at fp32',
    ]);
    expect(there).toEqual(await tenDigits(plasticore, texts, npz));
    for (const { before, after, counters } of there) {
      expect(after).not.toBe(before);
      // Eight steps a digit.
      expect([counters.samples, counters.steps]).toEqual([10, 80]);
    }
    const [fast, reference, fastFloat, referenceFloat] = there.map(({ after }) => after);
    expect([fast, fastFloat]).toEqual([reference, referenceFloat]);
  });
});
