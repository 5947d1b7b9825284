import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { root } from '../support/root.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, type Finished, signalCommand } from './in-process.ts';

const { folder } = scratch();
/** The page as `npm ci` has built it, be it of these sources or older. */
const site = join(root, 'dist/site');

/** Starts the server, and waits for the address that it prints. */
async function served(...options: readonly string[]) {
  let exit: Promise<Finished> | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    const onWrite = (text: string): void => {
      if (text.startsWith('http')) resolve(text.trim());
    };
    exit = commandLine(argv`playground ${options}`, { onWrite });
    exit.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  return { url, exit };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

function ask(url: string, method = 'GET', headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('plasticore playground', () => {
  let server: Awaited<ReturnType<typeof served>>;
  beforeAll(async () => {
    server = await served();
  }, 120_000);
  afterAll(async () => {
    signalCommand('SIGTERM');
    await server.exit;
  });

  test('prints an address of this computer alone', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  test.each([
    ['', 'text/html; charset=utf-8', 'index.html'],
    ['index.html?a=b', 'text/html; charset=utf-8', 'index.html'],
    ['main.js', 'text/javascript; charset=utf-8', 'main.js'],
    ['style.css', 'text/css; charset=utf-8', 'style.css'],
    ['LICENSES.txt', 'text/plain; charset=utf-8', 'LICENSES.txt'],
    ['digits/LICENSE', 'text/plain; charset=utf-8', 'digits/LICENSE'],
    ['digits/t10k-labels-idx1-ubyte.gz', 'application/gzip', 'digits/t10k-labels-idx1-ubyte.gz'],
  ])("sends '/%s' as %s", async (path, type, file) => {
    const { status, headers, body } = await ask(server.url + path);
    expect({ status, type: headers['content-type'], encoding: headers['content-encoding'] }).toEqual({
      status: 200,
      type,
      encoding: undefined,
    });
    expect(body.equals(readFileSync(join(site, file)))).toBe(true);
  });

  test('sends the content policy of the page, and strict headers, with every answer', async () => {
    const [, policy = ''] =
      /content="(default-src[^"]+)"/.exec(readFileSync(join(site, 'index.html'), 'utf8')) ?? [];
    for (const path of ['', 'worker.js', 'nothing'])
      expect((await ask(server.url + path)).headers).toMatchObject({
        'content-security-policy': `${policy}; frame-ancestors 'none'`,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
      });
  });

  test('answers HEAD without a body, and no other method', async () => {
    const head = await ask(`${server.url}main.js`, 'HEAD');
    const length = String(readFileSync(join(site, 'main.js')).length);
    expect({ ...head, headers: head.headers['content-length'] }).toEqual({
      status: 200,
      headers: length,
      body: Buffer.alloc(0),
    });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect(await ask(`${server.url}main.js`, method)).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
      });
  });

  // Written to the socket, because a client would resolve them first.
  test.each([
    '/../package.json',
    '/digits/../../../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/digits',
    '/digits/',
    '//main.js',
    '/main.js/',
    '/%00',
    '/%',
    '/__proto__',
    'http://127.0.0.1/../package.json',
  ])("has nothing at '%s'", async (path) => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 404 /);
    expect(text).toMatch(/There is no such file\.\n$/);
  });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends it with status 0, even while a page is connected',
  async (signal) => {
    const { url, exit } = await served();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    signalCommand(signal);
    expect(await exit).toMatchObject({ status: 0 });
  },
);

test('--port takes a port, and says if it is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { status, stdout, stderr } = await commandLine(argv`playground --port ${String(port)}`);
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: `plasticore: --port: port ${port} is taken by another program
  choose another one, or leave the option out: then any free port is taken
`,
  });
  other.close();
  await once(other, 'close');
  const { url, exit } = await served('--port', String(port));
  expect(url).toBe(`http://127.0.0.1:${port}/`);
  signalCommand('SIGINT');
  await exit;
  expect(await commandLine(argv`playground --port 70000`)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--port: expected a whole number, 0 to 65535, found'),
  });
});

test('--out writes the whole page into a new folder, and overwrites nothing', async () => {
  const public_ = join(folder, 'some', 'public');
  expect(await commandLine(argv`playground --out ${public_}`)).toEqual({
    status: 0,
    stdout: `${public_}\n`,
    stderr: '',
  });
  const files = (where: string) =>
    readdirSync(where, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(where.length))
      .sort();
  expect(files(public_)).toEqual(files(site));
  for (const name of files(site))
    expect(readFileSync(join(public_, name)).equals(readFileSync(join(site, name))), name).toBe(true);
  expect(await commandLine(argv`playground --out ${public_}`)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('this folder is not empty'),
  });
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(await commandLine(argv`playground --out ${file}`)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('this is a file; a new or empty folder is expected'),
  });
});
