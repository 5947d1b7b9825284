import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Design, defaultDesign } from '../../site/shared/design.ts';
import { writeLink } from '../../site/shared/link.ts';
import { defaultLook } from '../../site/shared/look.ts';
import { compilerVersion } from '../../src/compiler/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { openPlayground } from './open-playground.ts';
import { visit } from './site.ts';

describe('Verilog in Chromium', needs('chromium'), () => {
  const playground = openPlayground();
  const { folder } = scratch();

  beforeAll(async () => {}, 120_000);

  const open = (design: Partial<Design>) =>
    visit(playground, {
      fragment: writeLink({
        version: compilerVersion,
        design: { ...defaultDesign, ...design },
        position: 0,
        isStill: true,
        look: defaultLook,
        pinned: undefined,
      }),
    });

  test('is what the command line writes, but for the trace', async () => {
    const { page, faults } = await open({
      precision: 'mp16-8',
      settings: { 'program.populations.hidden.size': 32 },
    });
    await page.waitForSelector('#verilog:enabled');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#verilog')]);
    expect(download.suggestedFilename()).toBe('mnist-snn-verilog.zip');
    const files = unzipSync(new Uint8Array(readFileSync(await download.path())));
    const out = join(folder, 'core');
    const size = ['--set', 'program.populations.hidden.size=32'];
    const line = ['rtl', 'mnist-snn', '--precision', 'mp16-8', ...size, '-o', out];
    expect(await commandLine(line)).toMatchObject({ status: 0 });
    const written = readdirSync(out).filter((name) => name !== 'trace.json');
    expect(Object.keys(files).sort()).toEqual(written.map((name) => `mnist-snn-verilog/${name}`).sort());
    for (const name of written)
      expect(Buffer.from(files[`mnist-snn-verilog/${name}`] ?? []).toString(), name).toBe(
        readFileSync(join(out, name), 'utf8'),
      );
    await page.waitForSelector('text=In its folder, run: make icarus');
    expect(faults).toEqual([]);
    await page.context().close();
  }, 240_000);

  test('is refused in the words of the command line, and what runs goes on', async () => {
    const { page } = await open({ precision: 'fp32' });
    await page.waitForSelector('#verilog:enabled');
    await page.click('#verilog');
    await page.waitForSelector('#fault:not([hidden])');
    expect(await page.textContent('#fault')).toContain('computes with floats');
    await page.click('#fault >> text=Back to what runs');
    await page.waitForSelector('#fault[hidden]', { state: 'attached' });
    await page.context().close();
  }, 120_000);
});
