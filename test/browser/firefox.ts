/** Firefox as its makers release it: Playwright drives only a build of its own. */
export const firefoxPath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
