import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import { commandLine } from '../cli/in-process.ts';
import { bytesOf, paper } from '../nir/files.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { root } from '../support/root.ts';
import { scratch } from '../support/scratch.ts';
import { writeRandomShd } from '../support/shd-files.ts';
import { openPlayground } from './open-playground.ts';
import { axeFindings, chooseExperiment, experimentOf, visit } from './site.ts';

const patience = { timeout: 30_000 };

describe('own data in Chromium', needs('chromium'), () => {
  const { folder } = scratch();
  const path = (name: string): string => join(folder, name);
  const playground = openPlayground();

  beforeAll(async () => {
    const { train } = loadEmbedded();
    if (train.kind !== 'features') throw new Error('digits are features');
    const count = 400;
    writeFileSync(
      path('mine.npz'),
      writeNpz({
        x: { shape: [count, train.inputs], data: train.values.slice(0, count * train.inputs) },
        y: { shape: [count], data: Uint8Array.from(train.labels.slice(0, count)) },
      }),
    );
    writeFileSync(
      path('small.npz'),
      writeNpz({
        x: { shape: [60, 4, 4], data: Uint8Array.from({ length: 960 }, (_, at) => (at * 37) % 256) },
        y: { shape: [60], data: Uint8Array.from({ length: 60 }, (_, sample) => sample % 12) },
      }),
    );
    writeFileSync(path('notes.txt'), 'notes');
    writeFileSync(path('neuron.nir'), bytesOf(paper, 'lif_rockpool.nir'));
    const spikes = Uint8Array.from({ length: 100 }, (_, step) => Number(step % 9 < 5));
    writeFileSync(path('spikes.npz'), writeNpz({ input: { shape: [1, 100, 1], data: spikes } }));
    writeRandomShd(folder, { trainOfClass: 2, testOfClass: 1, spikes: 40, seed: 3 });
  }, 60_000);

  const open = async () => {
    const visited = await visit(playground);
    await visited.page.waitForSelector('#own-files', patience);
    return visited;
  };
  const choose = (page: Page, ...names: readonly string[]) => page.setInputFiles('#own-files', names);
  const says = (page: Page, selector: string, words: string) =>
    expect.poll(() => page.locator(selector).textContent(), patience).toContain(words);

  test('a .npz file is learnt from, until the digits come back', async () => {
    const { page, faults, requests } = await open();
    await choose(page, path('mine.npz'));
    await says(page, '#own-said', 'mine.npz: 320 samples to learn, 80 to test');
    await says(page, '#progress', 'of 320');
    expect(await axeFindings(page, '#own')).toEqual([]);
    await page.click('#own-none');
    await says(page, '#progress', 'of 8');
    expect(await page.locator('#own-none').count()).toBe(0);
    // Other sizes are one error; one press gives them to the network.
    await choose(page, path('small.npz'));
    await says(page, '#own-fault', "has 16 inputs; population 'input' of 'mnist-snn' takes 784");
    await says(page, '#progress', 'of 8');
    await page.click('#own-fault .adapt');
    await says(page, '#own-said', 'small.npz: 48 samples to learn, 12 to test');
    await says(page, '#progress', 'of 12 test samples are right');
    expect(await page.locator('#own-fault').isVisible()).toBe(false);
    expect(faults).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(playground.site.url))).toEqual([]);
    await page.context().close();
  }, 60_000);

  test('a file that is dropped anywhere is taken, and one that is no data says so', async () => {
    const { page } = await open();
    const drop = async (name: string): Promise<void> => {
      const bytes = readFileSync(path(name)).toString('base64');
      await page.evaluate(`(() => {
        const transfer = new DataTransfer();
        const bytes = Uint8Array.from(atob('${bytes}'), (character) => character.charCodeAt(0));
        transfer.items.add(new File([bytes], '${name}'));
        for (const type of ['dragover', 'drop'])
          document.querySelector('h1').dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
      })()`);
    };
    await drop('notes.txt');
    await says(page, '#own-fault', 'notes.txt: the page cannot read data from this file');
    await drop('mine.npz');
    await says(page, '#progress', 'of 320');
    expect(await page.locator('#own-fault').isVisible()).toBe(false);
    await page.context().close();
  }, 60_000);

  test('an experiment that needs data says which, and takes HDF5 files', async () => {
    const { page, faults } = await open();
    await chooseExperiment(page, 'shd-snn');
    await says(page, '#fault', "experiment 'shd-snn' needs data that are not on this page");
    await choose(page, path('shd_train.h5'), path('shd_test.h5'));
    await says(page, '#own-said', 'shd_train.h5 and shd_test.h5: 40 samples to learn, 20 to test');
    await says(page, '#progress', 'of 40');
    expect(await page.locator('#fault').isVisible()).toBe(false);
    // The content policy lets the library of HDF5 run.
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  test('the report of a run opens its design, and shows its figures', async () => {
    const report = path('report.json');
    const run = await commandLine(
      argv`run mnist-snn --precision mp16-4 --epochs 1 --limit 100 --set hw.lanes=8 --json ${report} --quiet`,
    );
    expect(run.status).toBe(0);
    const { page } = await open();
    await choose(page, report);
    await says(page, '#own-said', 'report.json is open.');
    await says(page, '#own-said table', 'accuracy on the test set');
    await says(page, '#progress', 'done: ');
    const { stateSha256 } = (
      JSON.parse(readFileSync(report, 'utf8')) as { provenance: { stateSha256: string } }
    ).provenance;
    await page.click('#share');
    await expect
      .poll(() => page.locator('.share:has(#share) code').getAttribute('title'), patience)
      .toContain(stateSha256);
    await page.context().close();
  }, 60_000);

  test('a graph of NIR becomes a program and runs', async () => {
    const { page, faults } = await open();
    // One that the digits do not fit waits for samples, which may come later.
    await choose(page, path('neuron.nir'));
    await page.selectOption('#nir-from', 'rockpool');
    await says(page, '#nir-missing', 'Drop samples for it');
    expect(await page.isDisabled('#nir-import')).toBe(true);
    await choose(page, path('spikes.npz'));
    await says(page, '#nir-view', 'It will be asked about spikes.npz.');
    await page.click('#nir-import');
    await says(page, '#own-said table', 'integers answer as floats do');
    await expect.poll(() => experimentOf(page), patience).toBe('neuron');
    // Its samples are those of one network alone.
    await choose(page, join(root, 'experiments/digits-sinabs.nir'));
    // Nothing runs before it is known what the file is of.
    await says(page, '#nir legend', 'digits-sinabs.nir: what it does not say');
    await says(page, '#nir-view', 'It takes 1 x 28 x 28');
    expect(await experimentOf(page)).toBe('neuron');
    expect(await page.inputValue('#nir-from')).toBe('sinabs');
    await page.fill('#nir-steps', '24');
    await page.locator('#nir-steps').blur();
    await page.click('#nir-import');
    // A hundred digits are run in floats, too.
    await expect
      .poll(() => page.locator('#own-said').textContent(), { timeout: 100_000 })
      .toContain('digits-sinabs.nir is open.');
    await says(page, '#own-said table', 'integers answer as floats do');
    expect(await page.inputValue('#nir-from')).toBe('sinabs');
    // The test may be over before it is seen.
    await expect
      .poll(() => page.locator('#progress').textContent(), patience)
      .toMatch(/testing, sample|done/);
    expect(await experimentOf(page)).toBe('digits-sinabs');
    // It has no rule that learns.
    expect(await page.locator('#teach').count()).toBe(0);
    expect(await page.locator('#teach-not').isVisible()).toBe(true);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
    expect(download.suggestedFilename()).toBe('digits-sinabs.zip');
    expect(faults).toEqual([]);
    await page.context().close();
  }, 150_000);
});
