import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FetchOptions, fetchData } from '../../src/data/node.ts';
import { expectRejection } from '../support/errors.ts';
import { type FileServer, fileServer } from '../support/file-server.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';

const { folder: root } = scratch();

const sum = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');
/** Bytes that do not pack, so that the files are long enough to be cut. */
const noise = (seed: number, length = 200_000) => {
  let word = seed;
  return Uint8Array.from({ length }, () => {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    return word >>> 24;
  });
};

const train = noise(1);
const tested = noise(2);
const packed = { 'shd_train.h5.gz': gzipSync(train), 'shd_test.h5.gz': gzipSync(tested) };
const sums = new Map([
  ['shd_train.h5', sum('sha256', train)],
  ['shd_test.h5.gz', sum('sha256', packed['shd_test.h5.gz'])],
]);
const md5List = (files: Readonly<Record<string, Uint8Array>>) =>
  new TextEncoder().encode(
    Object.entries(files)
      .map(([name, bytes]) => `${sum('md5', bytes)}  ${name}\n`)
      .join(''),
  );

let server: FileServer;
let to = '';
beforeEach(async () => {
  server = await fileServer(packed);
  to = mkdtempSync(join(root, 'to-'));
});
afterEach(() => server.close());

const fetchShd = (options: Partial<FetchOptions> = {}) =>
  fetchData('shd', { to, url: server.url, retrySeconds: 0.01, ...options });
/** By their sums, as arrays of this length take long to compare. */
const expectContent = (name: string, bytes: Uint8Array) =>
  expect(sum('sha256', readFileSync(join(to, name)))).toBe(sum('sha256', bytes));
/** What was asked for of a file, as `range` headers. */
const ranges = (name: string) =>
  server.requests.filter(({ path }) => path === name).map(({ headers }) => headers.range);

test('where authors state an MD5 alone, it counts, and nothing else is written', async () => {
  const name = 'train-images-idx3-ubyte.gz';
  const other = await fileServer({ [name]: gzipSync(train) });
  try {
    const fetched = fetchData('fashion-mnist', { to, url: other.url, retrySeconds: 0.01 });
    // As the README of Fashion-MNIST has it.
    await expect(fetched).rejects.toThrow(
      `MD5 ${sum('md5', gzipSync(train))} found, 8d4fb7e6c68d591d4c3dfef9ec88bf0d expected`,
    );
    expect(readdirSync(to)).toEqual([]);
  } finally {
    other.close();
  }
});

describe('a fetch', () => {
  test('unpacks the files, checks them against the given checksums, and reports its progress', async () => {
    const progress: [string, number, number | undefined][] = [];
    const files = await fetchShd({ sha256: sums, onProgress: (...args) => progress.push(args) });
    expect(files).toEqual([
      {
        path: join(to, 'shd_train.h5'),
        bytes: train.length,
        sha256: sum('sha256', train),
        verified: 'sha256 given',
        isOld: false,
      },
      {
        path: join(to, 'shd_test.h5'),
        bytes: tested.length,
        sha256: sum('sha256', tested),
        verified: 'sha256 given',
        isOld: false,
      },
    ]);
    expectContent('shd_train.h5', train);
    expectContent('shd_test.h5', tested);
    expect(readdirSync(to).sort()).toEqual(['shd_test.h5', 'shd_train.h5']);
    const { length } = packed['shd_train.h5.gz'];
    expect(progress.findLast(([name]) => name === 'shd_train.h5.gz')).toEqual([
      'shd_train.h5.gz',
      length,
      length,
    ]);
  });

  test('without a checksum says that nothing was verified', async () => {
    expect((await fetchShd()).map(({ verified }) => verified)).toEqual(['not verified', 'not verified']);
  });

  test("checks against the server's own list of MD5 sums", async () => {
    server.files.set('md5sums.txt', md5List(packed));
    expect((await fetchShd()).map(({ verified }) => verified)).toEqual([
      'md5 of the server',
      'md5 of the server',
    ]);
    rmSync(join(to, 'shd_test.h5'));
    server.files.set('shd_test.h5.gz', gzipSync(noise(3)));
    await expectRejection(fetchShd(), 'data', 'shd_test.h5.gz', 'MD5', 'nothing was written');
    expect(readdirSync(to)).toEqual(['shd_train.h5']);
  });

  test('leaves existing files alone, unless their checksum differs', async () => {
    await fetchShd({ sha256: sums });
    writeFileSync(join(to, 'shd_train.h5'), 'damaged');
    server.requests.length = 0;
    const files = await fetchShd({ sha256: new Map([['shd_train.h5', sum('sha256', train)]]) });
    expect(files.map(({ isOld }) => isOld)).toEqual([false, true]);
    expectContent('shd_train.h5', train);
    expect(ranges('shd_test.h5.gz')).toEqual([]);
  });
});

describe('what goes wrong', () => {
  test('a file that is not there: an error, and nothing is left', async () => {
    server.files.delete('shd_train.h5.gz');
    await expectRejection(fetchShd(), 'file', `${server.url}shd_train.h5.gz`, '404 Not Found', "'url'");
    expect(readdirSync(to)).toEqual([]);
    // It is not asked for again: the answer would be the same.
    expect(ranges('shd_train.h5.gz')).toHaveLength(1);
  });

  test('a connection that breaks: continues from there', async () => {
    const retries: string[] = [];
    server.files.set('md5sums.txt', md5List(packed));
    // The first request is for the list.
    server.faults.push({ cutAfter: 10_000 }, { cutAfter: 60_000 }, { cutAfter: 20_000 });
    await fetchShd({ onRetry: (file) => retries.push(file) });
    expectContent('shd_train.h5', train);
    const asked = ranges('shd_train.h5.gz');
    expect(asked).toHaveLength(3);
    expect(asked[1]).toMatch(/^bytes=\d+-$/);
    expect(Number(asked[2]?.slice(6, -1))).toBeGreaterThan(Number(asked[1]?.slice(6, -1)));
    expect(retries).toEqual(['shd_train.h5.gz', 'shd_train.h5.gz']);
  });

  test('a server that sends no parts: starts again', async () => {
    server.hasRanges = false;
    server.faults.push({ status: 404 }, { cutAfter: 60_000 });
    await fetchShd();
    expectContent('shd_train.h5', train);
  });

  test('a file that changes between two parts: starts again', async () => {
    server.faults.push({ status: 404 }, { cutAfter: 60_000 });
    const other = gzipSync(noise(9));
    await fetchShd({ onRetry: () => server.files.set('shd_train.h5.gz', other) });
    expectContent('shd_train.h5', noise(9));
  });

  test('a server that is busy, then is not; and one that stays so', async () => {
    server.faults.push({ status: 404 }, { status: 503 }, { status: 429 });
    await fetchShd();
    expectContent('shd_train.h5', train);
    rmSync(join(to, 'shd_train.h5'));
    server.faults.push({ status: 404 }, ...Array.from({ length: 5 }, () => ({ status: 500 })));
    await expectRejection(fetchShd(), 'run', 'the server answers 500, 5 times in a row');
    expect(readdirSync(to)).toEqual(['shd_test.h5']);
  });

  test('nobody there', async () => {
    await server.close();
    await expectRejection(fetchShd(), 'run', 'ECONNREFUSED', '5 times in a row');
  });

  test('a checksum that differs from the one given: an error that states both, and nothing is left', async () => {
    const wrong = 'a'.repeat(64);
    await expectRejection(
      fetchShd({ sha256: new Map([['shd_train.h5.gz', wrong]]) }),
      'data',
      `SHA-256 ${sum('sha256', packed['shd_train.h5.gz'])} found, ${wrong} expected`,
    );
    expect(readdirSync(to)).toEqual([]);
  });

  test('an MNIST that differs from the published one', async () => {
    server.files.set('train-images-idx3-ubyte.gz', gzipSync(noise(4)));
    const known = 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db';
    await expectRejection(fetchData('mnist', { to, url: server.url }), 'data', `${known} expected`);
    expect(readdirSync(to)).toEqual([]);
  });

  test('damaged gzip', async () => {
    const damaged = Uint8Array.from(packed['shd_train.h5.gz']);
    damaged[1000] = (damaged[1000] ?? 0) ^ 1;
    server.files.set('shd_train.h5.gz', damaged);
    await expectRejection(fetchShd(), 'data', 'shd_train.h5.gz', 'gzip');
    expect(readdirSync(to)).toEqual([]);
  });

  test('an invalid address, an invalid checksum, a file that the set does not have', async () => {
    await expectRejection(fetchShd({ url: 'ftp://a/' }), 'usage', "'url': 'ftp://a/'");
    await expectRejection(fetchShd({ sha256: new Map([['shd_train.h5', 'abc']]) }), 'usage', "'abc' found");
    const nobody = new Map([['shd_tran.h5.gz', 'a'.repeat(64)]]);
    await expectRejection(fetchShd({ sha256: nobody }), 'usage', "did you mean 'shd_train.h5.gz'");
    writeFileSync(join(to, 'file'), '');
    await expectRejection(fetchShd({ to: join(to, 'file', 'x') }), 'file', 'cannot be written');
  });
});

describe('a fetch that was interrupted', () => {
  const part = () => join(to, 'shd_train.h5.gz.part');
  const stopAt = (bytes: number): Partial<FetchOptions> => {
    const stop = new AbortController();
    return {
      signal: stop.signal,
      onProgress: (_file, done) => {
        if (done >= bytes) stop.abort(new Error('stopped'));
      },
    };
  };

  test('continues from the partial file if a checksum can verify the whole', async () => {
    await expect(fetchShd({ sha256: sums, ...stopAt(1) })).rejects.toThrow('stopped');
    const { length } = readFileSync(part());
    expect(length).toBeGreaterThan(0);
    expect(existsSync(join(to, 'shd_train.h5'))).toBe(false);
    server.requests.length = 0;
    await fetchShd({ sha256: sums });
    expect(ranges('shd_train.h5.gz')[0]).toBe(`bytes=${length}-`);
    expectContent('shd_train.h5', train);
    expect(readdirSync(to).sort()).toEqual(['shd_test.h5', 'shd_train.h5']);
  });

  test('whose partial file belongs to another file starts again from the beginning', async () => {
    writeFileSync(part(), noise(7, 5000));
    await fetchShd({ sha256: sums });
    expect(ranges('shd_train.h5.gz')).toEqual(['bytes=5000-', undefined]);
    expectContent('shd_train.h5', train);
  });

  test('whose partial file is already complete is checked, and that is all', async () => {
    writeFileSync(part(), packed['shd_train.h5.gz']);
    await fetchShd({ sha256: sums });
    expectContent('shd_train.h5', train);
  });

  test('without a checksum leaves nothing behind and starts again', async () => {
    await expect(fetchShd(stopAt(1))).rejects.toThrow('stopped');
    expect(readdirSync(to)).toEqual([]);
    writeFileSync(part(), noise(7, 5000));
    await fetchShd();
    expect(ranges('shd_train.h5.gz').at(-1)).toBeUndefined();
    expectContent('shd_train.h5', train);
  });
});

describe('a fetch is bounded', () => {
  const most = 100_000;

  test('by the length that the server announces', async () => {
    await expectRejection(
      fetchShd({ mostBytes: most, sha256: sums }),
      'data',
      `${server.url}shd_train.h5.gz: the server sends more than`,
    );
    // Refused before a byte of the body is kept.
    expect(readFileSync(join(to, 'shd_train.h5.gz.part'))).toHaveLength(0);
  });

  test('by what arrives, where the server announces no length and never ends', async () => {
    const endless = createServer((_, response) => {
      const send = () => {
        while (response.write(noise(3, 50_000)));
        response.once('drain', send);
      };
      send();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = endless.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/`;
      await expectRejection(fetchShd({ url, mostBytes: most }), 'data', 'the server sends more than');
      expect(readdirSync(to)).toEqual([]);
    } finally {
      endless.closeAllConnections();
      endless.close();
    }
  });
});

test('two fetches into one folder at once: the second is refused, the first ends whole', async () => {
  const first = fetchShd();
  await expectRejection(fetchShd(), 'usage', to, 'another plasticore process is writing there');
  await first;
  expectContent('shd_train.h5', train);
  expectContent('shd_test.h5', tested);
  expect(readdirSync(to).sort()).toEqual(['shd_test.h5', 'shd_train.h5']);
});

const fullMnist = process.env.PLASTICORE_MNIST;

test('MNIST itself', needs('mnist'), async () => {
  for (const part of ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1']) {
    const name = `${part}-ubyte.gz`;
    server.files.set(name, readFileSync(join(fullMnist ?? '', name)));
  }
  const files = await fetchData('mnist', { to, url: server.url });
  expect(files.map(({ verified }) => verified)).toEqual(Array(4).fill('sha256'));
});
