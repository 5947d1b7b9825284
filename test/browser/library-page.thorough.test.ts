import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { scriptsAsText } from '../../scripts/bundle-report.ts';
import { bundledModule } from '../../scripts/bundled-texts.ts';
import { serveFiles } from '../../src/cli/static-site.ts';
import { stratifiedPrefix, writeNpz } from '../../src/data/index.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import { findFile } from '../../src/fs/index.ts';
import { loadCore, samplesOf } from '../../src/library/index.ts';
import { readPage } from '../package/reader.ts';
import { pagesOf } from '../package/readme.ts';
import { needs } from '../support/needs.ts';
import { launch } from './chromium.ts';

const embedded = loadEmbedded();
const digits = {
  train: stratifiedPrefix(embedded.train, 100, 0),
  test: stratifiedPrefix(embedded.test, 100, 0),
};

/** A program of docs/library.md as one script, of the sources, with `plasticore/bundled` as the build makes it. */
async function bundled(code: string): Promise<string> {
  const index = fileURLToPath(new URL('../../src/index.ts', import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    plugins: [
      scriptsAsText,
      {
        name: 'the package from its sources',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^plasticore$/ }, () => ({ path: index }));
          onResolve({ filter: /^plasticore\/bundled$/ }, () => ({ path: 'bundled', namespace: 'made' }));
          onLoad({ filter: /.*/, namespace: 'made' }, () => ({
            contents: bundledModule(index),
            resolveDir: fileURLToPath(new URL('.', import.meta.url)),
          }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

/** What the page prints, computed here. */
function expected(): string {
  const core = loadCore('mnist-snn', { on: 'reference', precision: 'mp16-8', seed: 1 }, findFile);
  const { train, test: tested } = samplesOf({ name: 'digits', description: '', ...digits });
  for (const sample of train) core.learn(sample);
  core.resetCounters();
  const right = [...tested].filter((sample) => core.answer(sample) === sample.label).length;
  const { cycles, energyPj } = core.price();
  return [right, cycles, energyPj.total, 256].join(' ');
}

test('the page of docs/library.md gives the same figures in Chromium', needs('chromium'), async () => {
  const [page = ''] = pagesOf(readPage('docs/library.md'));
  const npz = writeNpz({
    x: { shape: [100, 784], data: digits.train.values },
    y: { shape: [100], data: digits.train.labels },
    x_test: { shape: [100, 784], data: digits.test.values },
    y_test: { shape: [100], data: digits.test.labels },
  });
  const bytes = (text: string) => new TextEncoder().encode(text);
  const files = {
    '/index.html': bytes('<!doctype html><script type="module" src="page.js"></script>'),
    '/page.js': bytes(await bundled(page)),
    '/digits.npz': npz,
  };
  const server = await serveFiles(files, {}, 0);
  const browser = await launch();
  try {
    const tab = await browser.newPage();
    const printed = tab.waitForEvent('console', { predicate: (message) => message.type() === 'log' });
    await tab.goto(server.url);
    // Estimators take powers of nodes, which versions of V8 round differently in the last place.
    const figures = (text: string) => text.split(' ').map((figure) => Number(figure).toPrecision(12));
    expect(figures((await printed).text())).toEqual(figures(expected()));
  } finally {
    await browser.close();
    server.close();
  }
});
