import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report, StudyReport } from '../../src/report/index.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, stoppedLine } from './in-process.ts';

const { path } = scratch();

const small = [
  ...['--limit', '20', '--epochs', '1'],
  ...['--set', 'program.populations.hidden.size=16', '--set', 'program.steps=5'],
];
/** The folder of a cell of a sweep, by its design and seed. */
function cellIn(out: string, design: string, seed: number): string {
  const { cells = [] } = JSON.parse(readFileSync(join(out, 'study.json'), 'utf8')) as StudyReport;
  const cell = cells.find((one) => one.design === design && one.seed === seed);
  return join(out, 'runs', cell?.run ?? `no cell of ${design} with seed ${seed}`);
}

/** One at a time; side by side: processes.thorough.test.ts. */
const oneByOne = argv`${small} --workers 1`;

describe('plasticore sweep', () => {
  test('takes a placement for all of its cells', async () => {
    const where = path('where.yaml');
    const slices = (cores: readonly number[]) =>
      writeFileSync(
        where,
        `format: plasticore/placement/1\npopulations:\n  silent: {0: 0}\n  neurons: {0-31: ${cores[0]}, 32-63: ${cores[1]}}\n`,
      );
    const set = argv`--set program.populations.neurons.size=64`;
    const args = [
      ...['sweep', 'recurrent-1024', ...set, '--placement', where],
      ...['--vary', 'program.steps=10,20', '--workers', '1'],
    ];
    slices([1, 6]);
    const found = await commandLine(argv`${args} --out ${path('placed')}`);
    expect(found).toMatchObject({ status: 0 });
    for (const steps of [10, 20]) {
      const report = JSON.parse(
        readFileSync(join(cellIn(path('placed'), `mp16-8_steps=${steps}`, 1), 'report.json'), 'utf8'),
      ) as Report;
      const { network } = report.test?.counters ?? {};
      expect(network?.busyPs.map((time) => time > 0)).toEqual([0, 1, 0, 0, 0, 0, 1, 0].map(Boolean));
    }
    // Another placement is another run.
    slices([1, 7]);
    const moved = await commandLine(argv`${args} --out ${path('placed')} --resume`);
    expect(moved.stderr).toContain('recurrent-1024: 2 cells, engine');
    expect(readdirSync(path('placed', 'runs'))).toHaveLength(4);
  });

  test('runs precisions x seeds x what it varies; what does not fit is a row with its reason', async () => {
    // 8-bit weights of 784 x 16 and 16 x 10 synapses: 100 352 bits, and 16 rows of one word of 128.
    const args = [
      ...['sweep', 'mnist-snn', '--precision', 'mp8-8,mp16-12', '--seeds', '1-2', ...oneByOne],
      ...['--vary', 'program.parameters.errorFrom=2,3', '--vary', 'hw.banks.weight.capacityBits=102400'],
    ];
    const out = path('out');
    const first = await commandLine(argv`${args} --out ${out} --json`);
    expect(first.status).toBe(0);
    expect(first.stderr).toContain('mnist-snn: 4 cells');
    expect(first.stderr).toMatch(/4\/4 cells {2}160\/160/);
    const sweep = JSON.parse(first.stdout) as StudyReport;
    const { cells = [] } = sweep;
    const names = [2, 3].map((errorFrom) => `mp8-8_errorFrom=${errorFrom}_capacityBits=102400`);
    expect(cells.map(({ design, seed, status }) => [design, seed, status])).toEqual([
      ...names.flatMap((name) => [1, 2].map((seed) => [name, seed, 'done'])),
      ...[2, 3].map((errorFrom) => [`mp16-12_errorFrom=${errorFrom}_capacityBits=102400`, null, 'misfit']),
    ]);
    const [one, two] = cells;
    expect(cells[5]?.reason).toContain('weight bank');
    expect(cells[5]?.reason).toMatch(/102 400 available; fits at .*mp8-8/);
    expect(sweep.designs[0]).toMatchObject({
      n: 2,
      figures: { accuracy: ((one?.figures.accuracy ?? 0) + (two?.figures.accuracy ?? 0)) / 2 },
    });

    expect(readdirSync(out).sort()).toEqual(['cells.csv', 'designs.csv', 'runs', 'space.json', 'study.json']);
    // Named by what decides them, whatever the sweep varies.
    const runs = readdirSync(join(out, 'runs'));
    expect(runs.sort()).toEqual(cells.flatMap(({ run }) => run ?? []).sort());
    for (const run of runs) expect(run).toMatch(/^[0-9a-f]{16}_seed=[12]$/);
    expect(JSON.parse(readFileSync(join(out, 'study.json'), 'utf8'))).toEqual(sweep);
    expect(readFileSync(join(out, 'cells.csv'), 'utf8').split('\n')[5]).toMatch(
      /^mp16-12_errorFrom=2_capacityBits=102400,mp16-12,2,102400,,,misfit,test,,.*available; fits at .*",$/,
    );
    const report = JSON.parse(
      readFileSync(join(cellIn(out, names[0] ?? '', 2), 'report.json'), 'utf8'),
    ) as Report;
    expect(report).toMatchObject({
      test: { accuracy: two?.figures.accuracy },
      memory: { totalBits: two?.figures.bits },
      provenance: { precision: 'mp8-8', seed: 2 },
      timing: { workers: 1 },
    });
    expect(report.provenance.settings).toContain('program.parameters.errorFrom=2');

    // What is there is not lost.
    const refused = await commandLine(argv`${args} --out ${out}`);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain(
      'already holds results (space.json, study.json, designs.csv, cells.csv, runs)',
    );
    const run = await commandLine(argv`run mnist-snn ${small} --out ${out}`);
    expect(run.stderr).toContain('holds results of a study');
  });

  test('a design that does not compile is a row, and the sweep has failed once it is done', async () => {
    const out = path('some');
    const args = argv`sweep mnist-snn --precision mp16-8 --seeds 1 ${oneByOne}`;
    const vary = argv`--vary hw.banks.weight.wordBits=128,100`;
    const { status, stdout, stderr } = await commandLine(argv`${args} ${vary} --out ${out} --json`);
    expect(status).toBe(1);
    const { cells = [] } = JSON.parse(stdout) as StudyReport;
    expect(cells.map((row) => row.status)).toEqual(['done', 'failed']);
    expect(cells[1]?.reason).toContain('100');
    expect(stderr).toContain('plasticore: 1 of 2 cells failed; mp16-8: ');
    // Known before the first cell runs.
    expect(stderr).toMatch(/: 1 cell, engine fast\nno cells of mp16-8_wordBits=100: hw-models/);
    expect(readdirSync(join(out, 'runs'))).toEqual([cells[0]?.run]);
    // What is wrong with every design is wrong input.
    const all = await commandLine(argv`${args} --vary hw.lans=8,16`);
    expect(all).toMatchObject({ status: 2, stdout: '' });
    expect(all.stderr).toContain("--vary hw.lans: unknown key 'lans'; did you mean 'lanes'?");
  });

  test('validates without the test set', async () => {
    const args = [
      ...['sweep', 'mnist-snn', '--precision', 'mp16-8'],
      ...['--seeds', '1', ...oneByOne, '--validate', '0.25'],
    ];
    const out = path('validated');
    const { status, stdout } = await commandLine(argv`${args} --out ${out}`);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^precision +n +mean validation accuracy/m);
    const cell = cellIn(out, 'mp16-8', 1);
    const report = JSON.parse(readFileSync(join(cell, 'report.json'), 'utf8')) as Report;
    expect(report).not.toHaveProperty('test');
    expect(report).toMatchObject({
      validation: { samples: 20 },
      provenance: { data: { validation: 20 }, validation: { fraction: 0.25, heldOut: 'stratified' } },
    });
    expect(report.provenance.data.description).toContain('2000 are held out for validation (stratified)');
    expect(readFileSync(join(cell, 'history.csv'), 'utf8')).toMatch(
      /^epoch,samples,accuracyWhileLearning,validationAccuracy,/,
    );
  });

  test('shows the other runs where one fails, then fails', async () => {
    // Each update takes a weight times 2^20: integers saturate; floats overflow, and then inf - inf is not a number.
    writeFileSync(
      path('blow-up.uc'),
      `kernel learn over synapses where pre.trace and post.signal
  ld     r0, pre.trace
  ld     r1, post.signal
  mul    r2, r0, r1
  sra.sr r2, r2, #rate
  ld     r3, syn.shadow
${'  add.s  r3, r3, r3\n'.repeat(20)}  add.s  r3, r3, r2
  st     r3, syn.shadow
end
`,
    );
    writeFileSync(
      path('fails.yaml'),
      `format: plasticore/experiment/1
name: fails
program: mnist-snn
hw: reference
precisions: [mp16-8, fp32]
seeds: [1]
epochs: 1
limit: 20
set: {program.microcode.update: ./blow-up.uc}
default: {precision: mp16-8, seed: 1}
`,
    );
    const { status, stdout, stderr } = await commandLine(argv`sweep ${path('fails.yaml')} --workers 1`);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^mp16-8 +1 +\d+\.\d\d %/m);
    expect(stdout).toMatch(/^fp32 +1 +- .* failed: not a number: kernel/m);
    expect(stderr).toContain('plasticore: 1 of 2 cells failed; fp32_seed=1: not a number: kernel');
  });

  test.each([
    [argv`--seeds 1,9`, "--seeds: '9' is not among those of the experiment: 1, 2, 3, 4, 5"],
    // A list that is given again adds to it.
    [argv`--seeds 9 --seeds 1`, "--seeds: '9' is not among those of the experiment: 1, 2, 3, 4, 5"],
    [argv`--seeds 4-6`, "--seeds: '6' is not among those of the experiment: 1, 2, 3, 4, 5"],
    [
      argv`--seeds 3-1`,
      "--seeds: expected seeds of 32 bits joined by commas, or ranges of them: 1,2,5 or 1-3, found '3-1'",
    ],
    [argv`--seeds 0-4294967296`, "found '0-4294967296'"],
    [argv`--precision mp8-3`, "--precision: 'mp8-3' is not among"],
    [argv`--validate 2`, "--validate: expected a fraction of the training set between 0 and 1, found '2'"],
    [argv`--vary hw.lanes`, "--vary hw.lanes: expected path=value,value,..., found 'hw.lanes'"],
    [argv`--checkpoint-seconds x`, "--checkpoint-seconds: expected a number of seconds, found 'x'"],
    [['--resume'], '--resume needs --out'],
    [argv`--workers 0`, "--workers: expected a whole number, at least 1, found '0'"],
  ])('refuses %j', async (args, message) => {
    const { status, stdout, stderr } = await commandLine(argv`sweep mnist-snn ${args}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('in which nothing fits says so, and what would fit', async () => {
    const tight = argv`--set hw.banks.weight.capacityBits=102400`;
    const { status, stdout } = await commandLine(argv`sweep mnist-snn --precision mp16-8 ${tight}`);
    expect(status).toBe(0);
    expect(stdout).toContain("does not fit hw-model 'reference'");
  });

  test('ends at a signal', async () => {
    const out = path('stopped');
    const args = argv`sweep mnist-snn --precision mp16-8 --seeds 1 ${oneByOne} --out ${out}`;
    const { status, stderr } = await stoppedLine(args, { signal: 'SIGTERM', message: '1 running  3/' });
    expect([status, stderr]).toEqual([143, expect.stringContaining('repeat the command with --resume')]);
    expect(readdirSync(cellIn(out, 'mp16-8', 1))).toEqual(['checkpoint.msgpack']);
    expect(readFileSync(join(out, 'cells.csv'), 'utf8')).toMatch(
      /\nmp16-8,mp16-8,1,\w+=1,unfinished,test,,+not finished,\n/,
    );
    expect(existsSync(join(out, 'plasticore.lock'))).toBe(false);
  });
});
