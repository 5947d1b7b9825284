import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ensureBuilt } from '../support/build.ts';
import { needs } from '../support/needs.ts';
import { pythonWith } from '../support/python.ts';
import { scratch } from '../support/scratch.ts';
import { readPage } from './reader.ts';

const { folder } = scratch();

test('the script of docs/python.md for files alone runs, and does what it says', {
  timeout: 120_000,
  ...needs('h5py'),
}, () => {
  ensureBuilt();
  const [, script = ''] = /```py script\.py\n(.*?)```/s.exec(readPage('docs/python.md')) ?? [];
  writeFileSync(join(folder, 'script.py'), script);
  // The command as an installation has it on the path.
  const bin = join(folder, 'bin');
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  mkdirSync(bin);
  writeFileSync(join(bin, 'plasticore'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(join(bin, 'plasticore'), 0o755);
  const { stdout, stderr, status } = spawnSync(pythonWith('numpy', 'h5py') ?? '', ['script.py'], {
    cwd: folder,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const numberAfter = (words: string): number =>
    Number(new RegExp(`^${words} (\\S+)`, 'm').exec(stdout)?.[1]);
  expect(numberAfter('accuracy')).toBeGreaterThan(0.9);
  expect(stdout).toContain('inputToHidden.weight (32, 64) from -');
  expect(existsSync(join(folder, 'learnt', 'learnt.pcore'))).toBe(true);
});
