import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder, readBytes, statIfThere, writeAtomically } from '../fs/index.ts';
import { option, PlasticoreError, suggest } from '../text/index.ts';
import { isGzip, unpackGzip } from './formats/gzip.ts';
import { type DownloadOptions, download } from './node-download.ts';
import { type PublishedFile, type PublishedName, type PublishedSet, publishedSets } from './sets/describe.ts';

export interface FetchOptions
  extends Omit<DownloadOptions, 'resume' | 'mostBytes' | 'onProgress' | 'onRetry'> {
  /** Folder for the files, created if necessary. */
  readonly to: string;
  /** Folder on another server with the same files. */
  readonly url?: string | undefined;
  /** Maximum size of a published file in bytes; default: {@link mostFetchedBytes}. */
  readonly mostBytes?: number | undefined;
  /** SHA-256 of files by name, either as published or unpacked. */
  readonly sha256?: ReadonlyMap<string, string> | undefined;
  readonly onProgress?: ((file: string, done: number, total: number | undefined) => void) | undefined;
  readonly onRetry?: ((file: string, reason: string, seconds: number) => void) | undefined;
}

/** 512 MiB: more than twice the largest published file (shd_train.h5.gz, about 130 MB). */
const mostFetchedBytes = 2 ** 29;
/** Maximum size of a list of checksums, which has one line for each file. */
const mostListBytes = 2 ** 20;

/** How a file's content was verified. */
type Verification = 'sha256' | 'sha256 given' | 'md5' | 'md5 of the server' | 'not verified';

export interface FetchedFile {
  readonly path: string;
  readonly bytes: number;
  /** Of the file as stored, unpacked. */
  readonly sha256: string;
  readonly verified: Verification;
  /** Whether the file already existed. */
  readonly isOld: boolean;
}

/**
 * Fetches, verifies and unpacks a published data set. Valid files that already exist are kept.
 *
 * A file gets its final name once it is complete, verified and on disk. An interrupted download leaves a `.part` file.
 * It is resumed only if a SHA-256 is known, which can tell in the end whether the parts belong together.
 *
 * Only one process at a time may fetch into a folder.
 *
 * @throws PlasticoreError `usage` if another process writes to the folder; `file`, `system`, `data` (a checksum that
 * does not match, a file that is too large) or `run` (no connection); the signal's reason
 */
export async function fetchData(name: PublishedName, options: FetchOptions): Promise<readonly FetchedFile[]> {
  const set: PublishedSet = publishedSets[name];
  const base = baseOf(options.url ?? set.url);
  const given = checkedNames(set, options.sha256 ?? new Map());
  const release = lockFolder(options.to);
  try {
    return await fetchFiles(set, base, given, options);
  } finally {
    release();
  }
}

async function fetchFiles(
  set: PublishedSet,
  base: URL,
  given: ReadonlyMap<string, string>,
  options: FetchOptions,
): Promise<readonly FetchedFile[]> {
  let md5: ReadonlyMap<string, string> | undefined;
  const fetched: FetchedFile[] = [];
  for (const file of set.files) {
    const expected: Checksums = { sha256: file.sha256, given: given.get(file.name) };
    const old = oldFile(unpackedPath(file, options.to), expected);
    if (old !== undefined) {
      fetched.push(old);
      continue;
    }
    md5 ??= await md5List(set, base, options.signal);
    const sum = file.md5 ?? md5.get(file.name);
    fetched.push(
      await fetchFile(file, base, { ...expected, md5: sum, isPublishedMd5: file.md5 !== undefined }, options),
    );
  }
  return fetched;
}

interface Checksums {
  /** Of the unpacked file. */
  readonly sha256: string | undefined;
  /** Given by the user, for the published or the unpacked file. */
  readonly given: string | undefined;
  /** Of the published file. */
  readonly md5?: string | undefined;
  /** Whether its authors state the MD5, and not only the server that sends the file. */
  readonly isPublishedMd5?: boolean;
}

async function fetchFile(
  file: PublishedFile,
  base: URL,
  expected: Checksums,
  options: FetchOptions,
): Promise<FetchedFile> {
  const url = new URL(file.name, base).href;
  const path = unpackedPath(file, options.to);
  const part = join(options.to, `${file.name}.part`);
  const canResume = expected.sha256 !== undefined || expected.given !== undefined;
  for (let resume = canResume; ; resume = false) {
    let isResumed = false;
    try {
      ({ isResumed } = await download(url, part, {
        resume,
        mostBytes: options.mostBytes ?? mostFetchedBytes,
        signal: options.signal,
        retrySeconds: options.retrySeconds,
        onProgress: (done, total) => options.onProgress?.(file.name, done, total),
        onRetry: (reason, seconds) => options.onRetry?.(file.name, reason, seconds),
      }));
    } catch (error) {
      if (!canResume) rmSync(part, { force: true });
      throw error;
    }
    try {
      const packed = readBytes(part);
      const unpacked = isGzip(packed) ? unpackGzip(packed, url) : packed;
      const verified = verify(packed, unpacked, expected, url);
      writeAtomically(path, unpacked);
      return { path, bytes: unpacked.length, sha256: digest('sha256', unpacked), verified, isOld: false };
    } catch (error) {
      // The parts may belong to two versions of the file, so it is downloaded once more from the beginning.
      if (!isResumed || !(error instanceof PlasticoreError) || error.code !== 'data') throw error;
    } finally {
      rmSync(part, { force: true });
    }
  }
}

/** Verifies a file's content with the strongest checksum available; throws a `data` error if it does not match. */
function verify(packed: Uint8Array, unpacked: Uint8Array, expected: Checksums, url: string): Verification {
  const unpackedSha256 = digest('sha256', unpacked);
  const mismatch = (kind: string, found: string, wanted: string) =>
    new PlasticoreError('data', `${kind} ${found} found, ${wanted} expected`, {
      file: url,
      hint: 'the file is damaged or a different one; nothing was written',
    });
  if (expected.given !== undefined) {
    const found = digest('sha256', packed);
    if (found !== expected.given && unpackedSha256 !== expected.given)
      throw mismatch('SHA-256', found, expected.given);
  }
  if (expected.sha256 !== undefined && unpackedSha256 !== expected.sha256)
    throw mismatch('SHA-256 of the unpacked file', unpackedSha256, expected.sha256);
  if (expected.md5 !== undefined) {
    const found = digest('md5', packed);
    const by = expected.isPublishedMd5 ? 'MD5' : "MD5, by the server's list,";
    if (found !== expected.md5) throw mismatch(by, found, expected.md5);
  }
  if (expected.sha256 !== undefined) return 'sha256';
  if (expected.given !== undefined) return 'sha256 given';
  if (expected.md5 === undefined) return 'not verified';
  return expected.isPublishedMd5 ? 'md5' : 'md5 of the server';
}

/** A file that already exists, unless a known checksum does not match it. */
function oldFile(path: string, { sha256, given }: Checksums): FetchedFile | undefined {
  if (statIfThere(path) === undefined) return undefined;
  const bytes = readBytes(path);
  const found = digest('sha256', bytes);
  const old = (verified: Verification) => ({
    path,
    bytes: bytes.length,
    sha256: found,
    verified,
    isOld: true,
  });
  if (sha256 !== undefined) return found === sha256 ? old('sha256') : undefined;
  // The checksum given by the user may be that of the packed file.
  if (given !== undefined) return found === given ? old('sha256 given') : undefined;
  return old('not verified');
}

/** The server's list of MD5 sums by name; empty if it has none. */
async function md5List(
  { md5List: name }: PublishedSet,
  base: URL,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  if (name === undefined) return new Map();
  try {
    const response = await fetch(new URL(name, base), { signal: signal ?? null });
    const text = response.ok ? await boundedText(response) : '';
    return new Map(
      [...text.matchAll(/^([0-9a-f]{32})\s+\*?(\S+)\s*$/gim)].map(([, sum = '', file = '']) => [
        file,
        sum.toLowerCase(),
      ]),
    );
  } catch {
    signal?.throwIfAborted();
    return new Map();
  }
}

/** The text of a response, truncated after {@link mostListBytes}. */
async function boundedText({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > mostListBytes) break;
  }
  return text;
}

/** Checksums by the published names of their files. */
function checkedNames(set: PublishedSet, given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const names = set.files.map(({ name }) => name);
  return new Map(
    [...given].map(([file, sum]) => {
      const name = names.find((candidate) => candidate === file || candidate === `${file}.gz`);
      if (name === undefined) {
        throw new PlasticoreError('usage', `${option('sha256')}: '${file}' is not one of the files`, {
          hint: suggest(file, names),
        });
      }
      if (!/^[0-9a-f]{64}$/i.test(sum)) {
        throw new PlasticoreError(
          'usage',
          `${option('sha256')}: '${sum}' found, 64 hexadecimal digits expected`,
        );
      }
      return [name, sum.toLowerCase()];
    }),
  );
}

function baseOf(url: string): URL {
  const base = URL.canParse(url) ? new URL(url.endsWith('/') ? url : `${url}/`) : undefined;
  if (base !== undefined && /^https?:$/.test(base.protocol)) return base;
  throw new PlasticoreError('usage', `${option('url')}: '${url}' is not an address`, {
    hint: 'for example https://example.org/data/',
  });
}

function unpackedPath({ name }: PublishedFile, folder: string): string {
  return join(folder, name.replace(/\.gz$/, ''));
}

function digest(algorithm: 'sha256' | 'md5', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}
