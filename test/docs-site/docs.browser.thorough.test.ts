import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLink } from '../../site/shared/link.ts';
import { filesIn, type StaticSite, serveFiles } from '../../src/cli/static-site.ts';
import { launch } from '../browser/chromium.ts';
import { axeFindings, builtSite, until } from '../site/site.ts';
import { needs } from '../support/needs.ts';
import { root } from '../support/root.ts';
import { scratch } from '../support/scratch.ts';

/** The site stands under a path, as on a host that has several. */
const base = '/plasticore/';
const { folder } = scratch();
/** The files of the site by their addresses. */
let files: Readonly<Record<string, Uint8Array>>;

beforeAll(async () => {
  const script = join(root, 'scripts/docs-site.ts');
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, ['--import', 'tsx', script, folder, base, await builtSite()], {
    env,
  });
  files = Object.fromEntries(
    Object.entries(filesIn(folder)).map(([path, bytes]) => [base + path.slice(1), bytes]),
  );
}, 300_000);

const texts = new Map<string, string>();
function textAt(address: string): string {
  const known = texts.get(address) ?? new TextDecoder().decode(files[address]);
  texts.set(address, known);
  return known;
}
const pagesOfSite = (): string[] =>
  Object.keys(files).filter((path) => path.endsWith('.html') && !path.startsWith(`${base}playground/`));

describe('the site of the documentation', () => {
  test('has no link to a page or a heading that is not there', () => {
    const broken = pagesOfSite()
      .filter((page) => !page.endsWith('/404.html'))
      .flatMap((page) =>
        [...textAt(page).matchAll(/\s(?:href|src)="([^"]+)"/g)]
          .map(([, link = '']) => new URL(link.replaceAll('&amp;', '&'), `http://host${page}`))
          .filter(({ host, protocol }) => host === 'host' && protocol === 'http:')
          .filter(({ pathname, hash }) => !isThere(pathname, decodeURIComponent(hash.slice(1))))
          .map(({ pathname, hash }) => `${page}: ${pathname}${hash}`),
      );
    expect([...new Set(broken)]).toEqual([]);
    expect(pagesOfSite().length).toBeGreaterThan(45);
  });

  test('asks no other host for anything, and has the licences of what it took in', () => {
    const loaded = pagesOfSite().flatMap((page) =>
      [...textAt(page).matchAll(/<(?:link|script|img|source)\s[^>]*?(?:href|src|srcset)="([^"]+)"/g)].map(
        ([, link = '']) => link,
      ),
    );
    expect(loaded.length).toBeGreaterThan(100);
    expect(loaded.filter((link) => /^(https?:)?\/\//.test(link))).toEqual([]);
    const licences = textAt(`${base}LICENSES.txt`);
    for (const name of ['vitepress 1', 'vue', 'minisearch 7']) expect(licences).toContain(name);
  });
});

/** Whether the site has a page, and the heading in it that the fragment names. */
function isThere(path: string, fragment: string): boolean {
  const file = path.endsWith('/') ? `${path}index.html` : path;
  if (files[file] === undefined) return false;
  return (
    fragment === '' || file.startsWith(`${base}playground/`) || textAt(file).includes(` id="${fragment}"`)
  );
}

describe('the site in Chromium', needs('chromium'), () => {
  let site: StaticSite;
  let browser: Browser;

  beforeAll(async () => {
    [site, browser] = await Promise.all([serveFiles(files, {}, 0), launch()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  async function open(page: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const tab = await context.newPage();
    const faults: string[] = [];
    tab.on('pageerror', (error) => faults.push(error.message));
    tab.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
    tab.on('request', (request) => void (request.url().startsWith(site.url) || faults.push(request.url())));
    await tab.goto(new URL(base + page, site.url).href);
    await until(tab, `document.querySelector('#app').__vue_app__ !== undefined`);
    return { tab, faults, close: () => context.close() };
  }

  const found = (tab: Page) =>
    tab.evaluate<string[]>(
      `[...document.querySelectorAll('.VPLocalSearchBox .result')].map((each) => each.textContent.trim())`,
    );

  test('finds what is looked for, by keyboard alone', async () => {
    const { tab, faults, close } = await open('docs/glossary.html');
    await tab.keyboard.press('Control+k');
    await tab.waitForSelector('.VPLocalSearchBox input');
    for (const [words, place] of [
      ['stochastic rounding', /rounding/i],
      ['eligibility', /eligibility|credit|rules/i],
      ['mp16-8', /precision|mp16/i],
    ] as const) {
      await tab.fill('.VPLocalSearchBox input', words);
      await expect.poll(() => found(tab)).toEqual(expect.arrayContaining([expect.stringMatching(place)]));
    }
    await tab.fill('.VPLocalSearchBox input', 'zzyzx');
    await expect.poll(() => found(tab)).toEqual([]);
    await tab.fill('.VPLocalSearchBox input', 'stochastic rounding');
    await expect.poll(async () => (await found(tab)).length).toBeGreaterThan(0);
    await tab.keyboard.press('Enter');
    await until(tab, `document.querySelector('.VPLocalSearchBox') === null`);
    await until(tab, `/stochastic/i.test(document.querySelector('main').textContent)`);
    expect(faults).toEqual([]);
    await close();
  });

  test.each([
    ['index.html', 'light', 1440],
    ['docs/first-rule.html', 'dark', 1440],
    ['docs/nir.html', 'light', 390],
  ] as const)(
    '%s has nothing that axe finds, %s, %i pixels wide, and no part beyond the screen',
    async (page, colorScheme, width) => {
      const { tab, faults, close } = await open(page, { colorScheme, viewport: { width, height: 844 } });
      expect(await axeFindings(tab)).toEqual([]);
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(faults).toEqual([]);
      await close();
    },
  );

  test('on a phone, the menu leads to another page', async () => {
    const { tab, faults, close } = await open('docs/first-rule.html', {
      viewport: { width: 390, height: 844 },
    });
    await tab.focus('.VPLocalNav .menu');
    await tab.keyboard.press('Enter');
    await tab.click('.VPSidebar.open a:has-text("Glossary")');
    await until(tab, `document.querySelector('h1').textContent.startsWith('Glossary')`);
    expect(faults).toEqual([]);
    await close();
  });

  test.each([
    ['docs/first-rule.html', 'experiments/recent.uc'],
    ['docs/instruction-set.html', 'programs/rules/learn.uc'],
  ])('a block of %s opens in the playground, which runs it', async (page, file) => {
    const { tab, faults, close } = await open(page);
    await tab.click('.open-links a:has-text("Open in the playground")');
    await until(tab, `/samples a second|done/.test(document.querySelector('#progress')?.textContent ?? '')`);
    expect(await tab.evaluate(`document.querySelector('#fault')?.hidden !== false`)).toBe(true);
    // What the page writes into its address is what it has open.
    const opened = readLink(new URL(tab.url()).hash.slice(1))?.design.edits ?? {};
    expect(Object.keys(opened)).toContain(file);
    expect(faults).toEqual([]);
    await close();
  });

  test('an experiment without its data leads to the page on data', async () => {
    const { tab, faults, close } = await open('docs/data.html');
    await tab.click('a.open-link:has-text("shd-snn")');
    await tab.waitForSelector('#link-note a');
    const [data] = await Promise.all([tab.context().waitForEvent('page'), tab.click('#link-note a')]);
    await data.waitForLoadState();
    expect(new URL(data.url()).pathname).toBe(`${base}docs/data.html`);
    expect(await data.textContent('h1')).toMatch(/^Data/);
    expect(faults).toEqual([]);
    await close();
  });
});
