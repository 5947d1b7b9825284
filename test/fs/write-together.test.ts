import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lockFolder, writeTogether } from '../../src/fs/index.ts';
import { expectError } from '../support/errors.ts';
import { scratch } from '../support/scratch.ts';

const { path } = scratch();
const at = (...names: readonly string[]) => path(...names);
const everythingIn = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

test('files of a folder and of those in it, and nothing else', () => {
  writeTogether(at('new', 'one'), [
    ['a', 'A'],
    ['b/c/d', Uint8Array.of(68)],
  ]);
  expect(everythingIn(at('new'))).toEqual(['one', 'one/a', 'one/b', 'one/b/c', 'one/b/c/d']);
  expect(readFileSync(at('new/one/b/c/d'), 'utf8')).toBe('D');
});

test('all or none: after a failure everything is as it was', () => {
  mkdirSync(at('old/taken'), { recursive: true });
  writeFileSync(at('old/a'), 'before');
  const refused = (folder: string) => () =>
    writeTogether(folder, [
      ['a', 'A'],
      ['deep/er/b', 'B'],
      ['taken', 'a folder is there'],
    ]);
  expectError(refused(at('old')), 'file', 'it is a directory, not a file');
  expect([everythingIn(at('old')), readFileSync(at('old/a'), 'utf8')]).toEqual([['a', 'taken'], 'before']);
  const halfWay = function* (): Generator<readonly [string, string]> {
    yield ['x/a', 'A'];
    throw new Error('the third cannot be made');
  };
  expect(() => writeTogether(at('fresh/inner'), halfWay())).toThrow('the third');
  expect(existsSync(at('fresh'))).toBe(false);
});

test('nothing while another writes there', () => {
  const release = lockFolder(at('busy'));
  expectError(
    () => writeTogether(at('busy'), [['a', 'A']]),
    'usage',
    'another plasticore process is writing',
  );
  release();
  expect(everythingIn(at('busy'))).toEqual([]);
});
