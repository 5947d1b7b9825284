import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const hasChromium = existsSync(chromiumPath);

/** How to install it, for the names of tests that are skipped without it. */
export const getChromium = `no ${chromiumPath}: "apt-get install chromium" gets it, or CHROMIUM names another one`;
if (!hasChromium) console.warn(`The tests in a browser are skipped: ${getChromium}`);

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
