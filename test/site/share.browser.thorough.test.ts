import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type Design, defaultDesign } from '../../site/shared/design.ts';
import { readLink, type SharedState, writeLink } from '../../site/shared/link.ts';
import { defaultLook } from '../../site/shared/look.ts';
import { compilerVersion } from '../../src/compiler/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { root } from '../support/root.ts';
import { openPlayground } from './open-playground.ts';
import { experimentOf, type Visit, visit } from './site.ts';

const patience = { timeout: 20_000 };

/** Waits until an expression is true on the page; the policy lets no text be compiled by the page itself. */
const until = (page: Page, expression: string): Promise<void> =>
  expect.poll(() => page.evaluate<boolean>(`Boolean(${expression})`), patience).toBe(true);

const state = (design: Partial<Design>, parts: Partial<SharedState> = {}): string =>
  writeLink({
    version: compilerVersion,
    design: { ...defaultDesign, ...design },
    position: 0,
    isStill: false,
    look: defaultLook,
    pinned: undefined,
    ...parts,
  });

describe('links in Chromium', needs('chromium'), () => {
  const playground = openPlayground();

  const open = (fragment = ''): Promise<Visit> =>
    visit(playground, { fragment, permissions: ['clipboard-read', 'clipboard-write'] });
  const textOf = async (page: Page, selector: string): Promise<string> =>
    (await page.locator(selector).textContent()) ?? '';
  const isRunning = (page: Page) =>
    until(page, `/samples a second/.test(document.querySelector('#progress')?.textContent)`);
  const standsAt = (page: Page, sample: string) =>
    until(
      page,
      `document.querySelector('#progress')?.textContent.includes('sample ${sample} of ')
      && document.querySelector('#play').textContent.includes('Run')`,
    );
  /** Presses Share, and gives the link, and the hash of the state that it says. */
  const share = async (page: Page): Promise<{ readonly link: string; readonly sha256: string }> => {
    await page.evaluate(`navigator.clipboard.writeText('')`);
    await page.click('#share');
    await expect.poll(() => page.evaluate<string>('navigator.clipboard.readText()'), patience).not.toBe('');
    await page.waitForSelector('.share-said:has-text("The link is copied") code');
    const title = await page.locator('.share:has(#share) .share-said code').getAttribute('title');
    return { link: await page.evaluate<string>('navigator.clipboard.readText()'), sha256: title ?? '' };
  };

  test('a link reopens a run where it stood, with the same state', async () => {
    const { page, faults } = await open(
      state({ settings: { 'hw.lanes': 32 }, seed: 7 }, { position: 330, isStill: true }),
    );
    await standsAt(page, '330');
    const first = await share(page);
    await page.click('#step');
    await standsAt(page, '331');
    const second = await share(page);
    expect(second.sha256).toMatch(/[0-9a-f]{64}$/);
    expect(second.sha256).not.toBe(first.sha256);
    expect(faults).toEqual([]);
    await page.context().close();

    const fragment = new URL(second.link).hash.slice(1);
    expect(readLink(fragment)).toMatchObject({ position: 331, isStill: true, design: { seed: 7 } });
    const { page: again } = await open(fragment);
    await standsAt(again, '331');
    expect(await share(again)).toEqual(second);
    await again.context().close();
  });

  test('the address says what is open, and is followed when it changes', async () => {
    const { page } = await open();
    await isRunning(page);
    await until(page, `location.hash.startsWith('#s1.')`);
    await page.click('#play');
    await until(page, `document.querySelector('#play').textContent.includes('Run')`);
    const [, epoch = 0, sample = 0, samples = 0] = (
      /epoch (\d+) of \d+, sample ([\d\s]+) of ([\d\s]+)/.exec(await textOf(page, '#progress')) ?? []
    ).map((text) => Number(text.replace(/\s/g, '')));
    const position = (epoch - 1) * samples + sample;
    const fragment = async () => readLink(new URL(page.url()).hash.slice(1));
    await expect.poll(async () => (await fragment())?.isStill, patience).toBe(true);
    expect((await fragment())?.position).toBe(position);
    await page.evaluate(`location.hash = '${state({ experiment: 'mnist-mlp' })}'`);
    await until(page, `document.querySelector('#experiment').value === 'mnist-mlp'`);
    await isRunning(page);
    // A place in the page is no link.
    await page.evaluate(`location.hash = 'play'`);
    await until(page, `location.hash.startsWith('#s1.')`);
    expect((await fragment())?.design.experiment).toBe('mnist-mlp');
    expect(await page.locator('#link-note').isVisible()).toBe(false);
    await page.context().close();
  });

  test.each([
    ['damaged', state({}).slice(0, -3), 'this link is damaged'],
    ['newer', 's2.abc', 'this link was made by a newer version of the playground'],
    [
      'of an experiment that is not there',
      state({ experiment: 'mnist-snm' }),
      "there is no bundled experiment 'mnist-snm'",
    ],
    ['escaped wrongly', '%E0%A4%A', 'this link is damaged'],
  ])('a link that is %s says so, and the default opens', async (_, fragment, words) => {
    const { page, faults } = await open(fragment);
    await page.waitForSelector('#link-note:not([hidden])');
    expect(await textOf(page, '#link-note')).toContain(words);
    await isRunning(page);
    expect(await experimentOf(page)).toBe('mnist-snn');
    await page.click('#link-note button');
    expect(await page.locator('#link-note').isVisible()).toBe(false);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a link that edits a file that is not there says so', async () => {
    const { page } = await open(state({ edits: { 'programs/none.yaml': 'format: plasticore/program/1' } }));
    await page.waitForSelector('#link-note:not([hidden])');
    expect(await textOf(page, '#link-note')).toContain(
      'holds programs/none.yaml, which this design does not use: that changes nothing',
    );
    await isRunning(page);
    await page.context().close();
  });

  test('a link whose samples take long says what it waits for, and for how long', async () => {
    const { page } = await open(state({ settings: { 'program.steps': 1_048_576 } }));
    await until(
      page,
      `/first 1.048.576 steps …\\s+\\d+ s so far/.test(document.querySelector('#progress')?.textContent)`,
    );
    await page.context().close();
  });

  test('a link of another version says so', async () => {
    const { page } = await open(state({}, { version: '0.0.1' }));
    await page.waitForSelector('#link-note:not([hidden])');
    expect(await textOf(page, '#link-note')).toContain(`made with version 0.0.1; this is ${compilerVersion}`);
    await isRunning(page);
    await page.context().close();
  });

  test('a design with a fault opens with its fault at its place, beside what runs', async () => {
    const edits = { 'programs/rules/lif.uc': 'kernel lif neuron\n  frobnicate r1\nend\n' };
    const { page } = await open(state({ edits }));
    await page.waitForSelector('#fault:not([hidden])');
    expect(await textOf(page, '#fault')).toMatch(/programs\/rules\/lif\.uc:\d+/);
    await isRunning(page);
    await expect
      .poll(() => readLink(new URL(page.url()).hash.slice(1))?.design.edits, patience)
      .toEqual(edits);
    await page.context().close();
  });

  test('a pinned design is in the link', async () => {
    const { page } = await open(
      state(
        {},
        {
          position: 120,
          isStill: true,
          pinned: { design: { ...defaultDesign, precision: 'fp32' }, position: 120 },
        },
      ),
    );
    await standsAt(page, '120');
    await until(
      page,
      `document.querySelector('#compared')?.textContent.includes('precision: fp32 → mp16-8')`,
    );
    await until(
      page,
      `[...document.querySelectorAll('#compared tr')].some(({ textContent }) => /^samples[^0-9]*120120/.test(textContent))`,
    );
    const { link } = await share(page);
    expect(readLink(new URL(link).hash.slice(1))?.pinned).toMatchObject({
      design: { precision: 'fp32' },
      position: 120,
    });
    await page.context().close();
  });

  test('what is downloaded runs on the command line to the state in which the page ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plasticore-download-'));
    const edits = {
      'programs/rules/lif.uc': readFileSync(join(root, 'programs/rules/lif.uc'), 'utf8').replace(
        'sub      r0, r0, r2',
        '; No leak.',
      ),
    };
    const settings = {
      'experiment.limit': 250,
      'experiment.epochs': 1,
      'program.populations.hidden.size': 96,
    };
    const { page } = await open(state({ settings, edits, precision: 'mp16-4' }));
    await until(page, `document.querySelector('#progress')?.textContent.startsWith('done')`);
    const { sha256 } = await share(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
    expect(download.suggestedFilename()).toBe('mnist-snn.zip');
    const files = unzipSync(new Uint8Array(readFileSync(await download.path())));
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    const report = join(folder, 'report.json');
    const run = await commandLine(
      argv`run ${join(folder, 'mnist-snn', 'experiment.yaml')} --json ${report} --quiet`,
    );
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const { provenance } = JSON.parse(readFileSync(report, 'utf8')) as {
      provenance: { stateSha256: string };
    };
    expect(sha256).toContain(provenance.stateSha256);
    expect(await textOf(page, '.share:has(#download) .share-said')).toContain('mnist-snn.zip downloaded');
    rmSync(folder, { recursive: true });
    await page.context().close();
  }, 120_000);

  test('where the page may not copy, it shows the link', async () => {
    const { page } = await open(state({}, { position: 5, isStill: true }));
    await standsAt(page, '5');
    await page.evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error('no'))`);
    await page.click('#share');
    const link = await page.inputValue('.share input');
    expect(readLink(new URL(link).hash.slice(1))).toMatchObject({ position: 5 });
    expect(await textOf(page, '.share:has(#share) .share-said')).toContain('Copy this link.');
    await page.context().close();
  });
});
