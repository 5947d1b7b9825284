import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultMackeyGlass, mackeyGlass } from '../../../src/data/index.ts';
import type { Report } from '../../../src/report/index.ts';
import { at } from '../../../src/text/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { argv } from '../../support/argv.ts';
import { scratch } from '../../support/scratch.ts';
import { thorough } from '../../support/thorough.ts';

const { path } = scratch();

const reportIn = (out: string): Report =>
  JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
const smape = (pairs: readonly (readonly [number, number])[]): number =>
  (200 / pairs.length) *
  pairs.reduce((sum, [a, b]) => sum + Math.abs(a - b) / (Math.abs(a) + Math.abs(b)), 0);

test('mackey-glass learns what comes next, far better than who repeats the last value or the mean', async () => {
  const out = path('whole');
  const ran = await commandLine(argv`run mackey-glass --out ${out}`);
  expect(ran).toMatchObject({ status: 0 });
  expect(ran.stdout).toContain('sMAPE of their mean');
  expect(`${ran.stdout}${ran.stderr}`).not.toContain('accuracy');
  const { test: scored, train, neurobench } = reportIn(out);
  const rows = readFileSync(join(out, 'predictions.csv'), 'utf8').trim().split('\n');
  expect(rows[0]).toBe('sample,target,prediction');
  const answered = rows.slice(1).map((row) => row.split(',').map(Number));
  const sMAPE = smape(answered.map(([, target, answer]) => [answer ?? 0, target ?? 0]));
  expect(scored?.regression?.sMAPE).toBeCloseTo(sMAPE, 9);
  expect(neurobench).toMatchObject({ SMAPE: scored?.regression?.sMAPE, R2: scored?.regression?.R2 });
  expect([scored?.accuracy, train.accuracy]).toEqual([null, null]);
  // The targets of the file are those of the series: 12 bits from 0.1 to 1.6. So are the values that samples show.
  const { test: tested } = mackeyGlass(defaultMackeyGlass);
  const last = answered.map(([sample = 0, target = 0]): [number, number] => {
    expect(target).toBeCloseTo(0.1 + (1.5 * at(tested.labels, sample)) / 4095, 12);
    return [0.1 + (1.5 * at(tested.values, sample * tested.inputs)) / 255, target];
  });
  expect(smape(last)).toBeGreaterThan(18);
  expect(scored?.regression?.sMAPEOfMean).toBeGreaterThan(21);
  // A linear function of the same values, by least squares over the training set, gives 5.62 (numpy).
  expect(sMAPE).toBeLessThan(2.5);
  expect(scored?.regression?.R2).toBeGreaterThan(0.98);
}, 120_000);

if (thorough)
  test('sweeps, comparisons and pages speak of sMAPE', async () => {
    const out = path('sweep');
    const short = argv`mackey-glass --limit 200 --epochs 1`;
    const swept = await commandLine(argv`sweep ${short} --precision mp16-8 --seeds 1,2 --out ${out}`);
    expect(swept.status).toBe(0);
    expect(swept.stdout).toContain('mean sMAPE');
    expect(swept.stdout).not.toContain('accuracy');
    const [head = '', ...lines] = readFileSync(join(out, 'cells.csv'), 'utf8').trim().split('\n');
    const columnOf = (line: string, name: string) => line.split(',')[head.split(',').indexOf(name)] ?? '';
    const found = lines.map(
      (line) => reportIn(join(out, 'runs', columnOf(line, 'run'))).test?.regression?.sMAPE,
    );
    expect(found).toHaveLength(2);
    expect(lines.map((line) => Number(columnOf(line, 'sMAPE')))).toEqual(found);
    const page = join(out, 'page.html');
    expect(await commandLine(argv`report ${out} -o ${page}`)).toMatchObject({ status: 0 });
    const text = readFileSync(page, 'utf8');
    expect(text).toContain('Least sMAPE');
    expect(text).toContain('Samples ask for numbers');
    expect(text).not.toContain('Highest accuracy');
    const compared = await commandLine(argv`compare ${short} --hw reference`);
    expect(compared.stdout).toContain('sMAPE');
    expect(compared.stdout).not.toContain('accuracy');
  }, 120_000);

test.each([
  [
    argv`--set program.regression.bits=8`,
    "data set 'mackey-glass' asks for numbers of 12 bits, and 'mackey-glass' takes 8",
  ],
  [
    argv`--set experiment.program=mnist-mlp --set program.populations.input.size=17`,
    "data set 'mackey-glass' asks for numbers, and 'mnist-mlp' answers",
  ],
])('%j is refused', async (options, message) => {
  const { status, stderr } = await commandLine(argv`run mackey-glass ${options}`);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});

test.each([
  [
    'mackey-glass',
    'life=[{name: all}]',
    "data set 'mackey-glass' asks for numbers: a life is told by accuracies",
  ],
  [
    'reckon-cue',
    'task={mackeyGlass: {}}',
    "data set 'mackey-glass' asks for numbers, and the host of chip 'reckon' for classes",
  ],
])('%s with %s is refused', async (experiment, setting, message) => {
  const { status, stderr } = await commandLine(argv`run ${experiment} --set experiment.${setting}`);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});

test('a data set of classes is refused by a program that answers with a number', async () => {
  const { status, stderr } = await commandLine(
    argv`run mnist-mlp --set experiment.program=mackey-glass --set program.populations.input.size=784`,
  );
  expect(status).toBe(2);
  expect(stderr).toContain("has 10 classes, and 'mackey-glass' answers with a number");
});
