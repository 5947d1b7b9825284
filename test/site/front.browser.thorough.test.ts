import { describe, expect, test } from 'vitest';
import { bundledNames } from '../../src/fs/index.ts';
import { needs } from '../support/needs.ts';
import { openPlayground } from './open-playground.ts';
import { axeFindings, told, until, visit } from './site.ts';

describe('the front of the playground', needs('chromium'), () => {
  const playground = openPlayground();

  test('what to do, pad, answer and accuracy are on the first screen, wide and narrow, light and dark', async () => {
    const { page, faults } = await visit(playground, { viewport: { width: 1440, height: 900 } });
    await told(page, /epoch [2-9]/);
    // While a run goes on, its progress takes two lines of a phone.
    for (const [width, height, colorScheme, pauses] of [
      [390, 844, 'light', false],
      [1440, 900, 'light', true],
      [1440, 900, 'dark', false],
      [390, 844, 'light', false],
      [390, 844, 'dark', false],
    ] as const) {
      if (pauses) await page.click('#play');
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.focus('#pad');
      await page.keyboard.press('Space');
      await page.waitForSelector('#draw .answer strong');
      const boxes = await page.evaluate<[string, number, number, number, number][]>(
        `['#what-to-do', '#play', '#progress', '#pad', '#teach', '#draw .answer', '#accuracy-now', '#accuracy .curve canvas']
            .map((each) => {
              const { left, right, top, bottom } = document.querySelector(each).getBoundingClientRect();
              return [each, left, innerWidth - right, top, innerHeight - bottom];
            })`,
      );
      expect(boxes.filter(([, ...sides]) => Math.min(...sides) < 0)).toEqual([]);
      // The answer stands beside the pad, not under it.
      const [pad, answer] = ['#pad', '#draw .answer'].map((each) => boxes.find(([name]) => name === each));
      expect(width - (pad?.[2] ?? Number.NaN)).toBeLessThan(answer?.[1] ?? Number.NaN);
      await page.click('#clear');
    }
    expect(await page.evaluate('scrollY')).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('an experiment that opens while the others are still being read leaves none of them out', async () => {
    const { page, faults } = await visit(playground);
    await page.click('#experiment:not(:disabled)');
    // Another experiment has a worker of its own, which takes the place of the one that reads.
    await page.click('#gallery button.card:not([aria-current])');
    await page.click('#experiment');
    await until(page, `/^In a picture/.test(document.querySelector('#gallery [role=status]').textContent)`);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('experiments stand in groups, say what they need, and what they do where they do not learn', async () => {
    const { page, faults } = await visit(playground);
    await page.click('#experiment:not(:disabled)');
    await until(page, `/^In a picture/.test(document.querySelector('#gallery [role=status]').textContent)`);
    expect(await page.locator('#gallery h3').allTextContents()).toEqual([
      'Digits',
      'Speech',
      'Series and tasks',
      'Over a lifetime',
      'Chips that were built',
      'Many cores',
      'Imported networks',
    ]);
    const cards = await page.evaluate<[string, boolean, boolean][]>(
      `[...document.querySelectorAll('#gallery button.card')].map((card) =>
        [card.value, card.querySelector('.needs') !== null, card.querySelector('.dots').getAttribute('d') !== ''])`,
    );
    expect(cards.map(([name]) => name).sort()).toEqual(bundledNames('experiment').sort());
    const needy = cards.filter(([, needs]) => needs).map(([name]) => name);
    // The page brings digits, and neither speech nor sensors.
    expect(needy.sort()).toEqual(
      bundledNames('experiment').filter((name) =>
        /^((rules-)?braille|codesign-spoken|ecg|lifetime-speakers|shd|speech|spoken|twenty|undervolt-speech)/.test(
          name,
        ),
      ),
    );
    expect(cards.every(([, , isDrawn]) => isDrawn)).toBe(true);
    expect(await page.textContent('#gallery')).not.toMatch(/ --[a-z]|plasticore /);
    expect(await axeFindings(page, '#gallery')).toEqual([]);
    // Who opens it can look for a name at once.
    await page.keyboard.type('recurrent-1024');
    expect(await page.locator('#gallery button.card').count()).toBe(1);
    expect(await page.textContent('#gallery [role=status]')).toMatch(/^1 of \d+ experiments has/);
    await page.fill('#gallery-search', 'zzyzx');
    expect(await page.locator('#gallery button.card, #gallery h3').count()).toBe(0);
    expect(await page.textContent('#gallery [role=status]')).toMatch(/^No experiment has “zzyzx”/);
    expect(await axeFindings(page, '#gallery')).toEqual([]);
    await page.fill('#gallery-search', 'many cores');
    expect(await page.locator('#gallery h3').allTextContents()).toContain('Many cores');
    // The next one who opens it sees all of them.
    await page.click('.gallery-head button');
    await page.click('#experiment');
    expect(await page.locator('#gallery button.card').count()).toBe(cards.length);
    await page.click('#gallery button.card[value=recurrent-1024]');
    await page.waitForSelector('#activity');
    // 1024 neurons, each onto all of them: every spike counts 1023 or 1024 operations.
    await told(page, /done/);
    const rows = await page.locator('#activity tr').allTextContents();
    expect(rows[1]).toMatch(/^spikes of neurons, 1.024 neurons[\d\s]+$/);
    const [spikes = 0, operations = 0] = [1, 2].map((row) =>
      Number(/[\d\s]+$/.exec(rows[row] ?? '')?.[0].replace(/\D/g, '')),
    );
    expect(operations / spikes).toBeGreaterThan(1020);
    expect(operations / spikes).toBeLessThanOrEqual(1024);
    expect(await page.locator('#accuracy').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('on a phone, the gallery is searched by whoever taps into the field', async () => {
    const { page, faults } = await visit(playground, {
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
      colorScheme: 'dark',
    });
    await page.tap('#experiment:not(:disabled)');
    // With the focus in the field, a keyboard would cover the experiments.
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Close');
    await until(page, `/^In a picture/.test(document.querySelector('#gallery [role=status]').textContent)`);
    await page.tap('#gallery-search');
    await page.keyboard.type('odin');
    const boxes = await page.evaluate<[number, number][]>(
      `['.gallery-head h2', '#gallery-search', '.gallery-head button', '#gallery button.card']
        .map((each) => document.querySelector(each).getBoundingClientRect()).map(({ left, right }) => [left, right])`,
    );
    expect(boxes.filter(([left, right]) => left < 0 || right > 390)).toEqual([]);
    expect(await axeFindings(page, '#gallery')).toEqual([]);
    await page.tap('#gallery button.card[value=odin-mnist]');
    await told(page, /sample [1-9]|done/);
    expect(faults).toEqual([]);
    await page.close();
  });

  test.each([
    ['light', 360],
    ['dark', 1280],
    ['light', 2560],
  ] as const)('axe finds nothing, and nothing sticks out: %s at %i pixels', async (colorScheme, width) => {
    const { page } = await visit(playground, { colorScheme, viewport: { width, height: 900 } });
    await told(page, /sample [1-9]/);
    await page.click('#pin');
    await page.waitForSelector('#compared');
    await page.click('button.lesson >> nth=0');
    await page.waitForSelector('.open-lesson');
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(width);
    await page.close();
  });
});
