import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  cannotWrite,
  checkWritable,
  findFile,
  listFolder,
  readBytes,
  readText,
  unpack,
  writeAtomically,
} from '../../src/fs/index.ts';
import { failure } from '../hardware/tiny.ts';
import { expectError } from '../support/errors.ts';

let folder = '';
const path = (...names: readonly string[]) => join(folder, ...names);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plasticore-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const refused = (code: string) => Object.assign(new Error(`${code}: as the system says`), { code });

describe('a file that cannot be read', () => {
  test('says why, and what a relative path is relative to', () => {
    expectError(
      () => readBytes('nix/none.pcore'),
      'file',
      `no such file or directory (relative to ${process.cwd()})`,
    );
    expectError(() => readBytes(path('none'), 'a hint'), 'file', path('none'), 'no such file', 'a hint');
    // It would be read for ever.
    expectError(() => readBytes('/dev/zero'), 'file', 'cannot be read: it is a device, not a file');
    expectError(() => readText('/dev/zero'), 'file', '/dev/zero');
    expectError(() => readBytes(folder), 'file', 'cannot be read: it is a directory, not a file');
    writeFileSync(path('file'), '');
    expectError(() => listFolder(path('file')), 'file', 'it is a file, not a directory');
    expectError(
      () => readBytes(path('file', 'below')),
      'file',
      'no such file or directory: a part of the path is',
    );
  });

  test('of a program suggests a file beside it, or a bundled one', () => {
    mkdirSync(path('rules'));
    writeFileSync(path('rules', 'mine.uc'), '');
    writeFileSync(path('own.uc'), '');
    const net = path('net.yaml');
    const hinted = (reference: string): string | undefined =>
      failure(() => findFile('microcode', reference, net)).hint;
    expect(hinted('./rules/mime.uc')).toBe("did you mean './rules/mine.uc'?");
    expect(hinted('own')).toBe("did you mean './own.uc', a file beside the one that names it?");
    expect(hinted('rules/lif.uc')).toBe("did you mean 'lif', a bundled one?");
    expect(hinted('lif.uc')).toBe("did you mean 'lif', a bundled one?");
    // The hw-models are no rules.
    expect(hinted('./reference.uc')).toBeUndefined();
    expect(hinted('learned')).toBe("did you mean 'learn'? (a file is named by a path, such as ./learned.uc)");
    writeFileSync(path('weights.npz'), '');
    expect(failure(() => findFile.bytes?.('weight.npz', net)).hint).toBe("did you mean 'weights.npz'?");
    expect(failure(() => findFile.bytes?.('array.npy', net)).hint).toBeUndefined();
  });

  test('of a program says that its path is relative to the program', () => {
    expectError(
      () => findFile('microcode', './nix.uc', 'programs/net.yaml'),
      'file',
      "'programs/nix.uc': no such file or directory (relative to the file that names it, programs/net.yaml)",
    );
  });
});

describe('a file that cannot be written', () => {
  test('is wrong use where its name is wrong, and the machine at fault where it refuses', () => {
    for (const code of ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EIO']) {
      expect(cannotWrite('x', refused(code)).code).toBe('system');
    }
    for (const code of ['ENOENT', 'ENOTDIR', 'EISDIR'])
      expect(cannotWrite('x', refused(code)).code).toBe('file');
    expect(cannotWrite('x', refused('ENOSPC')).describe()).toBe('x: cannot be written: the disk is full');
  });
});

describe('writing a file whole', () => {
  test('goes through a symbolic link to its target, and the link stays', () => {
    mkdirSync(path('real'));
    writeFileSync(path('real', 'report.json'), 'old');
    symlinkSync(join('real', 'report.json'), path('link.json'));
    symlinkSync('link.json', path('second.json'));
    writeAtomically(path('second.json'), 'new');
    expect(readFileSync(path('real', 'report.json'), 'utf8')).toBe('new');
    expect(readlinkSync(path('link.json'))).toBe(join('real', 'report.json'));
    expect(lstatSync(path('second.json')).isSymbolicLink()).toBe(true);
    expect(readdirSync(path('real'))).toEqual(['report.json']);
  });

  test('makes the target of a link that leads nowhere yet', () => {
    symlinkSync('later.json', path('link.json'));
    checkWritable(path('link.json'));
    writeAtomically(path('link.json'), 'new');
    expect(readFileSync(path('later.json'), 'utf8')).toBe('new');
    expect(lstatSync(path('link.json')).isSymbolicLink()).toBe(true);
  });

  test('never replaces anything but a regular file', () => {
    const before = lstatSync('/dev/null');
    symlinkSync('/dev/null', path('null'));
    for (const name of ['/dev/null', path('null')]) {
      checkWritable(name);
      writeAtomically(name, 'gone');
    }
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(lstatSync('/dev/null').ino).toBe(before.ino);
    expectError(() => writeAtomically(folder, 'x'), 'file', 'directory');
    expect(readdirSync(folder)).toEqual(['null']);
  });

  test('says that the disk is full, which is no wrong use, and keeps the name', {
    skip: !existsSync('/dev/full'),
  }, () => {
    expectError(
      () => writeAtomically('/dev/full', 'x'),
      'system',
      '/dev/full: cannot be written: the disk is full',
    );
  });
});

describe('a compressed file', () => {
  const zeros = new Uint8Array(2 ** 20);

  test('is unpacked by its extension', () => {
    expect(unpack('a.json', zeros, 10)).toBe(zeros);
    expect(unpack('a.json.gz', gzipSync(zeros), 2 ** 20)).toHaveLength(2 ** 20);
    expect(unpack('a.json.br', brotliCompressSync(zeros), 2 ** 20)).toHaveLength(2 ** 20);
  });

  test('stops at the most that it may hold', () => {
    const most = 2 ** 19;
    for (const [name, bytes] of [
      ['a.gz', gzipSync(zeros)],
      ['a.br', brotliCompressSync(zeros)],
    ] as const) {
      expectError(() => unpack(name, bytes, most), 'data', `${name}: unpacks to more than 0.5 MiB`);
    }
    expectError(
      () => unpack('a.gz', gzipSync(zeros).subarray(0, 99), most),
      'data',
      'cannot be decompressed',
    );
  });
});
