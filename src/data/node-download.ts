import { closeSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { cannotWrite } from '../fs/index.ts';
import { option, PlasticoreError } from '../text/index.ts';

export interface DownloadOptions {
  /** Continues from the part that `path` already holds, which a checksum must confirm. Otherwise starts over. */
  readonly resume: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes so far, and the total if the server states it. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  /** Called before each retry. */
  readonly onRetry?: ((reason: string, seconds: number) => void) | undefined;
  /** Maximum size of the file in bytes. */
  readonly mostBytes: number;
  /** Delay before the first retry, doubled for each further one; default: 0.5 s. */
  readonly retrySeconds?: number | undefined;
}

/** Maximum number of consecutive attempts without a new byte. */
const mostAttempts = 5;
/** A connection that delivers nothing for this long is closed. */
const stallMs = 60_000;

/** A failure that a retry may cure. */
class Passing extends Error {}

/**
 * Downloads a file. If the connection is interrupted, the download continues from there.
 *
 * @param path receives the bytes as they arrive; it is left behind if the download fails
 * @returns whether a part of the file already existed
 * @throws PlasticoreError `file` if the server does not have the file, `run` if it cannot be reached; the signal's
 * reason
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
      throw new Passing(`the connection closed after ${part.size} of ${total} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

/** The part of a file downloaded so far. */
class Part {
  readonly #path: string;
  readonly #mostBytes: number;
  readonly #file: number;
  #size: number;
  /** Identifies this version of the file, if the server states it. */
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

  /** Headers that request the rest. */
  request(): Record<string, string> {
    const version = this.#version === undefined ? {} : { 'if-range': this.#version };
    // With compression in transit, lengths and ranges would not be those of the file.
    const all = { 'accept-encoding': 'identity' };
    return this.#size === 0 ? all : { ...all, range: `bytes=${this.#size}-`, ...version };
  }

  /** Prepares for the content of a response: the rest, or the whole file again. Returns the length of the file. */
  begin(response: Response, url: string): number | undefined {
    const { status, headers } = response;
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
    const total = range?.[2] === undefined || range[2] === '*' ? undefined : Number(range[2]);
    if (status === 416) {
      if (total === this.#size) return total;
      this.#restart();
      throw new Passing('the file on the server has changed');
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
    if (status === 206 && !isRest) throw new Passing('the server sent a different part than requested');
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

  /** A server may announce any length, or never stop sending. */
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

/** The length of a body, if the server states it and does not compress the body. */
function contentLength(headers: Headers): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? undefined : Number(length);
}

/** The error of fetch says only that it failed; the reason is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message === '' && 'code' in cause ? String(cause.code) : cause.message;
}
