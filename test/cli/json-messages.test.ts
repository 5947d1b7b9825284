import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, refused } from './in-process.ts';

const { folder } = scratch();

const file = (name: string, lines: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
};
const head = ['format: plasticore/experiment/1', 'name: x'];
/** Standard error as a program reads it: every line is an object. */
const messagesIn = (stderr: string): unknown[] =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

describe('--json-messages', () => {
  test('a refusal has its code, place and hint; the exit status stays', async () => {
    const path = file('typo.yaml', [...head, 'progarm: mnist-snn']);
    const stderr = await refused(argv`run ${path} --json-messages`);
    const [fault, ...others] = messagesIn(stderr);
    expect(others).toEqual([]);
    expect(fault).toEqual({
      kind: 'error',
      code: 'unknown-key',
      message: "unknown key 'progarm'; did you mean 'program'?",
      file: path,
      line: 3,
      column: 1,
    });
  });

  test('a typing error in the line itself has the hint that people get', async () => {
    const stderr = await refused(argv`run mnist-snn --limt 5 --json-messages`);
    expect(messagesIn(stderr)).toEqual([
      { kind: 'error', code: 'usage', message: "unknown option '--limt'", hint: "did you mean '--limit'?" },
    ]);
  });

  test('all faults of a check are told, each with its place', async () => {
    const path = file('two.yaml', [
      ...head,
      'program: mnist-snn',
      'hw: reference',
      'precisions: [mp16-8]',
      'seeds: [one]',
      'epochs: -1',
    ]);
    const { stderr } = await commandLine(argv`run ${path} --json-messages`);
    const [fault] = messagesIn(stderr);
    expect(fault).toMatchObject({
      file: path,
      line: 6,
      column: 9,
      others: [{ file: path, line: 7, column: 9 }],
    });
  });

  test('a run tells its notes and its progress; results stay as they are', async () => {
    const line = argv`run mnist-snn --limit 10 --epochs 1 --json - --json-messages`;
    const { status, stdout, stderr } = await commandLine(line);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'plasticore/report/1', train: { samples: 10 } });
    const all = messagesIn(stderr);
    const kinds = new Set(all.map((message) => (message as { kind: string }).kind));
    expect(kinds).toEqual(new Set(['note', 'progress']));
    expect(all).toEqual(
      expect.arrayContaining([
        { kind: 'note', text: 'mnist-embedded: 10 samples for training, 10 for testing' },
        {
          kind: 'progress',
          part: 'epoch 1/1',
          done: 10,
          total: 10,
          rest: expect.stringContaining('accuracy'),
        },
        { kind: 'progress', part: 'test', done: 10, total: 10, rest: expect.stringContaining('accuracy') },
      ]),
    );
  });

  test('with --quiet, only errors are told', async () => {
    const quiet = argv`--quiet --json-messages`;
    const run = await commandLine(argv`run mnist-snn --limit 2 --epochs 0 ${quiet}`);
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(messagesIn((await commandLine(argv`run nowhere ${quiet}`)).stderr)).toMatchObject([
      { kind: 'error', code: 'file' },
    ]);
  });

  test('what could move a cursor stays spelled, and is JSON', async () => {
    const { stderr } = await commandLine(argv`run 2J‮ --json-messages`);
    expect(stderr).not.toMatch(/[\u009b\u202e]/);
    expect(JSON.stringify(messagesIn(stderr))).toContain('\u009b2J\u202e');
  });
});
