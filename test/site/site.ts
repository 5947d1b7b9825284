import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { bundleSite } from '../../scripts/bundle-site.ts';
import { writeDigits } from '../../scripts/digits.ts';
import { filesIn, serveFiles } from '../../src/cli/static-site.ts';

/** The playground as it is published, on a free port of this computer alone. */
export interface Site {
  readonly url: string;
  /** Where its files are. */
  readonly folder: string;
  close(): void;
}

/** The page, and what went wrong on it. */
export interface Visit {
  readonly page: Page;
  /** Errors of the page and its worker, breaches of the content policy, and errors on the console. */
  readonly faults: string[];
  /** Addresses that it asked for. */
  readonly requests: string[];
}

let built: Promise<string> | undefined;

/** Builds the site, once in this process, into a temporary folder that goes with the process. */
export function builtSite(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-site-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const digits = join(folder, 'idx');
  writeDigits(digits);
  const site = join(folder, 'site');
  await bundleSite(site, digits);
  return site;
}

/** Serves the built site, with the page's content policy as a header too. */
export async function serveSite(): Promise<Site> {
  const folder = await builtSite();
  const policy = policyOf(readFileSync(join(folder, 'index.html'), 'utf8'));
  const headers = { 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff' };
  return { ...(await serveFiles(filesIn(folder), headers, 0)), folder };
}

/** The site, and a browser that visits it. */
export interface Playground {
  readonly site: Site;
  readonly browser: Browser;
}

/** The policy that a page states in its head. */
function policyOf(html: string): string {
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1];
  if (policy === undefined) throw new Error('the page has no content policy');
  return policy;
}

/**
 * Opens the playground in a new context of the browser, so that nothing of an earlier visit is left.
 *
 * @param fragment what stands after `#` in the address
 */
export async function visit(
  { browser, site }: Playground,
  { fragment = '', ...options }: BrowserContextOptions & { readonly fragment?: string } = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(site.url + (fragment === '' ? '' : `#${fragment}`));
  return { page, faults, requests };
}

/**
 * Waits until an expression of JavaScript holds in the page. Playwright's own waiting evaluates it there, which the
 * content policy forbids.
 */
export async function until(page: Page, expression: string, withinMs = 45_000): Promise<void> {
  const end = Date.now() + withinMs;
  // What is not there yet is not so yet.
  const asked = `(() => { try { return Boolean(${expression}); } catch { return false; } })()`;
  while (!(await page.evaluate<boolean>(asked))) {
    if (Date.now() > end) throw new Error(`still not so: ${expression}`);
    await setTimeout(50);
  }
}

/** What axe finds against a part of the page: rule, element and why. */
export async function axeFindings(page: Page, selector = 'body'): Promise<string[]> {
  const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  await page.evaluate(`${source};0`);
  return page.evaluate<
    string[]
  >(`axe.run(${JSON.stringify(selector)}, { preload: false }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
      id + ' ' + JSON.stringify(target) + ': ' + failureSummary)))`);
}

/** Waits until the line of progress matches. */
export function told(page: Page, pattern: RegExp): Promise<void> {
  return until(page, `/${pattern.source}/.test(document.querySelector('#progress')?.textContent ?? '')`);
}

/** Opens an experiment from the gallery. */
export async function chooseExperiment(page: Page, name: string): Promise<void> {
  await page.click('#experiment:not(:disabled)');
  await page.click(`#gallery button.card[value="${name}"]`);
}

/** The experiment that was asked for last. */
export function experimentOf(page: Page): Promise<string> {
  return page.evaluate<string>(`document.querySelector('#experiment').value`);
}
