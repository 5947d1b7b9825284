import { closeSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { cannotWrite } from '../fs/index.ts';
import { option, PlasticoreError } from '../text/index.ts';

export interface DownloadOptions {
  /** Goes on with what `path` already holds, which a checksum has to confirm in the end; else begins anew. */
  readonly resume: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Bytes there are, and bytes in all where the server says. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  /** Told before each further attempt. */
  readonly onRetry?: ((reason: string, seconds: number) => void) | undefined;
  /** The most bytes that the file may have. */
  readonly mostBytes: number;
  /** The wait before the first further attempt, doubled with each; 0.5 s if absent. */
  readonly retrySeconds?: number | undefined;
}

/** Attempts in a row that bring no new byte. */
const mostAttempts = 5;
/** A connection that brings nothing for so long is given up. */
const stallMs = 60_000;

/** A failure that another attempt may mend. */
class Passing extends Error {}

/**
 * Downloads a file, and where the connection is cut goes on from there.
 *
 * @param path takes the bytes as they come; it stays behind when the download fails
 * @returns whether a part of it was there before
 * @throws PlasticoreError `file` where the server has no such file, `run` where it cannot be reached; the signal's reason
 */
export async function download(
  url: string,
  path: string,
  options: DownloadOptions,
): Promise<{ readonly isResumed: boolean }> {
  const { signal, retrySeconds = 0.5 } = options;
  const part = new Part(path, options);
  const isResumed = part.size > 0;
  try {
    for (let attempts = 1; ; attempts++) {
      const before = part.size;
      try {
        await attempt(url, part, options);
        return { isResumed };
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof PlasticoreError) throw error;
        if (part.size > before) attempts = 1;
        const reason = reasonOf(error);
        if (attempts >= mostAttempts) {
          throw new PlasticoreError('run', `${reason}, ${mostAttempts} times in a row`, {
            file: url,
            hint: `try again later, or name another server with ${option('url')}`,
          });
        }
        const seconds = retrySeconds * 2 ** (attempts - 1);
        options.onRetry?.(reason, seconds);
        await wait(1000 * seconds, undefined, { signal }).catch(() => signal?.throwIfAborted());
      }
    }
  } finally {
    part.close();
  }
}

async function attempt(url: string, part: Part, options: DownloadOptions): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(new Passing('nothing came for a minute')), stallMs);
  const { signal = stall.signal } = options;
  try {
    const response = await fetch(url, {
      headers: part.request(),
      signal: AbortSignal.any([stall.signal, signal]),
    });
    const total = part.begin(response, url);
    if (response.body === null) return;
    for await (const chunk of response.body) {
      timer.refresh();
      part.append(chunk, url);
      options.onProgress?.(part.size, total);
    }
    if (total !== undefined && part.size !== total)
      throw new Passing(`the connection ended after ${part.size} of ${total} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

/** The part of a file that is there. */
class Part {
  readonly #path: string;
  readonly #mostBytes: number;
  readonly #file: number;
  #size: number;
  /** What tells this version of the file from another one, where the server says. */
  #version: string | undefined;

  constructor(path: string, { resume: keep, mostBytes }: Pick<DownloadOptions, 'resume' | 'mostBytes'>) {
    this.#path = path;
    this.#mostBytes = mostBytes;
    this.#file = opening(path, keep);
    this.#size = keep ? statSync(path).size : 0;
  }

  get size(): number {
    return this.#size;
  }

  /** Headers that ask for the rest. */
  request(): Record<string, string> {
    const version = this.#version === undefined ? {} : { 'if-range': this.#version };
    // Packed once more on its way, lengths and ranges would not be those of the file.
    const all = { 'accept-encoding': 'identity' };
    return this.#size === 0 ? all : { ...all, range: `bytes=${this.#size}-`, ...version };
  }

  /** Makes ready for what a response brings: the rest, or all anew. Returns the length of the whole file. */
  begin(response: Response, url: string): number | undefined {
    const { status, headers } = response;
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
    const total = range?.[2] === undefined || range[2] === '*' ? undefined : Number(range[2]);
    if (status === 416) {
      if (total === this.#size) return total;
      this.#restart();
      throw new Passing('the server has another file than before');
    }
    if (status >= 500 || status === 408 || status === 429) throw new Passing(`the server answers ${status}`);
    if (status !== 200 && status !== 206) {
      throw new PlasticoreError('file', `the server answers ${status} ${response.statusText}`.trimEnd(), {
        file: url,
        hint: `name another server with ${option('url')}`,
      });
    }
    const length = contentLength(headers);
    this.#bound(total ?? length ?? 0, url);
    const isRest = status === 206 && Number(range?.[1]) === this.#size;
    if (!isRest) this.#restart();
    if (status === 206 && !isRest) throw new Passing('the server sends another part than was asked for');
    const tag = headers.get('etag');
    this.#version = tag === null || tag.startsWith('W/') ? (headers.get('last-modified') ?? undefined) : tag;
    return isRest ? total : length;
  }

  append(bytes: Uint8Array, url: string): void {
    this.#bound(this.#size + bytes.length, url);
    try {
      for (let at = 0; at < bytes.length; )
        at += writeSync(this.#file, bytes, at, undefined, this.#size + at);
    } catch (error) {
      throw cannotWrite(this.#path, error);
    }
    this.#size += bytes.length;
  }

  /** A server may announce anything, or send without end. */
  #bound(bytes: number, url: string): void {
    if (bytes <= this.#mostBytes) return;
    throw new PlasticoreError(
      'data',
      `the server sends more than ${this.#mostBytes / 2 ** 20} MiB, the most that is fetched`,
      { file: url, hint: `this is not the published file: name another server with ${option('url')}` },
    );
  }

  close(): void {
    closeSync(this.#file);
  }

  #restart(): void {
    ftruncateSync(this.#file, 0);
    this.#size = 0;
    this.#version = undefined;
  }
}

function opening(path: string, keep: boolean): number {
  if (!keep) rmSync(path, { force: true });
  try {
    return openSync(path, statSync(path, { throwIfNoEntry: false }) === undefined ? 'wx' : 'r+');
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** The length of a body, where the server says it and the body comes as it is. */
function contentLength(headers: Headers): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? undefined : Number(length);
}

/** fetch says only that it failed; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message === '' && 'code' in cause ? String(cause.code) : cause.message;
}
