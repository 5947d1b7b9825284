/**
 * `tsx scripts/picture-of-playground.ts`: writes the pictures of the playground in `docs/images`, in both colour
 * schemes, from the page as the build has made it (`npm run build`), at a fixed sample of a fixed run. Needs Chromium;
 * `CHROMIUM` names another one.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { defaultDesign } from '../site/shared/design.ts';
import { writeLink } from '../site/shared/link.ts';
import { defaultLook } from '../site/shared/look.ts';
import { filesIn, serveFiles } from '../src/cli/static-site.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = `${root}docs/images`;
const viewport = { width: 1440, height: 1080 };
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { readonly version: string };

/** After half an epoch, the weights of the hidden neurons show strokes. */
const fragment = writeLink({
  version,
  design: defaultDesign,
  position: 4000,
  isStill: true,
  look: { ...defaultLook, sample: 3 },
  pinned: undefined,
});

mkdirSync(folder, { recursive: true });
const site = await serveFiles(filesIn(`${root}dist/site`), {}, 0);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  for (const colorScheme of ['light', 'dark'] as const) await picture(browser, colorScheme);
} finally {
  await browser.close();
  site.close();
}

async function picture(browser: Browser, colorScheme: 'light' | 'dark'): Promise<void> {
  const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
  await page.goto(`${site.url}#${fragment}`);
  const isThere = `document.querySelector('#progress')?.textContent.includes('sample 4 000 of')
    && document.querySelector('#play').textContent.includes('Run')
    && document.querySelector('#own') !== null`;
  while (!(await page.evaluate<boolean>(isThere))) await page.waitForTimeout(100);
  // The last charts are drawn a little later than their figures.
  await page.waitForTimeout(1000);
  await page.screenshot({ path: `${folder}/playground-${colorScheme}.png` });
  await page.close();
}
