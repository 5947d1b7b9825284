import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { openPlayground } from './open-playground.ts';
import { until, visit } from './site.ts';

describe('the playground in Chromium', needs('chromium'), () => {
  const playground = openPlayground();

  test('asks its own origin alone, and opens without a fault', async () => {
    const { page, faults, requests } = await visit(playground);
    await page.waitForRequest(/digits\/train-labels/);
    await until(page, `!/^Loading/.test(document.querySelector('#app').textContent)`);
    expect(faults).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(playground.site.url))).toEqual([]);
  });

  test('its content policy forbids inline script and eval but for WebAssembly', async () => {
    const { page, faults } = await visit(playground);
    await page.evaluate(`document.head.append(Object.assign(document.createElement('script'), {
      textContent: 'globalThis.inlineRan = true' }))`);
    expect(await page.evaluate(`globalThis.inlineRan ?? 'forbidden'`)).toBe('forbidden');
    expect(faults.join('\n')).toMatch(/Content Security Policy/);
  });

  test('the licences of all that it is made of go with it', () => {
    const text = readFileSync(join(playground.site.folder, 'LICENSES.txt'), 'utf8');
    for (const name of ['preact', 'comlink', 'zod', 'yaml'])
      expect(text).toMatch(new RegExp(`^.*\\b${name}\\b`, 'm'));
  });
});
