/** A web server for a folder of files that never change, reachable from this computer alone. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { listFolder, readBytes } from '../fs/index.ts';
import { PlasticoreError, tableOf } from '../text/index.ts';

/** A file and how it is sent. */
interface Entry {
  readonly type: string;
  readonly bytes: Uint8Array;
  /** Compressed when first asked for; undefined where it would not get smaller. */
  readonly packed: (() => Promise<Uint8Array>) | undefined;
}

const types: Readonly<Record<string, string>> = tableOf({
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  wasm: 'application/wasm',
  gz: 'application/gzip',
});
/** Text and WebAssembly get smaller, and nothing else that is served. */
const isCompressible = (type: string): boolean => /^text|json|svg|wasm/.test(type);

/** The files of a folder and of those in it, by their path in URLs. */
export function filesIn(folder: string, at = ''): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(
    listFolder(folder).flatMap((entry): (readonly [string, Uint8Array])[] => {
      const path = join(folder, entry.name);
      const name = `${at}/${entry.name}`;
      return entry.isDirectory() ? Object.entries(filesIn(path, name)) : [[name, readBytes(path)]];
    }),
  );
}

export interface StaticSite {
  readonly url: string;
  close(): void;
}

/**
 * Serves files by their path in URLs. Nothing is looked up on the disk, so that no path leads anywhere else.
 *
 * @param headers sent with every answer
 * @param port 0: any that is free
 * @throws PlasticoreError `usage` where the port is taken or not allowed
 */
export async function serveFiles(
  files: Readonly<Record<string, Uint8Array>>,
  headers: Readonly<Record<string, string>>,
  port: number,
): Promise<StaticSite> {
  const entries = new Map(Object.entries(files).map(([path, bytes]) => [path, entryOf(path, bytes)]));
  const index = entries.get('/index.html');
  if (index !== undefined) entries.set('/', index);
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    void answer(entries, request, response);
  }).listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(port, error);
  }
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${given}/`,
    close() {
      server.close();
      // Browsers keep connections open, which would keep the process alive.
      server.closeAllConnections();
    },
  };
}

function entryOf(path: string, bytes: Uint8Array): Entry {
  const type = types[path.split('.').at(-1) ?? ''] ?? 'text/plain; charset=utf-8';
  let packed: Promise<Uint8Array> | undefined;
  const pack = (): Promise<Uint8Array> => {
    packed ??= promisify(gzip)(bytes);
    return packed;
  };
  return { type, bytes, packed: isCompressible(type) ? pack : undefined };
}

async function answer(
  entries: ReadonlyMap<string, Entry>,
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') {
    plain(response, 405, 'Only GET and HEAD are answered.', { Allow: 'GET, HEAD' });
    return;
  }
  const entry = entries.get(url?.split(/[?#]/)[0] ?? '');
  if (entry === undefined) {
    plain(response, 404, 'There is no such file.');
    return;
  }
  const { type, bytes, packed } = entry;
  const body = packed !== undefined && acceptsGzip(headers['accept-encoding']) ? await packed() : bytes;
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': body.length,
    // Another version of the package may be started on the same port.
    'Cache-Control': 'no-cache',
    ...(packed === undefined ? {} : { Vary: 'Accept-Encoding' }),
    ...(body === bytes ? {} : { 'Content-Encoding': 'gzip' }),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

/** Whether gzip is among the accepted encodings, and not with a weight of 0 (RFC 9110, 12.5.3). */
function acceptsGzip(accepted: string | string[] | undefined): boolean {
  return String(accepted ?? '')
    .split(',')
    .some((encoding) => {
      const [name, weight = 'q=1'] = encoding.split(';').map((part) => part.trim());
      return name === 'gzip' && Number(weight.replace('q=', '')) > 0;
    });
}

function plain(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = `${text}\n`;
  response
    .writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      ...headers,
    })
    .end(body);
}

function cannotListen(port: number, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const refuse = (what: string): PlasticoreError =>
    new PlasticoreError('usage', `--port: ${what}`, {
      hint: 'choose another one, or leave the option out: then any free port is taken',
    });
  if (code === 'EADDRINUSE') return refuse(`port ${port} is taken by another program`);
  if (code === 'EACCES') return refuse(`port ${port} may not be used without special rights`);
  return error instanceof Error ? error : new Error(String(error));
}
