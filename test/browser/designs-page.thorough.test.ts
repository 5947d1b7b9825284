import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as report from '../../src/report/index.ts';
import { handMadeRun } from '../report/html/hand-made.ts';
import { manyDesigns } from '../report/html/many-designs.ts';
import { builtModule } from '../support/build.ts';
import { needs } from '../support/needs.ts';
import { launch } from './chromium.ts';

const search = manyDesigns();

/** The same number of runs of a sweep: five hundred designs on two axes. */
const runs = Array.from({ length: 500 }, (_, index) =>
  handMadeRun({
    accuracy: 0.5 + (index % 25) / 100,
    energyPj: 1000 + index,
    settings: [`hw.lanes=${index % 25}`, `program.parameters.gain=${Math.floor(index / 25)}`],
  }),
);

describe('the report of five hundred designs in Chromium', needs('chromium'), () => {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-designs-'));
  const url = (name: string): string => pathToFileURL(join(folder, `${name}.html`)).href;
  const faults: string[] = [];
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    // One as it is shipped, with the script that the build has put into it.
    const shipped = await builtModule<typeof report>('report/index.js');
    const pages = {
      search: await shipped.reportPage({ folders: [], study: search }),
      sweep: await report.reportPage({
        folders: runs.map((run, index) => ({ ...run, name: `cells/${index}` })),
      }),
    };
    for (const [name, { text }] of Object.entries(pages)) writeFileSync(join(folder, `${name}.html`), text);
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  const count = (): Promise<string> => page.evaluate(`document.querySelector('.count').textContent`);
  const marks = (): Promise<number> =>
    page.evaluate(`document.querySelectorAll('#explorer .picture [data-design]').length`);
  const choose = (name: string, value: string): Promise<void> =>
    page.evaluate(`(() => {
        const select = document.querySelector('#explorer [name=${name}]');
        select.value = '${value}';
        select.dispatchEvent(new Event('change'));
      })()`);
  const clickChip = async (legend: string, value: string): Promise<void> => {
    const group = page.locator('#explorer fieldset', { has: page.locator('legend', { hasText: legend }) });
    await group.locator('.chip', { hasText: new RegExp(`^${value}$`) }).click();
  };

  test.each(['search', 'sweep'])('the page of a %s is bounded, and nothing sticks out', async (name) => {
    for (const width of [1280, 800, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(url(name));
      const [across, down] = await page.evaluate<[number, number]>(
        `[document.documentElement.scrollWidth, document.documentElement.scrollHeight]`,
      );
      expect(across).toBe(width);
      expect(down).toBeLessThan(width > 1000 ? 15_000 : 20_000);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(faults).toEqual([]);
  });

  test('all figures of a design of the front are seen at 390 px, each beside its name', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(url('search'));
    const seen = await page.evaluate<{ text: string; head: string; right: number }[]>(`(() =>
        [...document.querySelectorAll('#front tbody tr:first-child td')].map((cell) => {
          const range = document.createRange();
          range.selectNodeContents(cell);
          const { right } = range.getBoundingClientRect();
          return { text: cell.textContent, head: getComputedStyle(cell, '::before').content, right };
        }))()`);
    expect(seen.slice(0, 3).map(({ head }) => head)).toEqual([
      '"accuracy"',
      '"energy of an inference"',
      '"area"',
    ]);
    for (const { text, right } of seen) expect(right, text).toBeLessThanOrEqual(390);
    const isWhole = `document.querySelector('#front .scroll').scrollWidth <= document.querySelector('#front .scroll').clientWidth`;
    expect(await page.evaluate(isWhole)).toBe(true);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test.each(['search', 'sweep'])('no labels overlap in any picture of a %s', async (name) => {
    await page.goto(url(name));
    const overlaps = await page.evaluate<string[]>(`(() => {
        const found = [];
        for (const svg of document.querySelectorAll('.picture svg')) {
          const texts = [...svg.querySelectorAll('text')].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
          for (const [at, a] of texts.entries())
            for (const b of texts.slice(at + 1)) {
              const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
              const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
              if (across > 1 && down > 4) found.push(svg.closest('figure').id + ': ' + a.text + ' / ' + b.text);
            }
        }
        return found;
      })()`);
    expect(overlaps).toEqual([]);
  });

  test('choices, limits, names and the front filter what is shown, in the plot, the table and its CSV', async () => {
    await page.goto(url('search'));
    // One design has no figures.
    expect([await count(), await marks()]).toEqual([
      '500 of 500 designs, 1 of them without these figures',
      499,
    ]);
    await clickChip('lanes', '4');
    await clickChip('lanes', '8');
    expect([await count(), await marks()]).toEqual([
      '300 of 500 designs, 1 of them without these figures',
      299,
    ]);
    await page.fill('#explorer [name=text]', 'mp16-8 hidden=64');
    // Three numbers of lanes times four widths.
    expect([await count(), await marks()]).toEqual(['12 of 500 designs', 12]);
    expect(
      await page.evaluate(`document.querySelectorAll('#designs-all tbody tr:not([hidden])').length`),
    ).toBe(12);
    await page.evaluate(`document.querySelector('#explorer .limits').closest('details').open = true`);
    // 1 000 000 + 2000 x lanes + 100 x word + 500 x 64 um2 are at most 1.11 mm2 with 16 lanes and words up to 256,
    // and with 32 lanes and words up to 128.
    const limit = page.locator('#explorer .limits label', { hasText: 'area, at most' }).locator('input');
    await limit.fill('1.11');
    expect(await count()).toBe('5 of 500 designs');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate<void>(`document.querySelector('#designs-all > .bar > button.save').click()`),
    ]);
    expect(
      readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(6);
    await page.locator('#explorer [name=all]').click();
    await page.locator('#explorer [name=front]').check();
    expect(await marks()).toBe(search.front.length);
  });

  test('any two figures are axes, and a third is the colour', async () => {
    await page.goto(url('search'));
    await choose('x', 'areaUm2');
    await choose('y', 'latencyNs');
    await choose('colour', 'axis:lanes');
    const texts = await page.evaluate<string[]>(
      `[...document.querySelectorAll('#explorer .picture text')].map((text) => text.textContent)`,
    );
    expect(texts).toEqual(
      expect.arrayContaining(['area, mm²', 'latency of an inference, ms (log)', 'lanes 64']),
    );
    expect(await page.evaluate(`document.querySelector('#explorer h3').textContent`)).toBe(
      'Latency of an inference against area',
    );
    const colours = await page.evaluate<number>(
      `new Set([...document.querySelectorAll('#explorer [data-design]')].map((mark) => mark.getAttribute('fill'))).size`,
    );
    expect(colours).toBe(5);
    // What is chosen is in the address, and comes back with it.
    await page.reload();
    expect(await page.evaluate(`document.querySelector('#explorer [name=colour]').value`)).toBe('axis:lanes');
  });

  test('a design tells what it is made of, what to change, and what one step brings', async () => {
    await page.goto(url('search'));
    const index = search.designs.findIndex(
      ({ name }) => name === 'mp16-8_lanes=16_weightWord=128_hidden=128',
    );
    await page.evaluate(
      `document.querySelector('#explorer [data-design="${index}"]').dispatchEvent(new MouseEvent('click', { bubbles: true }))`,
    );
    const text = await page.evaluate<string>(`document.querySelector('#explorer .details').innerText`);
    expect(text).toContain(
      'Inference is bound by issue for 83 % of its cycles: more lanes help, more ports do not.',
    );
    expect(text).toContain("--set 'hw.lanes=16'");
    // 12 of 16 lanes more than 4: latency falls to a half with twice the lanes; 32 000 of 1 108 800 um2 are 2.9 %.
    const rows = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.details tbody tr')].map((row) => row.innerText.replaceAll('\\t', ' | '))`,
    );
    expect(rows.find((row) => row.startsWith('lanes 16 → 32'))).toMatch(
      /\+0\.01 points.*−50\.0 %.*\+2\.9 %/s,
    );
    // The four other precisions, and a step down and up on three axes.
    expect(rows).toHaveLength(4 + 3 * 2);
  });

  test('without a script, all designs are in a plot and in a table', async () => {
    const quiet = await browser.newContext({ javaScriptEnabled: false });
    const still = await quiet.newPage();
    await still.goto(url('search'));
    expect(await still.locator('#explorer .picture svg').count()).toBe(1);
    expect(await still.locator('#designs-all tbody tr').count()).toBe(500);
    expect(await still.locator('#explorer .controls').isVisible()).toBe(false);
    await quiet.close();
  });
});
