import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';
import { main, plasticore } from './spawn.ts';

const { folder, path } = scratch();
const chip = path('tiny');

beforeAll(async () => {
  expect(await commandLine(argv`init --chip tiny`, { cwd: folder })).toMatchObject({ status: 0 });
});

test(
  'the chip that init writes passes its own test, in which Icarus records the RTL',
  needs('iverilog'),
  () => {
    const bin = path('bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'plasticore'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    chmodSync(join(bin, 'plasticore'), 0o755);
    const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
    const { status, stdout } = spawnSync(process.execPath, ['--test'], {
      cwd: chip,
      env: { ...env, PATH: `${bin}${delimiter}${process.env.PATH}` },
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('# pass 3') });
    expect(stdout).toContain('# skipped 0');
  },
);

test('a sweep on several threads, each of which loads its module, has the results of one', () => {
  const [two, one] = ['2', '1'].map((workers) =>
    plasticore(argv`sweep experiment.yaml --limit 20 --workers ${workers} --json`, { cwd: chip }),
  );
  expect(two).toMatchObject({ status: 0, stderr: expect.stringContaining('2 cells') });
  expect(two?.stdout).toBe(one?.stdout);
});
