import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exploreDisplay, progressDisplay, sampleLines } from '../../src/cli/progress.ts';
import { visibleText } from '../../src/cli/terminal.ts';
import { plain } from '../../src/report/node.ts';
import { tiny } from '../hardware/tiny.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { folder } = scratch();

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

/** Names that would colour what follows and rename the window, by the two ways to begin a sequence. */
const named = ['\\e[31mRED\\e]0;pwned\\a', '\\x9b31mRED'];
const shown = ['\\u001b[31mRED\\u001b]0;pwned\\u0007', '\\u009b31mRED'];

test.each([0, 1])('control characters of keys and names are spelled, not sent: %i', async (at) => {
  const wrong = file('wrong.yaml', `format: plasticore/experiment/1\nname: x\n"${named[at]}": 1\n`);
  const { status, stderr } = await commandLine(argv`run ${wrong}`);
  expect([status, stderr]).toEqual([2, expect.stringContaining(`unknown key '${shown[at]}'`)]);
  const right = file('right.yaml', tiny.replace('two lanes', `"${named[at]}"`));
  const { stdout } = await commandLine(argv`hw show ${right}`);
  expect(stdout).toContain(`tiny: ${shown[at]}\n`);
});

test('of a damaged header, too, and of what is typed', async () => {
  const npz = file('x.nir', '\u001b]0;x\u0007abc');
  expect((await commandLine(argv`import ${npz} --check ${npz}`)).stderr).not.toContain('\u001b');
  expect((await commandLine(argv`run [2J`)).stderr).toContain('\\u001b[2J');
});

test('colours of tables are kept where there are any; line ends and tabs always', () => {
  const text = '\u001b[1mname\u001b[22m\tx\n';
  expect(visibleText(text, true)).toBe(text);
  expect(visibleText(text)).toBe('\\u001b[1mname\\u001b[22m\tx\n');
  expect(visibleText('\u001b[2J\u001b]0;x\u0007\r\u202e', true)).toBe(
    '\\u001b[2J\\u001b]0;x\\u0007\\u000d\\u202e',
  );
});

test('a long part says after two seconds how long it takes, and then every ten', () => {
  const [lines, clock]: [string[], { ms: number }] = [[], { ms: 0 }];
  const terminal = { note: (line: string) => lines.push(line), tellProgress: undefined, isQuiet: false };
  const progress = sampleLines(terminal, () => clock.ms);
  progress('check', 1, 50);
  for (let done = 2; done <= 50; done++) {
    clock.ms += 1000;
    progress('check', done, 50);
  }
  // After 2 seconds and 3 samples, 47 are left, at 1.5 a second. After 10 seconds and 11 samples, 39 are left, at 1.1 a
  // second; then after 20 seconds, and so on.
  expect(lines).toEqual([
    'check  3/50  samples, 31 s left',
    'check  11/50  samples, 35 s left',
    'check  21/50  samples, 28 s left',
    'check  31/50  samples, 18 s left',
    'check  41/50  samples, 9 s left',
  ]);
});

test('a part that takes less than ten seconds says nothing', () => {
  const [lines, clock]: [string[], { ms: number }] = [[], { ms: 0 }];
  const terminal = { note: (line: string) => lines.push(line), tellProgress: undefined, isQuiet: false };
  const progress = sampleLines(terminal, () => clock.ms);
  for (let done = 1; done <= 9; done++) {
    progress('check', done, 9);
    clock.ms += 1000;
  }
  expect(lines).toEqual([]);
});

test('a part that is done before anything was told of it is told, once', () => {
  const told: string[] = [];
  const display = progressDisplay({
    print: () => undefined,
    note: () => undefined,
    style: plain,
    hasBar: false,
    isQuiet: false,
    tellProgress: ({ part, done }) => told.push(`${part} ${done}`),
  });
  const pace = { runDone: 0, runTotal: 20, accuracy: 0.5, samplesPerSecond: 1000, secondsLeft: 0 };
  for (const phase of ['train', 'train', 'test', 'test'] as const)
    display.update({ ...pace, phase, epoch: 0, epochs: 1, done: 10, total: 10 });
  expect(told).toEqual(['epoch 1/1 10', 'test 10']);
});

test('a search says how long it takes as soon as some samples tell it, and how long at most', () => {
  const told: string[] = [];
  const display = exploreDisplay({
    print: () => undefined,
    note: () => undefined,
    style: plain,
    hasBar: false,
    isQuiet: false,
    tellProgress: ({ rest }) => told.push(rest),
  });
  const cells = { cellsDone: 0, cellsFailed: 0, cellsRunning: 1, cells: 2, total: 100 };
  const pace = { samplesPerSecond: 10, secondsLeft: 9 };
  // Of 1 sample in 100, too little is known.
  for (const done of [1, 100])
    display.update({ designs: 1, runs: { ...cells, ...pace, done, total: done }, mostSecondsLeft: 90 });
  expect(told).toEqual(['10 samples/s  9 s left  at most 1 min 30 s for the search']);
  display.stop();
});
