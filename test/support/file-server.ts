import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A file server on localhost that can misbehave. */
export interface FileServer {
  readonly url: string;
  /** Files by path; may be changed at any time. */
  readonly files: Map<string, Uint8Array>;
  /** What came, in order. */
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** How the next requests are answered, one after the other; then as they should be. */
  readonly faults: Fault[];
  /** Whether it answers requests for a part with that part. */
  hasRanges: boolean;
  close(): Promise<void>;
}

/** A status instead of the file, or so many bytes of it and then the connection is cut. */
export type Fault = { readonly status: number } | { readonly cutAfter: number };

export async function fileServer(files: Readonly<Record<string, Uint8Array>>): Promise<FileServer> {
  const state = { files: new Map(Object.entries(files)), requests: [], faults: [], hasRanges: true } as Pick<
    FileServer,
    'files' | 'requests' | 'faults' | 'hasRanges'
  >;
  const server = createServer(({ url = '', headers }, response) => {
    const path = url.slice(1);
    state.requests.push({ path, headers });
    const fault = state.faults.shift();
    const bytes = state.files.get(path);
    if (fault !== undefined && 'status' in fault) {
      response.writeHead(fault.status).end();
      return;
    }
    if (bytes === undefined) {
      response.writeHead(404).end('not here');
      return;
    }
    const etag = `"${createHash('sha1').update(bytes).digest('hex')}"`;
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const isPart =
      state.hasRanges && start > 0 && (headers['if-range'] === undefined || headers['if-range'] === etag);
    if (isPart && start >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    const sent = isPart ? bytes.subarray(start) : bytes;
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(isPart ? 206 : 200, { etag, 'content-length': sent.length, ...(isPart ? range : {}) });
    if (fault === undefined) response.end(sent);
    else response.write(sent.subarray(0, fault.cutAfter), () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
