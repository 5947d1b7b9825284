import { afterAll, beforeAll } from 'vitest';
import { launch } from '../browser/chromium.ts';
import { type Playground, serveSite } from './site.ts';

/** The playground in Chromium for the tests of a block, from the first of them to the last. */
export function openPlayground(): Playground {
  let open: Playground | undefined;
  const opened = (): Playground => {
    if (open === undefined) throw new Error('the playground opens before the first test');
    return open;
  };
  beforeAll(async () => {
    const [site, browser] = await Promise.all([serveSite(), launch()]);
    open = { site, browser };
  }, 60_000);
  afterAll(async () => {
    await open?.browser.close();
    open?.site.close();
  });
  return {
    get site() {
      return opened().site;
    },
    get browser() {
      return opened().browser;
    },
  };
}
