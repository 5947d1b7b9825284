import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../browser/chromium.ts';
import { type Site, serveSite, until } from '../site/site.ts';
import { median } from './format.ts';

/*
 * tsx test/bench/playground.ts [ROUNDS]
 *
 * The playground in headless Chromium: when its first picture and its first learnt sample are there, how many samples a
 * second it learns with all views shown, and the browser's own entries for tasks of more than 50 ms in a minute of use.
 */

const rounds = Number(process.argv[2] ?? 5);

/** Written into the page before its own script. */
const watcher = `
globalThis.watched = { long: [], acts: [], learntMs: undefined };
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) watched.long.push([Math.round(startTime), Math.round(duration)]);
}).observe({ type: 'longtask', buffered: true });
const look = () => {
  const found = /sample ([0-9 ]+) of/.exec(document.querySelector('#progress')?.textContent ?? '');
  if (found !== null && Number(found[1].replaceAll(' ', '')) > 0) watched.learntMs = performance.now();
  else setTimeout(look, 5);
};
look();
`;

async function open(browser: Browser, site: Site): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(watcher);
  await page.goto(site.url);
  await until(page, 'watched.learntMs !== undefined');
  return page;
}

interface Load {
  readonly paintMs: number;
  readonly learntMs: number;
  readonly samplesPerSecond: number;
  readonly longest: number;
}

/** A cold load: nothing is in the browser's cache. */
async function load(site: Site): Promise<Load> {
  const browser = await launch();
  try {
    const page = await open(browser, site);
    await setTimeout(6000);
    const seen = await page.evaluate<{
      paint: number;
      learnt: number;
      long: [number, number][];
      text: string;
    }>(`({
      paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
      learnt: watched.learntMs, long: watched.long, text: document.querySelector('#progress').textContent })`);
    const speed = /([\d ]+) samples a second/.exec(seen.text)?.[1]?.replaceAll(' ', '');
    return {
      paintMs: seen.paint,
      learntMs: seen.learnt,
      samplesPerSecond: Number(speed ?? Number.NaN),
      longest: Math.max(0, ...seen.long.map(([, duration]) => duration)),
    };
  } finally {
    await browser.close();
  }
}

/** A task of more than 50 ms, and what was done on the page meanwhile. */
interface LongTask {
  readonly at: number;
  readonly ms: number;
  readonly during: string;
}

/** A minute as a person spends it: draws, moves sliders, steps, pins, edits, reads a lesson. */
async function useForAMinute(site: Site): Promise<LongTask[]> {
  const browser = await launch();
  try {
    const page = await open(browser, site);
    // Panels come one by one, and move what stands below them.
    await page.waitForSelector('#editor .cm-content');
    await setTimeout(500);
    const end = Date.now() + 60_000;
    while (Date.now() < end) {
      await doing(page, 'draw');
      await drawStroke(page);
      await page.click('#clear');
      for (const [slider, key] of [
        ['precision', 'ArrowLeft'],
        ['lanes', 'ArrowRight'],
        ['word', 'ArrowRight'],
      ] as const) {
        await doing(page, slider);
        await page.focus(`#${slider}`);
        await page.keyboard.press(key);
        await setTimeout(1500);
      }
      await doing(page, 'undo, hold');
      await page.click('#restore');
      await page.click('#hold');
      await doing(page, 'pin');
      await page.click('#pin');
      await setTimeout(4000);
      await doing(page, 'unpin, lesson');
      await page.click('#unpin');
      await page.click('button.lesson >> nth=0');
      await setTimeout(1500);
      await page.click('#lesson-next');
      await setTimeout(1500);
      await page.click('.open-lesson >> text=Close');
      await doing(page, 'edit');
      await page.locator('#editor').scrollIntoViewIfNeeded();
      await page.locator('#editor .cm-content').click();
      await page.keyboard.type('; a word');
      await setTimeout(2000);
      for (let undo = 0; undo < 8; undo++) await page.keyboard.press('Control+z');
      await setTimeout(1500);
      await doing(page, 'reset');
      await page.click('#reset');
    }
    return await page.evaluate<LongTask[]>(
      `watched.long.map(([at, ms]) => ({ at, ms, during: watched.acts.findLast(([since]) => since <= at + ms)?.[1] ?? 'load' }))`,
    );
  } finally {
    await browser.close();
  }
}

/** Says what is done next, so that a long task can be told to what caused it. */
function doing(page: Page, what: string): Promise<void> {
  return page.evaluate(`watched.acts.push([performance.now(), ${JSON.stringify(what)}])`);
}

async function drawStroke(page: Page): Promise<void> {
  // In the middle, where the bar at the top does not lie over it.
  await page.evaluate(
    `document.querySelector('#pad').scrollIntoView({ block: 'center', behavior: 'instant' })`,
  );
  const box = await page.locator('#pad').boundingBox();
  if (box === null) throw new Error('there is no sheet');
  await page.mouse.move(box.x + box.width / 3, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + (2 * box.width) / 3, box.y + 40, { steps: 20 });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 20, { steps: 20 });
  await page.mouse.up();
  await page.waitForSelector('#draw .answer strong');
}

const site = await serveSite();
try {
  const requested = readdirSync(site.folder).filter((name) => /\.(js|css|html|svg)$/.test(name));
  const kilobytes = requested.map(
    (name) => [name, gzipSync(readFileSync(join(site.folder, name)), { level: 9 }).length / 1000] as const,
  );
  for (const [name, size] of kilobytes) console.log(`${size.toFixed(0).padStart(6)} kB  ${name}, compressed`);
  const loads: Load[] = [];
  for (let round = 0; round < rounds; round++) loads.push(await load(site));
  const told = (name: string, of: (load: Load) => number, unit: string): void => {
    const values = loads.map(of);
    console.log(
      `${name}: ${median(values).toFixed(0)} ${unit} (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}), ${rounds} rounds`,
    );
  };
  told('first picture', ({ paintMs }) => paintMs, 'ms');
  told('first learnt sample', ({ learntMs }) => learntMs, 'ms');
  told('learning, all views', ({ samplesPerSecond }) => samplesPerSecond, 'samples/s');
  told('longest task of a load', ({ longest }) => longest, 'ms');
  const long = await useForAMinute(site);
  console.log(
    `a minute of use: ${long.length} tasks of more than 50 ms${long.length === 0 ? '' : `, ${long.map(({ ms, during }) => `${ms} ms (${during})`).join(', ')}`}`,
  );
  console.log(`load of the machine: ${loadavg()[0]?.toFixed(1)}`);
} finally {
  site.close();
}
