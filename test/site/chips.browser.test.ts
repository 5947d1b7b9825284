import { describe, expect, test } from 'vitest';
import { getChromium, hasChromium } from '../browser/chromium.ts';
import { browserBytes } from './memory-of-browser.ts';
import { openPlayground } from './open-playground.ts';
import { chooseExperiment, until, visit } from './site.ts';

const mostBytes = 1.5e9;

describe.skipIf(!hasChromium)(
  `chips of many cores in Chromium${hasChromium ? '' : ` (${getChromium})`}`,
  () => {
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
      const bytes = browserBytes();
      expect(bytes).toBeGreaterThan(50e6);
      expect(bytes).toBeLessThan(mostBytes);
      await page.close();
    }, 300_000);
  },
);
