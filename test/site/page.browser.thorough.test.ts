import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { openPlayground } from './open-playground.ts';
import { chooseExperiment, experimentOf, told, until, visit } from './site.ts';

/** The samples that a run has presented, from the line that tells its progress. */
async function progress(page: Page): Promise<string> {
  return (await page.textContent('#progress')) ?? '';
}

async function pauseAtStart(page: Page): Promise<void> {
  await told(page, /sample/);
  await page.click('#play');
  await until(page, `/Run/.test(document.querySelector('#play').textContent)`);
  await page.click('#reset');
  await told(page, /sample 0 of/);
}

/** Moves a slider to its n-th choice, as the arrow keys do. */
async function slide(page: Page, id: string, keys: readonly string[]): Promise<void> {
  await page.focus(`#${id}`);
  for (const key of keys) await page.keyboard.press(key);
}

describe('a visit to the playground', needs('chromium'), () => {
  const playground = openPlayground();

  test('it opens running; one button lets it stand still, one learns a sample, one starts anew', async () => {
    const { page, faults } = await visit(playground);
    await told(page, /epoch 1 of 15, sample [1-9]/);
    await pauseAtStart(page);
    const still = await progress(page);
    await page.click('#step');
    await told(page, /sample 1 of 8 000/);
    await page.click('#step');
    await told(page, /sample 2 of 8 000/);
    await page.click('#reset');
    await told(page, /sample 0 of 8 000/);
    expect(await progress(page)).toBe(still);
    await page.click('#play');
    await told(page, /sample [1-9]\d\d? of/);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('a digit that is drawn is answered with its cost, and can be taught', async () => {
    const { page, faults } = await visit(playground);
    await told(page, /epoch [2-9]/);
    await page.click('#play');
    const box = await page.locator('#pad').boundingBox();
    if (box === null) throw new Error('there is no sheet');
    await page.locator('#pad').scrollIntoViewIfNeeded();
    const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
    await page.mouse.move(...at(0.5, 0.15));
    await page.mouse.down();
    await page.mouse.move(...at(0.5, 0.85), { steps: 12 });
    await page.mouse.up();
    await page.waitForSelector('#draw .answer strong');
    const answer = (await page.textContent('#draw .answer')) ?? '';
    expect(answer).toMatch(/Answer: \d/);
    expect(answer).toMatch(/[\d ]+ cycles, [\d.]+ .s, [\d.]+ .J/);
    // A vertical stroke is a one to whoever has learnt 8000 digits.
    expect(answer).toMatch(/Answer: 1/);
    // Kernels and the rest come to what the core takes, but for the rounding of each row.
    const cyclesOf = (selector: string) =>
      page.evaluate<
        number[]
      >(`[...document.querySelectorAll(${JSON.stringify(selector)})].map(({ textContent }) =>
        Number((/([\\d\\s]+?)(?: cycles|$)/.exec(textContent)?.[1] ?? '').replace(/\\s/g, '')))`);
    const rows = await cyclesOf('#kernels tbody td:nth-child(3)');
    const [whole = 0] = await cyclesOf('#cycles-now');
    expect(whole).toBeGreaterThan(1000);
    expect(Math.abs(rows.reduce((sum, row) => sum + row, 0) - whole)).toBeLessThan(rows.length);
    // Nobody but the person can say what it is.
    expect(await page.inputValue('#teach-label')).toBe('');
    expect(await page.isDisabled('#teach')).toBe(true);
    await page.selectOption('#teach-label', '3');
    for (let time = 0; time < 12; time++) await page.click('#teach');
    await until(page, `/as a 3, and now answers 3/.test(document.querySelector('#draw .said').textContent)`);
    await told(page, /learnt 12 of your drawings/);
    await page.click('#clear');
    expect(await page.locator('#draw .answer').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('the sheet is drawn on with the keyboard, too', async () => {
    const { page } = await visit(playground);
    await told(page, /sample/);
    await page.focus('#pad');
    await page.keyboard.press('Space');
    for (let time = 0; time < 10; time++) await page.keyboard.press('ArrowDown');
    await page.waitForSelector('#draw .answer strong');
    await page.close();
  });

  test('sliders change memory, cycles and accuracy, and are undone', async () => {
    const { page, faults } = await visit(playground);
    await told(page, /sample/);
    const memory = () => page.textContent('#memory-now');
    expect(await memory()).toBe('612 kB');
    await slide(page, 'precision', ['Home']);
    // 8-bit shadows, 4-bit weights: 203 264 x (8 + 4) bits and the state are 305 kB and 2.4 kB.
    await until(page, `/^30[78] kB$/.test(document.querySelector('#memory-now').textContent)`);
    await slide(page, 'lanes', ['ArrowRight']);
    await until(page, `/^32 /.test(document.querySelector('output[for=lanes]').textContent)`);
    await page.selectOption('#rounding', 'nearest');
    await until(page, `document.querySelector('#rounding').value === 'nearest'`);
    await told(page, /sample/);
    await page.click('#restore');
    await until(page, `document.querySelector('#memory-now').textContent === '612 kB'`);
    expect(await page.inputValue('#rounding')).toBe('stochastic');
    expect(faults).toEqual([]);
    await page.close();
  });

  test('a design that does not fit says so in the words of the command line, and what ran runs on', async () => {
    const { page } = await visit(playground);
    await told(page, /sample/);
    await slide(page, 'hidden-hidden', ['ArrowLeft', 'ArrowLeft']);
    await until(page, `document.querySelector('output[for=hidden-hidden]').textContent === '64'`);
    // Compiled: 784 x 64 weights and shadows, and 64 x 10.
    await until(page, `document.querySelector('#memory-now').textContent === '154 kB'`);
    await slide(page, 'hidden-hidden', ['End']);
    // 784 x 512 shadows of 16 bits are 6.4 Mbit; the bank has 4.2.
    await until(page, `/does not fit|needs/.test(document.querySelector('#fault').textContent)`);
    expect(await page.textContent('#fault')).toMatch(/shadow/);
    await page.click('text=Back to what runs');
    await until(page, `document.querySelector('#fault').hidden`);
    expect(await page.textContent('output[for=hidden-hidden]')).toBe('64');
    await page.close();
  });

  test('a good change that a bad one follows at once is what runs on', async () => {
    const { page, faults } = await visit(playground);
    await told(page, /sample/);
    // 128 neurons fit, 512 do not; the second key comes while the first design is compiled.
    await page.evaluate(`(() => {
      const progress = document.querySelector('#progress');
      new MutationObserver(() => {
        if (/^Compiling/.test(progress.textContent)) progress.dataset.compiled = 'yes';
      }).observe(progress, { subtree: true, childList: true, characterData: true });
    })()`);
    await slide(page, 'hidden-hidden', ['ArrowLeft']);
    await until(page, `document.querySelector('#progress').dataset.compiled === 'yes'`);
    await slide(page, 'hidden-hidden', ['End']);
    await until(page, `/shadow/.test(document.querySelector('#fault').textContent)`);
    const before = await progress(page);
    await until(page, `document.querySelector('#progress').textContent !== ${JSON.stringify(before)}`);
    await page.click('#play');
    await until(page, `/Run/.test(document.querySelector('#play').textContent)`);
    await page.click('text=Back to what runs');
    await until(page, `document.querySelector('#fault').hidden`);
    expect(await page.textContent('output[for=hidden-hidden]')).toBe('128');
    expect(faults).toEqual([]);
    await page.close();
  });

  test('what is pressed while a design is compiled holds for it', async () => {
    const { page, faults } = await visit(playground);
    await page.click('#step');
    await page.click('#reset');
    await told(page, /sample/);
    // A step that came before the design was open has not stopped it; one that came after has.
    const says = (words: string) =>
      until(page, `/${words}/.test(document.querySelector('#play').textContent)`);
    await says('Run|Pause');
    if (/Run/.test((await page.textContent('#play')) ?? '')) await page.click('#play');
    await says('Pause');
    await chooseExperiment(page, 'mnist-mlp');
    await page.click('#play');
    await told(page, /epoch 1 of 6/);
    await says('Run');
    await until(page, `!/samples a second/.test(document.querySelector('#progress').textContent)`);
    const shown = async () =>
      Number(/sample ([\d\s]+) of/.exec(await progress(page))?.[1]?.replace(/\s/g, ''));
    // A frame of the run may come after the button has changed.
    let still = await shown();
    await expect
      .poll(async () => {
        const before = still;
        still = await shown();
        return still - before;
      })
      .toBe(0);
    // What stands still goes on by one sample, and no further.
    await page.click('#step');
    await told(page, new RegExp(`sample ${still + 1} of`));
    expect(faults).toEqual([]);
    await page.close();
  });

  test('numbers are typed while it runs; a sample and neurons that are not there any more give way to others', async () => {
    const { page, faults } = await visit(playground);
    await told(page, /sample/);
    await page.focus('#sample-number');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('1999', { delay: 150 });
    await page.keyboard.press('Enter');
    await until(
      page,
      `/test sample 1999/.test(document.querySelector('#sample canvas').getAttribute('aria-label'))`,
    );
    // There are 2 000: beyond them, the nearest one is taken, and no number at all changes nothing.
    for (const typed of ['5000', ''] as const) {
      await page.fill('#sample-number', typed);
      await page.press('#sample-number', 'Enter');
      await until(page, `document.querySelector('#sample-number').value === '1999'`);
    }
    await page.fill('#sample-number', '-3');
    await page.press('#sample-number', 'Enter');
    await until(
      page,
      `/test sample 0,/.test(document.querySelector('#sample canvas').getAttribute('aria-label'))`,
    );
    for (let time = 0; time < 15; time++) await page.click('text=Next neurons');
    await until(page, `document.querySelector('button[aria-label="follow neuron 255 of hidden"]')`);
    await page.click('button[aria-label="follow neuron 255 of hidden"]');
    await slide(page, 'hidden-hidden', ['Home']);
    await until(page, `document.querySelector('button[aria-label="follow neuron 7 of hidden"]')`);
    await until(page, `document.querySelector('#neuron-index')?.value === '0'`);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('a pinned design runs beside the present one, and differences are marked', async () => {
    const { page, faults } = await visit(playground);
    await told(page, /sample/);
    await page.click('#pin');
    await page.waitForSelector('#compared');
    await slide(page, 'precision', ['Home']);
    await until(page, `/mp16-8 → mp8-4/.test(document.querySelector('#compared').textContent)`);
    await until(page, `/better|worse/.test(document.querySelector('#compared').textContent)`);
    const rows = await page.locator('#compared tbody tr').allTextContents();
    expect(rows.find((row) => row.startsWith('memory to learn'))).toMatch(
      // 307.3 of 612.1 kB.
      /612 kB30[78] kB× 0\.50[23] better/,
    );
    // The accuracies of both differ by points, not by a share of a share.
    await until(
      page,
      `/%[+−]\\d+\\.\\d points (better|worse)|%the same/.test(document.querySelector('#compared tbody tr').textContent)`,
    );
    await page.click('#unpin');
    expect(await page.locator('#compared').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('a neuron is chosen by its weights, and followed step by step', async () => {
    const { page } = await visit(playground);
    await told(page, /sample/);
    await page.click('button[aria-label="follow neuron 3 of hidden"]');
    await until(page, `document.querySelector('#neuron-index').value === '3'`);
    const line = page.locator('#neuron svg.line').first();
    await page.click('#hold');
    await until(page, `document.querySelector('#hold').getAttribute('aria-pressed') === 'true'`);
    // Eight steps, eight values.
    expect(await line.getAttribute('aria-label')).toMatch(/^hidden\.v after each step: (-?\d+, ){7}-?\d+$/);
    await page.fill('#sample-number', '42');
    await page.press('#sample-number', 'Enter');
    await until(
      page,
      `/test sample 42/.test(document.querySelector('#sample canvas').getAttribute('aria-label'))`,
    );
    await page.close();
  });

  test('chips of many cores open with their mesh; experiments that need data say which', async () => {
    const { page } = await visit(playground);
    await chooseExperiment(page, 'many-cores');
    await page.waitForSelector('#mesh svg.mesh', { timeout: 40_000 });
    await told(page, /sample [1-9]/);
    expect(await page.locator('#mesh rect.core').count()).toBeGreaterThan(1);
    await chooseExperiment(page, 'spoken-rsnn');
    await until(page, `/spikes/.test(document.querySelector('#fault').textContent)`);
    // No documentation stands beside this page.
    expect(await page.textContent('#fault')).toContain('docs/data.md of the package says where');
    expect(await page.locator('#fault a').count()).toBe(0);
    await chooseExperiment(page, 'rounding-nearest');
    // 2000 samples, one epoch: it stands at its end, near chance.
    await told(page, /done: \d?\d\.\d\d % of 2 000/);
    await page.close();
  });

  test('the bank of rules: each learns, and has its price', async () => {
    const { page, faults } = await visit(playground);
    await chooseExperiment(page, 'rules-mnist');
    await told(page, /sample [1-9]/);
    const kernels = "document.querySelector('#kernels tbody').textContent";
    await until(page, `/learn\\(inputToHidden\\)/.test(${kernels})`);
    const before = await page.textContent('#memory-now');
    await page.selectOption('#program', 'mnist-e-prop');
    await until(page, `/learnFromEligibility/.test(${kernels})`);
    await told(page, /sample [1-9]/);
    // An eligibility of 8 bits for each of 784 x 256 synapses.
    expect(await page.textContent('#memory-now')).not.toBe(before);
    await page.click('#restore');
    await until(page, `document.querySelector('#memory-now').textContent === '${before}'`);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('lessons lead from state to state, with the text beside them', async () => {
    const { page, faults } = await visit(playground);
    await told(page, /sample/);
    await page.click('button.lesson >> nth=0');
    await page.waitForSelector('.open-lesson');
    expect(await page.textContent('#lesson-title')).toBe('A core that learns');
    await page.click('#lesson-next');
    await until(page, `/410.kB/.test(document.querySelector('.open-lesson').textContent)`);
    await page.click('#lesson-next');
    await told(page, /done/);
    expect(await experimentOf(page)).toBe('rounding-nearest');
    expect(await page.locator('#accuracy.spoken-of').count()).toBe(1);
    await page.click('.open-lesson >> text=Close');
    expect(await page.locator('.lesson-list').isVisible()).toBe(true);
    // Who goes on with the keyboard goes on from there.
    await until(page, `/Why rounding matters/.test(document.activeElement.textContent)`);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('the keyboard alone reaches every control', async () => {
    const { page } = await visit(playground);
    await told(page, /sample/);
    await page.waitForSelector('#editor .cm-content');
    // Not with the pointer: the keys would go on from there.
    await page.evaluate(`document.querySelector('#play').click()`);
    const wanted = await page.evaluate<number>(
      `[...document.querySelectorAll('button:not(:disabled), select, input, summary, a[href]')].filter((each) => each.checkVisibility()).length`,
    );
    await page.evaluate(`document.activeElement.blur(); window.reached = new Set()`);
    for (let key = 0; key < wanted + 30; key++) {
      // In the editor, Tab indents unless Escape comes first.
      await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
      await page.evaluate(`window.reached.add(document.activeElement)`);
    }
    const missed = await page.evaluate<string[]>(
      `[...document.querySelectorAll('button:not(:disabled), select, input, summary, a[href]')].filter((each) => each.checkVisibility() && !window.reached.has(each)).map((each) => each.outerHTML.slice(0, 80))`,
    );
    expect(missed).toEqual([]);
    await page.close();
  });
});
