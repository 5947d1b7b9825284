/* What `main.ts` adds to the command line: the streams and the exit status of a process. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/root.ts';

/** Runs a line of the shell in which `"$@"` is the command from its sources. */
const shell = (line: string): SpawnSyncReturns<string> =>
  spawnSync(
    'sh',
    [
      '-c',
      line,
      'sh',
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
      join(root, 'src/cli/main.ts'),
    ],
    { encoding: 'utf8' },
  );

test('a process ends with the status of its command', () => {
  const { status, stdout, stderr } = shell('"$@" hw show nowhere');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain("'nowhere'");
});

test('a reader that closes the pipe is not a failure', () => {
  const { status, stdout, stderr } = shell('{ "$@" hw show reference; echo status $? >&2; } | head -n 1');
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'status 0\n' });
});

test('standard output on a full disk: one message, and no stack', { skip: !existsSync('/dev/full') }, () => {
  const { status, stderr } = shell('"$@" hw show reference > /dev/full');
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'plasticore: standard output: cannot be written: the disk is full\n',
  });
});
