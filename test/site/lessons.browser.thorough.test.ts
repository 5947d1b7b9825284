import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { loadEmbedded } from '../../src/data/node.ts';
import { loadExperiment, parseSettings, resolveCell, runCell } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { percent } from '../../src/report/index.ts';
import { needs } from '../support/needs.ts';
import { openPlayground } from './open-playground.ts';
import { axeFindings, chooseExperiment, told, until, visit } from './site.ts';

/** What an experiment of the lesson scores on the command line. */
async function scoreOf(name: string, ...set: string[]): Promise<number> {
  const data = loadEmbedded();
  const settings = parseSettings(set);
  const experiment = loadExperiment(findFile('experiment', name, ''), settings.experiment);
  const { scored } = await runCell(resolveCell(experiment, { settings }, findFile), data);
  return scored.correct / data.test.count;
}

/** Draws a triangle, each time a little different. */
async function drawTriangle(page: Page, drawing: number): Promise<void> {
  await page.locator('#pad').scrollIntoViewIfNeeded();
  const box = await page.locator('#pad').boundingBox();
  if (box === null) throw new Error('there is no sheet');
  const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  const shift = 0.03 * drawing;
  await page.mouse.move(...at(0.45 + shift, 0.15));
  await page.mouse.down();
  await page.mouse.move(...at(0.85, 0.8 + shift / 2), { steps: 6 });
  await page.mouse.move(...at(0.15 + shift / 2, 0.85), { steps: 6 });
  await page.mouse.move(...at(0.45 + shift, 0.15), { steps: 6 });
  await page.mouse.up();
  await page.waitForSelector('#draw .answer strong');
}

async function openLast(page: Page): Promise<void> {
  await told(page, /sample/);
  await page.click('button.lesson >> nth=5');
  await page.waitForSelector('.open-lesson');
}

describe(`the lesson on a shape of one's own`, needs('chromium'), () => {
  const playground = openPlayground();

  test('digits come two at a time: one core forgets them, and the other does not', async () => {
    const { page, faults } = await visit(playground);
    await openLast(page);
    expect(await page.textContent('#lesson-title')).toBe('Two digits at a time');
    await told(page, /done: \d\d\.\d\d % of 2 000/);
    const eleven = ['program.populations.output.size=11', 'program.populations.pool.size=255'];
    expect(await page.textContent('#progress')).toContain(
      percent(await scoreOf('lifetime-pools', ...eleven), 2),
    );
    const forgets = percent(await scoreOf('lifetime-bundled'));
    await until(
      page,
      `document.querySelector('#accuracy .pinned')?.textContent.includes('pinned ${forgets}')`,
    );
    expect(faults).toEqual([]);
    await page.close();
  });

  test('a triangle recruits a neuron for each of five drawings; figures say what they cost, and what digits lose', async () => {
    const { page, faults } = await visit(playground);
    await openLast(page);
    await page.click('#lesson-next');
    await told(page, /done/);
    const score = percent(
      await scoreOf(
        'lifetime-pools',
        'program.populations.output.size=11',
        'program.populations.pool.size=255',
      ),
      2,
    );
    await drawTriangle(page, 0);
    // Before it is taught, the shape is taken for a digit: no neuron is of the eleventh class.
    expect(await page.textContent('#draw .answer')).toMatch(/Answer: \d(?!\d)/);
    expect(await page.inputValue('#teach-label')).toBe('10');
    for (let drawing = 0; drawing < 5; drawing++) {
      if (drawing > 0) {
        await page.click('#clear');
        await drawTriangle(page, drawing);
      }
      await page.click('#teach');
      await until(page, `document.querySelector('#taught dd').textContent === '${drawing + 1}'`);
    }
    await until(
      page,
      `/as a 10, and now answers 10/.test(document.querySelector('#draw .said').textContent)`,
    );
    // The figures of the panel, and those in the text of the lesson.
    await until(
      page,
      `/\\d\\d\\.\\d\\d % → \\d\\d\\.\\d\\d %/.test(document.querySelector('#taught').textContent)`,
    );
    const [drawings, energy = '', shares = '', lost] = await page.locator('#taught dd').allTextContents();
    expect(drawings).toBe('5');
    expect(shares.startsWith(`${score} →`)).toBe(true);
    expect(lost).toMatch(/^(nothing|\d\.\d\d points)/);
    const nanojoules = Number(/^([\d\s]+)\snJ$/.exec(energy)?.[1]?.replace(/\s/g, ''));
    expect(nanojoules).toBeGreaterThan(0);
    const text = (await page.textContent('.open-lesson')) ?? '';
    expect(text).toMatch(/recruited: 5\./);
    expect(text).toContain(energy);
    expect(text).toContain(`${score} of the digits right before you came`);
    // A sixth drawing is known at once, and has taught nothing.
    await page.click('#clear');
    await drawTriangle(page, 2.5);
    await until(page, `/Answer: 10/.test(document.querySelector('#draw .answer').textContent)`);
    await told(page, /learnt 5 of your drawings/);
    // At its end, a step presents nothing; once other samples come, nobody can tell what drawings have done.
    await page.click('#step');
    expect(await page.locator('#taught dd').first().textContent()).toBe('5');
    await page.click('#reset');
    await until(page, `document.querySelector('#taught') === null`);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('the same shape on the network of the first lesson; a name that it does not have is not kept', async () => {
    const { page, faults } = await visit(playground);
    await openLast(page);
    await page.click('#lesson-next');
    await page.click('#lesson-next');
    await told(page, /epoch 1 of 1|done/);
    await told(page, /done/);
    expect(await page.textContent('#progress')).toContain(
      percent(
        await scoreOf('lifetime-bundled', 'experiment.joint=true', 'program.populations.output.size=11'),
        2,
      ),
    );
    await drawTriangle(page, 0);
    await page.selectOption('#teach-label', '10');
    await page.click('#teach');
    await until(page, `/% → \\d/.test(document.querySelector('#taught').textContent)`);
    await chooseExperiment(page, 'mnist-snn');
    await until(page, `document.querySelectorAll('#teach-label option:not([value=""])').length === 10`);
    // The drawing is asked anew, and nobody says what the core before has learnt.
    await until(page, `/Answer: \\d/.test(document.querySelector('#draw .answer').textContent)`);
    expect(await page.inputValue('#teach-label')).toBe('');
    expect(await page.textContent('#draw .said')).toBe('');
    expect(faults).toEqual([]);
    await page.close();
  });

  test.each([['dark', 390]] as const)(
    'axe finds nothing, and nothing sticks out: %s at %i pixels',
    async (colorScheme, width) => {
      const { page } = await visit(playground, { colorScheme, viewport: { width, height: 844 } });
      await openLast(page);
      await page.click('#lesson-next');
      await told(page, /done/);
      await drawTriangle(page, 0);
      await page.click('#teach');
      await until(page, `/% → \\d/.test(document.querySelector('#taught').textContent)`);
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(width);
      const shots = process.env.PLASTICORE_SHOTS;
      if (shots !== undefined) {
        await page.screenshot({ path: `${shots}/lesson-${width}.png` });
        await page.locator('#draw').screenshot({ path: `${shots}/draw-${width}.png` });
      }
      await page.close();
    },
  );
});
