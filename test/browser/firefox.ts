import { existsSync } from 'node:fs';

/** Firefox as its makers release it: Playwright drives only a build of its own. */
export const firefoxPath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

export const hasFirefox = existsSync(firefoxPath);

/** How to install it, for the names of tests that are skipped without it. */
export const getFirefox = `no ${firefoxPath}: "apt-get install firefox-esr" gets it, or FIREFOX names another one`;
if (!hasFirefox) console.warn(`The visit in Firefox is skipped: ${getFirefox}`);
