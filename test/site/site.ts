import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { bundleSite } from '../../scripts/bundle-site.ts';
import { writeDigits } from '../../scripts/digits.ts';

/** The playground as it is published, on a free port of this machine alone. */
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

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
};

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
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = join(folder, pathname === '/' ? 'index.html' : decodeURIComponent(pathname));
    const body = path.startsWith(folder) ? contentOf(path) : undefined;
    if (body === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, {
          'content-type': types[extname(path)] ?? 'application/octet-stream',
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff',
        })
        .end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    folder,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The policy that a page states in its head. */
function policyOf(html: string): string {
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1];
  if (policy === undefined) throw new Error('the page has no content policy');
  return policy;
}

function contentOf(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Opens the playground in a new context of the browser, so that nothing of an earlier visit is left.
 *
 * @param fragment what stands after `#` in the address
 */
export async function visit(
  browser: Browser,
  site: Site,
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
