import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { bundledTexts } from '../../scripts/bundled-texts.ts';
import { defaultDesign } from '../../site/shared/design.ts';
import { writeLink } from '../../site/shared/link.ts';
import { defaultLook } from '../../site/shared/look.ts';
import { compilerVersion } from '../../src/compiler/index.ts';
import { mix } from '../../src/random/index.ts';
import { grouped, percent, type Report, scoredPhase } from '../../src/report/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { needs } from '../support/needs.ts';
import { openPlayground } from './open-playground.ts';
import { experimentOf, told, until, visit } from './site.ts';

/** `ROUNDS=20 npx vitest run test/site/quick` is the whole of it. */
const rounds = Number(process.env.ROUNDS ?? 1);
const actions = 50;

/** Both experiments with runs of a second, so that each round can be run to its end. */
const texts = bundledTexts();
const edits = Object.fromEntries(
  ['mnist-snn', 'mnist-mlp'].map((name) => {
    const path = `experiments/${name}.yaml`;
    return [path, (texts[path] ?? '').replace(/^epochs: \d+/m, 'epochs: 1\nlimit: 100')];
  }),
);

/** What a person may press, as the expression that presses it: not all of it is there at any time. */
const slide = (id: string, choice: number) => `(() => {
  const slider = document.getElementById('${id}');
  if (slider === null || slider.matches(':disabled')) return;
  slider.value = String(Math.min(${choice}, Number(slider.max)));
  slider.dispatchEvent(new Event('input', { bubbles: true }));
})()`;
const choose = (id: string, choice: number) => `(() => {
  const list = document.getElementById('${id}');
  if (list === null || list.matches(':disabled')) return;
  list.selectedIndex = ${choice} % list.options.length;
  list.dispatchEvent(new Event('change', { bubbles: true }));
})()`;
const press = (selector: string) =>
  `(() => { const button = document.querySelector('${selector}'); if (button?.disabled === false) button.click(); })()`;
const kinds: readonly ((choice: number) => string)[] = [
  (choice) => slide('precision', choice),
  (choice) => slide('lanes', choice),
  (choice) => slide('word', choice),
  (choice) => slide('hidden-hidden', choice),
  (choice) => choose('rounding', choice),
  (choice) => choose('core', choice),
  () => press('#play'),
  () => press('#step'),
  () => press('#reset'),
  () => press('#pin, #unpin'),
  () => press('#restore'),
  (choice) => press(`#gallery button.card[value=mnist-${choice % 2 === 0 ? 'snn' : 'mlp'}]`),
];

describe('quick hands on the playground', needs('chromium'), () => {
  const playground = openPlayground();

  /** Waits for the latest design. One with a fault gives way to the one that runs. */
  async function settle(page: Page): Promise<void> {
    // A slider asks when it has rested for a while.
    await until(page, `document.querySelector('#knobs [aria-busy=true]') === null`);
    await until(page, `!/^Compiling/.test(document.querySelector('#progress').textContent)`);
    if (await page.locator('#fault').isVisible()) await page.click('text=Back to what runs');
    await until(
      page,
      `!/^Compiling/.test(document.querySelector('#progress').textContent)
      && document.querySelector('#fault').hidden`,
    );
    await page.evaluate(press('#unpin'));
  }

  /**
   * To its end, whatever the hands have left of it, then from its seed to its end again. What is shown lags behind
   * what is pressed: no button is pressed before what the one before has done is seen.
   */
  async function runAnew(page: Page): Promise<void> {
    const stands = `/Run$/.test(document.querySelector('#play').textContent)`;
    if (await page.evaluate<boolean>(stands)) await page.click('#play');
    await told(page, /^done/);
    await page.click('#reset');
    await told(page, /^epoch 1 of 1, sample 0 of/);
    await page.click('#play');
    await told(page, /^done/);
  }

  async function downloaded(page: Page, folder: string): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
    const files = unzipSync(new Uint8Array(readFileSync(await download.path())));
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return join(folder, download.suggestedFilename().replace('.zip', ''), 'experiment.yaml');
  }

  test.each(Array.from({ length: rounds }, (_, round) => round + 1))(
    'what is shown after fifty quick actions is what runs: round %i',
    async (round) => {
      let drawn = 0;
      const draw = (below: number): number => mix(1000 * round + drawn++) % below;
      const fragment = writeLink({
        version: compilerVersion,
        design: { ...defaultDesign, edits },
        position: 0,
        isStill: false,
        look: defaultLook,
        pinned: undefined,
      });
      const { page, faults } = await visit(playground, { fragment });
      await told(page, /sample|done/);
      await page.click('#experiment');
      await page.waitForSelector('#gallery button.card[value=mnist-snn]');
      await page.click('#gallery >> text=Close');
      await page.waitForSelector('#knobs');
      for (let action = 0; action < actions; action++) {
        await page.evaluate(kinds[draw(kinds.length)]?.(draw(8)) ?? '');
        await setTimeout(draw(4) === 0 ? draw(250) : 0);
      }
      await settle(page);
      await runAnew(page);
      await page.click('#share');
      const state = page.locator('.share:has(#share) .share-said code');
      const sha256 = (await state.getAttribute('title')) ?? '';
      const folder = mkdtempSync(join(tmpdir(), 'plasticore-quick-'));
      const path = join(folder, 'report.json');
      const run = await commandLine(['run', await downloaded(page, folder), '--json', path, '--quiet']);
      expect(run).toMatchObject({ status: 0, stderr: '' });
      const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
      rmSync(folder, { recursive: true });
      const { provenance, memory } = report;
      expect(sha256).toContain(provenance.stateSha256);
      // What stands on the page is of that run, too.
      expect(await experimentOf(page)).toBe(provenance.experiment);
      expect(await page.textContent('#memory-now')).toBe(`${grouped(memory.totalBits / 8000)} kB`);
      const { accuracy } = scoredPhase(report).phase;
      expect(await page.textContent('#progress')).toContain(
        `done: ${percent(accuracy ?? Number.NaN, 2)} of 100`,
      );
      const [, shadow, weight] = /^mp(\d+)-(\d+)$/.exec(provenance.precision) ?? [];
      const words =
        shadow === undefined
          ? '32-bit floats'
          : `${weight}-bit weights, cut from ${shadow}-bit shadow weights`;
      expect(await page.textContent('output[for=precision]')).toBe(words);
      expect(faults).toEqual([]);
      await page.context().close();
    },
    120_000,
  );
});
