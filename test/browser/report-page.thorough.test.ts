import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { htmlReport } from '../../src/report/index.ts';
import { handMadeRun, predictionsFile, recordingFile, weightsFile } from '../report/html/hand-made.ts';
import { sweepWith } from '../report/html/many-designs.ts';
import { needs } from '../support/needs.ts';
import { launch } from './chromium.ts';

const files = { predictions: predictionsFile, weights: weightsFile, recording: recordingFile };

describe('the report in Chromium', needs('chromium'), () => {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-page-'));
  const faults: string[] = [];
  const requests: string[] = [];
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    const text = await htmlReport(
      [
        handMadeRun({ seed: 1, accuracy: 0.5, energyPj: 1000 }, files),
        handMadeRun({ seed: 2, accuracy: 0.75, energyPj: 3000 }, files),
        handMadeRun({ precision: 'fp32', accuracy: 0.9, energyPj: 8000 }, files),
      ],
      sweepWith('mp8-4', 'does not fit, "really"'),
    );
    writeFileSync(join(folder, 'report.html'), text);
    browser = await launch();
    context = await browser.newContext({ offline: true });
    page = await context.newPage();
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** The file that a button of the page saves. */
  async function saved(selector: string): Promise<{ name: string; text: string }> {
    const click = async (timeout = 30_000) => {
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout }),
        page.evaluate<void>(`document.querySelector('${selector}').click()`),
      ]);
      return download;
    };
    // Chromium drops all but ten downloads a second: a button that saved nothing is pressed again.
    const download = await click(1500).catch(() => click());
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
  }

  test('opens from a file, without a network, a request or a fault', () => {
    expect(faults).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([
      pathToFileURL(join(folder, 'report.html')).href,
    ]);
  });

  test('has every section, with a heading, and a link to it', async () => {
    const ids = await page.evaluate<string[]>(
      `[...document.querySelectorAll('main > section')].map(({ id }) => id)`,
    );
    expect(ids).toEqual([
      'overview',
      'advice',
      'fronts',
      'memory',
      'energy',
      'designs-parts',
      'architecture',
      'kernels',
      'learning',
      'confusion',
      'rasters',
      'weights',
      'runs',
      'origin',
    ]);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href').slice(1))`,
      ),
    ).toEqual(ids);
    expect(await page.evaluate(`document.querySelectorAll('main > section > h2').length`)).toBe(ids.length);
    expect(await page.evaluate(`document.querySelectorAll('.missing').length`)).toBe(0);
    // Identifiers are unique, those in the pictures too.
    const all = await page.evaluate<string[]>(`[...document.querySelectorAll('[id]')].map(({ id }) => id)`);
    expect(all.length).toBe(new Set(all).size);
  });

  test('every picture is described, and saved as SVG that stands alone', async () => {
    const pictures = await page.evaluate<{ id: string; label: string }[]>(
      `[...document.querySelectorAll('.plot')].map((plot) => ({
        id: plot.id, label: plot.querySelector('.picture[role=img]').getAttribute('aria-label') }))`,
    );
    // Five pairs of figures, two of memory, six of energy, two of what binds, one of busy units, one of learning, two
    // matrices, two rasters, two of weights.
    expect(pictures).toHaveLength(23);
    for (const { id, label } of pictures) {
      expect(label.length, id).toBeGreaterThan(20);
      const { name, text } = await saved(`#${id} > .bar > button.save`);
      expect(name).toBe(`${id}.svg`);
      expect(text, id).toMatch(/^<svg .*<\/svg>\n$/s);
      expect(text, id).not.toMatch(/var\(|data-tip|NaN|undefined/);
      const fault = await page.evaluate(
        `new DOMParser().parseFromString(${JSON.stringify(text)}, 'image/svg+xml').querySelector('parsererror')`,
      );
      expect(fault, id).toBeNull();
    }
  });

  test('every table is saved as CSV, with the numbers themselves', async () => {
    const ids = await page.evaluate<string[]>(`[...document.querySelectorAll('.table')].map(({ id }) => id)`);
    for (const id of ids) {
      const { name, text } = await saved(`#${id} > .bar > button.save`);
      expect(name).toBe(`${id}.csv`);
      expect(text.trim().split('\n').length, id).toBeGreaterThan(1);
    }
    // 800 bits against 1088 and 2112 at FP32; two runs of 0.5 and 0.75; a quarter over the root of two, and half of it.
    const { text } = await saved('#designs > .bar > button.save');
    expect(text.split('\n').slice(0, 2)).toEqual([
      'design,runs,accuracyMean,accuracyStandardDeviation,accuracyStandardError,memoryBits,inferenceBits,savedTraining,savedTrainingGradients,areaUm2,trainEnergyPjPerSample,testEnergyPjPerSample,testCyclesPerSample,testLatencyNsPerSample',
      `mp16-8,2,0.625,${Math.sqrt(2 * 0.125 ** 2)},0.125,800,288,${1 - 800 / 1088},${1 - 800 / 2112},,2000,2000,100,500`,
    ]);
    expect((await saved('#confusion-1-table > .bar > button.save')).text).toBe('label,0,1\n0,4,2\n1,0,2\n');
    expect((await saved('#missing-runs > .bar > button.save')).text).toBe(
      'cell,reason\nmp8-4,"does not fit, ""really"""\n',
    );
    expect((await saved('#energy-unit-test-table > .bar > button.save')).text).toBe(
      'unit,mp16-8 [pJ],fp32 [pJ]\nstate bank,1500,6000\nadd,500,2000\n',
    );
  });

  test('a mark tells its name to the pointer', async () => {
    await page.locator('#front-bits-accuracy [data-tip^="mp16-8: 62.50"]').first().hover();
    expect(await page.evaluate(`document.querySelector('#tip').textContent`)).toBe(
      'mp16-8: 62.50 % ± 12.50 %, 800 bits',
    );
  });

  test.each(['light', 'dark'] as const)(
    'text contrasts with what it stands on, in the %s scheme',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const contrasts = await page.evaluate<number[]>(`(() => {
      const style = getComputedStyle(document.documentElement);
      const luminance = (name) => {
        const value = style.getPropertyValue(name);
        const hex = value.length === 4 ? value.slice(1).replace(/./g, '$&$&') : value.slice(1);
        const [r, g, b] = [0, 2, 4].map((at) => {
          const share = parseInt(hex.slice(at, at + 2), 16) / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      return ['--ink', '--muted', '--accent'].flatMap((text) => ['--surface', '--page', '--soft'].map((ground) => {
        const [a, b] = [luminance(text), luminance(ground)].sort((a, b) => b - a);
        return (a + 0.05) / (b + 0.05);
      }));
    })()`);
      // WCAG 2.2, 1.4.3.
      expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test('nothing sticks out of a small screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.evaluate(`document.querySelectorAll('details').forEach((part) => { part.open = true; })`);
    expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(360);
  });

  test('is whole without its script', async () => {
    const quiet = await browser.newContext({ javaScriptEnabled: false, offline: true });
    const still = await quiet.newPage();
    await still.goto(pathToFileURL(join(folder, 'report.html')).href);
    expect(await still.locator('.plot svg').count()).toBe(23);
    expect(await still.locator('button').count()).toBe(0);
    await quiet.close();
  });
});
