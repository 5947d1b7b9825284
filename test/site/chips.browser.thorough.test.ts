import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { browserBytes } from './memory-of-browser.ts';
import { openPlayground } from './open-playground.ts';
import { chooseExperiment, until, visit } from './site.ts';

function expectRoom(): void {
  const bytes = browserBytes();
  expect(bytes).toBeGreaterThan(200e6);
  expect(bytes).toBeLessThan(1.5e9);
}

describe('chips of many cores in Chromium', needs('chromium'), () => {
  const playground = openPlayground();

  test('the network on RANC runs within 1.5 GB, opened three times', async () => {
    const { page, faults } = await visit(playground);
    for (let time = 0; time < 3; time++) {
      await chooseExperiment(page, 'mnist-snn');
      await until(page, "document.querySelector('#experiment').value === 'mnist-snn'");
      await chooseExperiment(page, 'ranc-mnist');
      await until(page, "/^[0-9.]+ %$/.test(document.querySelector('#accuracy-now').textContent)", 120_000);
    }
    await until(page, "/energy\\s*unknown/.test(document.querySelector('#activity').textContent)");
    await until(page, "/energies are unknown/.test(document.querySelector('.description').textContent)");
    expect(faults).toEqual([]);
    expectRoom();
    await page.close();
  }, 300_000);

  test('so do chips like Loihi, and like TrueNorth with a million neurons', async () => {
    const { page, faults } = await visit(playground);
    for (const name of ['loihi-chip', 'truenorth-chip']) {
      await chooseExperiment(page, name);
      await until(page, `document.querySelector('#experiment').value === '${name}'`);
      await until(page, "/energy[0-9.]+ mJ/.test(document.querySelector('#activity')?.textContent)", 120_000);
      expectRoom();
    }
    expect(faults).toEqual([]);
    await page.close();
  }, 300_000);
});
