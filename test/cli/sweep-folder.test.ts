import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { StudyReport } from '../../src/report/index.ts';
import { argv } from '../support/argv.ts';
import { resultsIn } from '../support/results.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, refused, stoppedLine } from './in-process.ts';

const { path } = scratch();

const text = (...names: readonly string[]) => readFileSync(path(...names), 'utf8');

/** A sweep of two precisions, two seeds and what `hw.lanes` and a formula vary. */
writeFileSync(
  path('chip.yaml'),
  'format: plasticore/hw-model/1\nextends: reference\nname: chip\ndescription: The reference core\n',
);
writeFileSync(
  path('small.yaml'),
  `format: plasticore/experiment/1
name: small
program: mnist-snn
hw: ./chip.yaml
precisions: [mp8-8, mp16-8, mp16-12]
seeds: [1, 2, 3]
epochs: 1
limit: 20
set: {program.populations.hidden.size: 16, program.steps: 5}
default: {precision: mp16-8, seed: 1}
`,
);
/** On one worker: each takes a while to start. */
const sweepOf = (...args: readonly string[]) => argv`sweep ${path('small.yaml')} --workers 1 ${args}`;
const rate = (...values: readonly string[]) => argv`--vary program.parameters.hiddenRate=${values.join(',')}`;
const formula = '{value: 6, add: {1: 1}}';

function cellsIn(out: string): NonNullable<StudyReport['cells']> {
  return (JSON.parse(text(out, 'study.json')) as StudyReport).cells ?? [];
}

/** Designs, seeds and statuses of cells. */
const rowsIn = (out: string) => cellsIn(out).map(({ design, seed, status }) => [design, seed, status]);

beforeAll(async () => {
  const { status, stderr } = await commandLine([
    ...sweepOf('--precision', 'mp16-8', '--seeds', '2', ...rate('7')),
    ...['--out', path('base'), '--json'],
  ]);
  if (status !== 0) throw new Error(stderr);
}, 600_000);

/** A copy of a finished sweep of mp16-8 with seed 2 and hiddenRate 7. */
function copyOfBase(name: string): string {
  cpSync(path('base'), path(name), { recursive: true });
  return path(name);
}

describe('a sweep that is resumed', { timeout: 600_000 }, () => {
  test('with more seeds, precisions and values ends in the same bytes as one that asked for all of them', async () => {
    const all = argv`--precision mp16-8,mp8-8 --seeds 1,2 ${rate(formula, '7')}`;
    const whole = argv`${sweepOf(...all)} --out ${path('whole')} --quiet`;
    expect((await commandLine(whole)).status).toBe(0);
    const out = copyOfBase('extended');
    const { status, stderr } = await commandLine(argv`${sweepOf(...all)} --out ${out} --resume`);
    expect(stderr).toContain('small: 8 cells, 1 of them finished before');
    expect(status).toBe(0);
    expect(resultsIn(out)).toEqual(resultsIn(path('whole')));
    expect(existsSync(join(out, 'plasticore.lock'))).toBe(false);
    // What was finished was not run again: it has its timing.
    const report = join('runs', cellsIn('base')[0]?.run ?? '', 'report.json');
    expect(text('extended', report)).toBe(text('base', report));
  });

  test('with others lists these, and finds the earlier ones when they are asked for again', async () => {
    const out = copyOfBase('kept');
    const other = sweepOf('--precision', 'mp8-8', '--seeds', '1', ...rate('7'), '--out', out, '--resume');
    const more = await commandLine([...other, '--json']);
    expect(more.stderr).toContain('small: 1 cell, engine fast');
    expect(rowsIn('kept')).toEqual([['mp8-8_hiddenRate=7', 1, 'done']]);
    expect(more.stdout).toBe(text('kept', 'study.json'));
    // The page is of what is listed.
    const page = await commandLine(argv`report ${out} -o ${path('kept.html')}`);
    expect(page.stderr).toContain(': 1 run,');
    // An axis more names the designs otherwise, but not their runs.
    const named = argv`--vary program.steps=5`;
    const same = sweepOf('--precision', 'mp16-8', '--seeds', '2', ...rate('7'), '--out', out, '--resume');
    const again = await commandLine(same);
    expect(again.stderr).toContain('small: 1 cell, 1 of them finished before');
    expect(resultsIn(out)['study.json']).toBe(resultsIn(path('base'))['study.json']);
    expect((await commandLine(argv`${same} ${named}`)).stderr).toContain('small: 1 cell');
    expect(rowsIn('kept')).toEqual([['mp16-8_hiddenRate=7_steps=5', 2, 'done']]);
  });

  test.each([
    ['epochs', argv`--epochs 2`],
    ['limit', argv`--limit 30`],
    ['setting', argv`--set program.steps=6`],
    ['encoder', argv`--encoder phase`],
    ['split', ['--validate']],
    ['record', argv`--record spikes:*`],
    ['axis', argv`--vary hw.lanes=8`],
  ])('with another %s runs again, beside what is there', async (what, args) => {
    const out = copyOfBase(`other-${what}`);
    const same = sweepOf('--precision', 'mp16-8', '--seeds', '2', ...rate('7'), ...args);
    const { status, stderr } = await commandLine(argv`${same} --out ${out} --resume`);
    expect([status, stderr]).toEqual([0, expect.stringContaining('small: 1 cell, engine fast')]);
    expect(readdirSync(join(out, 'runs'))).toHaveLength(2);
  });

  test('with another hw-model of the same name runs again, too', async () => {
    const out = copyOfBase('other-chip');
    const chip = text('chip.yaml');
    writeFileSync(path('chip.yaml'), `${chip}lanes: 8\n`);
    const same = sweepOf('--precision', 'mp16-8', '--seeds', '2', ...rate('7'), '--out', out, '--resume');
    const changed = await commandLine(same);
    writeFileSync(path('chip.yaml'), chip);
    expect(changed.stderr).toContain('small: 1 cell, engine fast');
    expect(readdirSync(join(out, 'runs'))).toHaveLength(2);
  });

  test('in a folder of another version is refused', async () => {
    const out = copyOfBase('older');
    const space = text('older', 'space.json');
    writeFileSync(join(out, 'space.json'), space.replace('plasticore/studied/1', 'plasticore/studied/0'));
    const same = sweepOf('--precision', 'mp16-8', '--seeds', '2', ...rate('7'), '--out', out, '--resume');
    expect(await refused(same)).toContain('schema plasticore/studied/0 found, plasticore/studied/1 expected');
  });
});

describe('a sweep with --overwrite', { timeout: 600_000 }, () => {
  const few = argv`--precision mp8-8 --seeds 1`;

  test('keeps earlier results if it cannot run', async () => {
    const out = copyOfBase('overwritten');
    const before = resultsIn(out);
    const broken = argv`--set program.microcode.update=./none.uc --overwrite`;
    const stderr = await refused(argv`${sweepOf(...few)} --out ${out} ${broken}`);
    expect(stderr).toContain('none.uc');
    expect(resultsIn(out)).toEqual(before);
    // And else not, whatever was studied.
    writeFileSync(join(out, 'space.json'), '{}');
    const args = argv`${sweepOf(...few)} --out ${out} --overwrite --quiet`;
    expect(await commandLine(args)).toMatchObject({ status: 0, stderr: '' });
    expect(rowsIn('overwritten')).toEqual([['mp8-8', 1, 'done']]);
    expect(readdirSync(join(out, 'runs'))).toHaveLength(1);
  });

  test('and --resume makes no folder', async () => {
    const both = argv`${sweepOf(...few)} --out ${path('never')} --resume --overwrite`;
    const stderr = await refused(both);
    expect(stderr).toContain('choose one');
    expect(existsSync(path('never'))).toBe(false);
  });
});

describe('a sweep that was stopped', () => {
  const all = sweepOf('--precision', 'mp16-8,mp8-8', '--seeds', '1,2');

  // Of a real process that runs: processes.thorough.test.ts.
  test('has a summary of its cells, and a page that says which have no result; it is resumed', async () => {
    const out = path('stopped');
    const { status } = await stoppedLine(argv`${all} --out ${out}`, {
      signal: 'SIGINT',
      message: '1/4 cells',
    });
    expect(status).toBe(130);
    expect(rowsIn('stopped').map(([, , row]) => row)).toEqual(['done', ...Array(3).fill('unfinished')]);
    expect(text('stopped', 'cells.csv')).toMatch(/^mp8-8,mp8-8,2,\w+=2,unfinished,test,,+not finished,$/m);
    expect((await commandLine(argv`report ${out}`)).stderr).toContain('1 run');
    const page = text('stopped', 'report.html');
    expect(page.includes('3 cells of the sweep have no result, or none yet')).toBe(true);
    expect(page.includes('mp8-8, seed 2')).toBe(true);
    expect(page.includes('mp16-8, seed 1<')).toBe(false);
    // The lock of what was killed does not count; processes have smaller numbers.
    const killed = { pid: 2 ** 30, host: hostname(), token: '1' };
    writeFileSync(path('stopped', 'plasticore.lock'), `${JSON.stringify(killed)}\n`);
    const few = argv`--precision mp16-8 --seeds 1 --out ${out} --resume`;
    expect((await commandLine(argv`${all} ${few}`)).status).toBe(0);
    expect(existsSync(path('stopped', 'plasticore.lock'))).toBe(false);
  });

  test.each([
    { holder: 'of this host that runs', pid: process.ppid, host: hostname() },
    { holder: 'of another host that shows signs of life', pid: 1, host: 'another-host.invalid' },
  ])('keeps out of the folder of a process $holder', async ({ pid, host }) => {
    const out = path(`held-by-${pid}`);
    const lock = join(out, 'plasticore.lock');
    mkdirSync(out);
    writeFileSync(lock, `${JSON.stringify({ pid, host, token: '1' })}\n`);
    for (const more of [[], ['--resume'], ['--overwrite']]) {
      const stderr = await refused(argv`${all} --out ${out} ${more}`);
      expect(stderr).toContain(`another plasticore process is writing there (process ${pid} on ${host})`);
      expect(stderr).toContain(`remove ${lock}`);
      expect(existsSync(lock)).toBe(true);
    }
  });
});
