import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { readNpz } from '../../src/data/index.ts';
import type { Report } from '../../src/report/index.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { writeRandomShd } from '../support/shd-files.ts';
import { commandLine, refused } from './in-process.ts';

const { path } = scratch();
beforeAll(() => writeRandomShd(path(), { trainOfClass: 1, testOfClass: 1, spikes: 200, seed: 2 }));

/** An experiment whose life begins in its tenth line. */
function written(life: string, rest = ''): string {
  const file = path('life.yaml');
  writeFileSync(
    file,
    `format: plasticore/experiment/1
name: life
program: mnist-snn
hw: reference
precisions: [mp16-8]
seeds: [1]
epochs: 1
limit: 20
life:
${life}
set: {program.populations.hidden.size: 8}
${rest}`,
  );
  return file;
}

test('a run of a life has its matrix in the table, as JSON and as CSV', { timeout: 120_000 }, async () => {
  const file = written('  - {classes: [0, 1], test: all}\n  - {name: later, classes: [2]}');
  const line = argv`run ${file} --out ${path('out')} --json ${path('r.json')} --quiet`;
  const { status, stdout, stderr } = await commandLine(line);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('a life, stage by stage');
  expect(stdout).toMatch(/^before the first stage {2,}\d/m);
  expect(stdout).toMatch(/^after later {2,}\d+\.\d %/m);
  expect(stdout).toMatch(/^later, each of 1 classes {2,}20 /m);

  const { life, neurobench, test: last } = JSON.parse(readFileSync(path('r.json'), 'utf8')) as Report;
  if (life === undefined || last === undefined) throw new Error('a life that was tested');
  expect(life.tasks).toEqual([
    { name: 'classes 0, 1', samples: 20 },
    { name: 'later', samples: 20 },
  ]);
  const matrix = life.tests.map(({ stage, byTask }) => [stage, ...byTask]);
  expect(matrix.map(([stage, ...tasks]) => [stage, tasks.every((accuracy) => accuracy !== null)])).toEqual([
    [-1, true],
    [0, true],
    [1, true],
  ]);
  const [, first, second] = life.tests;
  expect(last.samples).toBe(40);
  expect(second?.accuracy).toBe(last.accuracy);
  expect(second?.met).toBe(last.accuracy);
  expect(second?.old).toBe(second?.byTask[0]);
  expect(second?.new).toBe(second?.byTask[1]);
  // Of two tasks of equal size, only the first has been met.
  expect(first?.met).toBe(first?.byTask[0]);
  expect(neurobench.FSCIL).toEqual({
    Accuracy: [first?.met, second?.met],
    Base: first?.met,
    SessionAverage: ((first?.met ?? 0) + (second?.met ?? 0)) / 2,
  });

  const [head = '', ...lines] = readFileSync(path('out', 'life.csv'), 'utf8').trimEnd().split('\n');
  expect(head).toMatch(
    /^stage,name,passes,samples,newClasses,classes,bitsPerClass,accuracy,old,new,"task classes 0, 1",task later,/,
  );
  expect(lines.map((line) => line.split(',')[0])).toEqual(['-1', '0', '1']);
  // What a class has cost, times the classes, is what the stages have cost, and training in all.
  const energies = life.stages.map(({ perClass, newClasses }) => (perClass?.energyPj ?? 0) * newClasses);
  const { train } = JSON.parse(readFileSync(path('r.json'), 'utf8')) as Report;
  const all = energies.reduce((sum, pj) => sum + pj, 0);
  expect(Math.abs(all / (train.energyPj.total ?? 0) - 1)).toBeLessThan(1e-9);
  expect(life.stages.map(({ costs }) => costs.updates).reduce((sum, updates) => sum + updates, 0)).toBe(
    train.counters.updates,
  );

  // The samples in predictions.csv have their numbers and labels in the test set.
  const rows = readFileSync(path('out', 'predictions.csv'), 'utf8').trimEnd().split('\n').slice(1);
  expect(rows).toHaveLength(40);
  const labels = rows.map((row) => Number(row.split(',')[1]));
  expect(new Set(labels)).toEqual(new Set([0, 1, 2]));
  const right = rows.filter((row) => row.split(',')[1] === row.split(',')[2]).length;
  expect(right / 40).toBe(last.accuracy);
  expect(readNpz(readFileSync(path('out', 'weights.npz')), 'weights').has('inputToHidden.shadow')).toBe(true);

  const repriced = await commandLine(argv`reprice ${path('out')} --set hw.clockMhz=100 --json`);
  expect(repriced.stderr).toBe('');
  const other = JSON.parse(repriced.stdout) as Report;
  expect(other.life?.tests).toEqual(life.tests);
  const stages = (report: typeof life | undefined) =>
    report?.stages.map(({ costs }) => costs.latencyNs) ?? [];
  for (const [index, latency] of stages(other.life).entries())
    expect(latency).toBeCloseTo(2 * (stages(life)[index] ?? 0), 3);

  const changed = written('  - {classes: [0, 1], test: all}\n  - {name: later, classes: [3]}');
  expect(await refused(argv`run ${changed} --out ${path('out')} --resume --quiet`)).toContain(
    'belongs to another run: its life',
  );
});

test('a sweep of lives has mean and deviation of what they remember and forget', {
  timeout: 240_000,
}, async () => {
  const file = written('  - classes: [0, 1]\n  - classes: [2]', 'sweep: {experiment.joint: [false, true]}\n');
  writeFileSync(file, readFileSync(file, 'utf8').replace('seeds: [1]', 'seeds: [1, 2]'));
  const line = argv`sweep ${file} --workers 1 --out ${path('sweep')} --quiet`;
  const { status, stdout, stderr } = await commandLine(line);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(
    /^precision {2,}experiment.joint {2,}lives {2,}average accuracy {2,}average over stages {2,}forgetting/m,
  );
  const summary = JSON.parse(readFileSync(path('sweep', 'study.json'), 'utf8')) as {
    cells: { life: { forgetting: number | null } }[];
    designs: { life: { forgetting: { n: number; mean: number | null; standardDeviation: number | null } } }[];
  };
  const [one = 0, two = 0] = summary.cells.map(({ life }) => life.forgetting ?? Number.NaN);
  const spread = summary.designs.map(({ life }) => life.forgetting);
  expect(spread[0]).toMatchObject({ n: 2, mean: (one + two) / 2 });
  expect(spread[0]?.standardDeviation).toBeCloseTo(Math.abs(one - two) / Math.SQRT2, 12);
  expect(spread[1]).toMatchObject({ n: 0, mean: null });
  const [head = ''] = readFileSync(path('sweep', 'cells.csv'), 'utf8').split('\n');
  expect(head).toContain(
    ',averageAccuracy,incrementalAccuracy,forgetting,backwardTransfer,forwardTransfer,reason',
  );
});

const digits: readonly (readonly [string, string, string, string])[] = [
  ['a class twice', '  - classes: [1, 1]', '10:18', 'life.0.classes.1: 1 is listed twice'],
  ['no class', '  - classes: []', '10:14', 'life.0.classes: expected at least one of the classes'],
  ['an unknown class', '  - classes: [0, 10]', '10:18', "data set 'mnist-embedded' has no class 10"],
  [
    'a stage without samples',
    '  - {classes: [3], samples: {first: 0, last: 0}}',
    '10:29',
    "stage 'class 3, samples 0 to 0' has no samples to learn from",
  ],
  [
    'too few samples',
    '  - {classes: [3], samplesPerClass: 30}',
    '10:37',
    "stage 'class 3' takes 30 samples of each class, and has 20 of class 3",
  ],
  [
    'a range of too few samples',
    '  - {classes: [3], samplesPerClass: {first: 10, last: 29}}',
    '10:37',
    "stage 'class 3' takes samples 10 to 29 of each class, and has 20 of class 3",
  ],
  [
    'a range within classes that ends before it begins',
    '  - samplesPerClass: {first: 4, last: 3}',
    '10:39',
    'life.0.samplesPerClass.last: expected a sample from 4 on, found 3',
  ],
  [
    'no number of samples',
    '  - samplesPerClass: five',
    '10:22',
    "life.0.samplesPerClass: expected a number of samples, or a range such as {first: 1, last: 4}, found 'five'",
  ],
  [
    'an unknown group of speakers',
    '  - speakers: stranger',
    '10:15',
    "the experiment has no group of speakers 'stranger'",
  ],
  [
    'a range that ends before it begins',
    '  - samples: {first: 4, last: 3}',
    '10:31',
    'life.0.samples.last: expected a sample from 4 on, found 3',
  ],
  ['no speakers', '  - speakers: [1]', '10:16', "data set 'mnist-embedded' does not identify speakers"],
  [
    'an unknown parameter',
    '  - parameters: {rate: 3}',
    '10:24',
    "program 'mnist-snn' has no parameter 'rate'",
  ],
  ['an unknown stage', '  - {classes: [1], test: [clases 1]}', '10:27', "no stage is called 'clases 1'"],
  ['a last stage without a test', '  - test: none', '10:11', 'the last stage has no test'],
  [
    'a name twice',
    '  - {name: one, classes: [1]}\n  - {name: one, classes: [2]}',
    '11:12',
    "two stages are called 'one'",
  ],
  ['no stage', '  []', '10:3', 'life: expected at least one stage'],
  [
    'an unknown projection',
    '  - learn: [hiddenToOutptu]',
    '10:13',
    "program 'mnist-snn' has no projection 'hiddenToOutptu'",
  ],
  [
    'a frozen stage that learns',
    '  - {frozen: true, learn: [hiddenToOutput]}',
    '10:27',
    "the stage is frozen: 'hiddenToOutput' cannot learn in it",
  ],
  ['an unknown key', '  - class: [1]', '10:5', "unknown key 'class'; did you mean 'classes'?"],
];
test.each(digits)('%s is refused, with its place', async (_, life, place, message) => {
  const file = written(life);
  const stderr = await refused(argv`run ${file} --out ${path('never')}`);
  expect(stderr).toContain(`plasticore: ${file}:${place}: ${message}`);
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
});

test('a speaker that the data do not have is refused, with its place', async () => {
  const file = written('  - speakers: [99]', 'encoder: bins\ndata: .\n');
  const stderr = await refused(argv`run ${file}`);
  expect(stderr).toContain(`plasticore: ${file}:10:16: data set`);
  expect(stderr).toContain('has no speaker 99 in its training set');
});

test('a group of speakers that is misspelt is refused, with what is meant', async () => {
  const file = written(
    '  - speakers: knwon',
    'encoder: bins\ndata: .\nspeakers: {known: [0, 1], stranger: [2]}\n',
  );
  const stderr = await refused(argv`run ${file}`);
  expect(stderr).toContain(`plasticore: ${file}:10:15: the experiment has no group of speakers 'knwon'`);
  expect(stderr).toContain('known, stranger');
});

test('joint without a life is refused', async () => {
  const stderr = await refused(argv`run mnist-snn --set experiment.joint=true`);
  expect(stderr).toContain("'joint' is about the stages of a life, and there is none");
});
