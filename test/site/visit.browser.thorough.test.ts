import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from '../browser/chromium.ts';
import { firefoxPath } from '../browser/firefox.ts';
import { has, needs } from '../support/needs.ts';
import { type Site, serveSite } from './site.ts';

const browsers = [
  { browser: 'chrome', executablePath: chromiumPath, needed: 'chromium' },
  { browser: 'firefox', executablePath: firefoxPath, needed: 'firefox' },
] as const;

/**
 * What a visitor does, in one script for every browser: WebDriver BiDi drives them. Chromium has tests of its own for
 * each part of it, and makes the visit where there is no Firefox.
 */
const visitors = browsers.filter(({ browser }) => browser === 'firefox' || !has('firefox'));
describe.each(visitors)('a visit in $browser', ({ browser: name, executablePath, needed }) => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    if (!has(needed)) return;
    [site, browser] = await Promise.all([
      serveSite(),
      puppeteer.launch({
        browser: name,
        executablePath,
        protocol: 'webDriverBiDi',
        args: name === 'chrome' ? ['--no-sandbox', '--disable-gpu'] : [],
      }),
    ]);
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(site.url);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  const ask = async (expression: string): Promise<unknown> => page.evaluate(expression);
  const textOf = async (selector: string): Promise<string> =>
    String(await ask(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`));
  const says = (selector: string, words: RegExp) =>
    expect.poll(() => textOf(selector), { timeout: 40_000 }).toMatch(words);
  const press = async (selector: string): Promise<void> => {
    // By the page itself: panels that come and go move what is below them, away from where a pointer would click.
    await page.waitForSelector(selector, { visible: true });
    await ask(`document.querySelector(${JSON.stringify(selector)}).click()`);
  };

  test('draws, teaches, changes, compares, reads and edits', {
    timeout: 180_000,
    ...needs(needed),
  }, async () => {
    await says('#progress', /epoch [2-9] of 15, sample/);
    await press('#play');
    await says('#play', /Run/);

    const box = await (await page.waitForSelector('#pad'))?.boundingBox();
    if (!box) throw new Error('there is no sheet');
    await page.mouse.move(box.x + box.width / 2, box.y + 0.15 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 0.85 * box.height, { steps: 12 });
    await page.mouse.up();
    await says('#draw .answer strong', /^Answer: 1$/);
    await page.select('#teach-label', '3');
    await press('#teach');
    await says('#progress', /learnt 1 of your drawings/);
    await press('#clear');

    // 8-bit shadows and 4-bit weights take half of 612 kB.
    expect(await textOf('#memory-now')).toBe('612 kB');
    await press('#pin');
    await page.focus('#precision');
    await page.keyboard.press('Home');
    await says('#memory-now', /^30[78] kB$/);
    await says('#compared', /precision: mp16-8 → mp8-4/);
    await press('#unpin');
    await press('#restore');
    await says('#memory-now', /^612 kB$/);

    await press('button.lesson');
    await says('#lesson-title', /A core that learns/);
    await ask(`[...document.querySelectorAll('.open-lesson button')].at(-1).click()`);

    // The lesson gives the focus back to its card after a paint. Keys typed before that would press the card.
    await expect.poll(() => ask(`document.activeElement.matches('button.lesson')`)).toBe(true);
    await page.waitForSelector('#editor .editor-code');
    await ask(`document.querySelector('#editor').scrollIntoView()`);
    const text = `document.querySelector('.editor-code').shadowRoot`;
    await expect
      .poll(() => ask(`${text}.querySelector('.cm-content').focus(), ${text}.activeElement !== null`))
      .toBe(true);
    await page.keyboard.type('nonsense\n', { delay: 20 });
    await says('#editor [role=status]', /fault.*What ran before runs on/);
    await page.waitForSelector('.editor-head button');
    await ask(`document.querySelector('.editor-head button').click()`);
    await says('#editor [role=status]', /It compiles, and runs/);

    await press('#experiment');
    await press('#gallery button.card[value=rounding-nearest]');
    await says('#progress', /^done: \d?\d\.\d\d % of 2.000/);
    await expect.poll(() => ask('location.hash.slice(0, 4)'), { timeout: 10_000 }).toBe('#s1.');
    expect(faults).toEqual([]);
  });
});
