/** A web server for a folder of files that never change, reachable from this computer alone. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { listFolder, readBytes } from '../fs/index.ts';
import { PlasticoreError, tableOf } from '../text/index.ts';

const usualType = 'text/plain; charset=utf-8';
const types: Readonly<Record<string, string>> = tableOf({
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  txt: usualType,
  svg: 'image/svg+xml',
  png: 'image/png',
  wasm: 'application/wasm',
  gz: 'application/gzip',
});
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
 * Serves files by their path in URLs. Nothing is looked up on the disk, so that no path leads anywhere else. Nothing is
 * compressed, because nothing leaves this computer.
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
  const served = new Map(Object.entries(files));
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer(served, request, response);
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

function answer(
  files: ReadonlyMap<string, Uint8Array>,
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse,
): void {
  if (method !== 'GET' && method !== 'HEAD') {
    send(response, 405, 'Only GET and HEAD are answered.\n', { Allow: 'GET, HEAD' });
    return;
  }
  const asked = url.split(/[?#]/)[0] ?? '';
  const path = asked === '/' ? '/index.html' : asked;
  const bytes = files.get(path);
  if (bytes === undefined) send(response, 404, 'There is no such file.\n', {});
  else {
    const type = types[path.split('.').at(-1) ?? ''] ?? usualType;
    // Another version of the package may be started on the same port.
    const headers = { 'Content-Type': type, 'Cache-Control': 'no-cache' };
    send(response, 200, bytes, headers, method === 'HEAD');
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: Uint8Array | string,
  headers: Readonly<Record<string, string>>,
  isHead = false,
): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'Content-Type': usualType, 'Content-Length': length, ...headers });
  response.end(isHead ? undefined : body);
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
