import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Sweep } from '../../src/report/index.ts';
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

/** Rows of the summary: cell and status. */
function rowsIn(out: string): string[][] {
  const { cells } = JSON.parse(text(out, 'summary.json')) as Sweep;
  return cells.map(({ cell, status }) => [cell ?? '', status]);
}

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

describe('a sweep that is resumed with more', { timeout: 600_000 }, () => {
  test('seeds, precisions and values ends in the same bytes as one that asked for all of them', async () => {
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
    const report = join('cells', 'mp16-8_hiddenRate=7_seed=2', 'report.json');
    expect(text('extended', report)).toBe(text('base', report));
  });

  test('runs only new cells, and keeps the others', async () => {
    const out = copyOfBase('kept');
    const more = await commandLine([
      ...sweepOf('--precision', 'mp8-8', '--seeds', '1', ...rate('7')),
      ...['--out', out, '--resume', '--json'],
    ]);
    expect(more.stderr).toContain('small: 1 cell; 1 other in its folder, engine fast');
    // In the experiment's order, and printed as in the summary.
    expect(rowsIn('kept')).toEqual([
      ['mp8-8_hiddenRate=7_seed=1', 'done'],
      ['mp16-8_hiddenRate=7_seed=2', 'done'],
    ]);
    expect(more.stdout).toBe(text('kept', 'summary.json'));
    // Asked for less than there is, nothing is run and nothing lost.
    const before = resultsIn(out);
    const less = await commandLine([
      ...sweepOf('--precision', 'mp16-8', '--seeds', '2', ...rate('7')),
      ...['--out', out, '--resume', '--json'],
    ]);
    expect(less.stderr).toContain('small: 1 cell, 1 of them finished before; 1 other in its folder');
    expect(less.stdout).toBe(more.stdout);
    expect(resultsIn(out)).toEqual(before);
    // An earlier cell without a result that is not asked for is not run.
    rmSync(join(out, 'cells', 'mp8-8_hiddenRate=7_seed=1'), { recursive: true });
    const again = await commandLine([
      ...sweepOf('--precision', 'mp16-8', '--seeds', '2', ...rate('7')),
      ...['--out', out, '--resume'],
    ]);
    expect(again.status).toBe(0);
    expect(again.stderr).toContain('1 other in its folder, 1 of them not finished');
    expect(again.stdout).toMatch(/^mp8-8 +7 +1 +- .* not finished$/m);
    expect(rowsIn('kept')).toEqual([
      ['mp8-8_hiddenRate=7_seed=1', 'unfinished'],
      ['mp16-8_hiddenRate=7_seed=2', 'done'],
    ]);
  });

  test.each([
    ['epochs', argv`--epochs 2`, 'designs, mp16-8_hiddenRate=7, epochs: 1 before, 2 now'],
    ['limit', argv`--limit 30`, 'limit: 20 before, 30 now'],
    ['setting', argv`--set program.steps=6`, 'designs, mp16-8_hiddenRate=7, settings: '],
    ['encoder', argv`--encoder phase`, 'encoder: "bernoulli" before, "phase" now'],
    ['split', ['--validate'], 'scoredOn: "test" before, "validation" now'],
    ['record', argv`--record spikes:*`, 'record: null before, "spikes:*" now'],
    ['axis', argv`--vary hw.lanes=8`, 'varied: ["program.parameters.hiddenRate"] before, '],
  ])('is refused with another %s, though none of its cells were there', async (_, args, message) => {
    const more = sweepOf('--precision', 'mp8-8', '--seeds', '1', ...rate('7'), ...args);
    const before = resultsIn(path('base'));
    const stderr = await refused(argv`${more} --out ${path('base')} --resume`);
    expect(stderr).toContain(`${path('base', 'plan.json')}: this is a different sweep: `);
    expect(stderr).toContain(message);
    expect(resultsIn(path('base'))).toEqual(before);
  });

  test('is refused with another hw-model of the same name, other data, and a plan of another release', async () => {
    const more = sweepOf('--precision', 'mp8-8', '--seeds', '1', ...rate('7'), '--resume');
    const chip = text('chip.yaml');
    writeFileSync(path('chip.yaml'), `${chip}lanes: 8\n`);
    const changed = await commandLine(argv`${more} --out ${path('base')}`);
    writeFileSync(path('chip.yaml'), chip);
    expect(changed.status).toBe(2);
    expect(changed.stderr).toContain('designs, mp16-8_hiddenRate=7, imageSha256: ');

    const out = copyOfBase('older');
    const plan = text('older', 'plan.json');
    writeFileSync(join(out, 'plan.json'), plan.replace(/"dataSha256": "../, '"dataSha256": "__'));
    expect((await commandLine(argv`${more} --out ${out}`)).stderr).toContain(
      'mp16-8_hiddenRate=7, dataSha256: "__',
    );
    writeFileSync(join(out, 'plan.json'), plan.replace('sweep-plan/3', 'sweep-plan/1'));
    expect(await refused(argv`${more} --out ${out}`)).toContain(
      'schema plasticore/sweep-plan/1 found, plasticore/sweep-plan/3 expected',
    );
  });

  test('takes over a folder whose plan is of version 2', async () => {
    const out = copyOfBase('version-2');
    const name = 'mp16-8_hiddenRate=7';
    const plan = JSON.parse(text('version-2', 'plan.json')) as {
      readonly designs: Record<string, { readonly content: Readonly<Record<string, unknown>> }>;
    };
    const { content, ...design } = plan.designs[name] ?? { content: {} };
    const { hwModel, encoder, epochs, limit, settings, sources, dataSha256, imageSha256 } = content;
    const before = { program: 'mnist-snn', hwModel, encoder, epochs, limit, validation: null, settings };
    const earlier = {
      ...plan,
      schema: 'plasticore/sweep-plan/2',
      designs: { [name]: { ...design, content: { ...before, sources, dataSha256, imageSha256 } } },
    };
    writeFileSync(join(out, 'plan.json'), JSON.stringify(earlier));
    const same = sweepOf('--precision', 'mp16-8', '--seeds', '2', ...rate('7'), '--out', out, '--resume');
    const { stderr } = await commandLine(argv`${same} --epochs 2`);
    expect(stderr).toContain(`designs, ${name}, epochs: 1 before, 2 now`);
    expect(await commandLine(argv`${same} --quiet`)).toMatchObject({ status: 0, stderr: '' });
    expect(resultsIn(out)).toEqual(resultsIn(path('base')));
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
    // And else not, whatever plan there was.
    writeFileSync(join(out, 'plan.json'), '{}');
    const args = argv`${sweepOf(...few)} --out ${out} --overwrite --quiet`;
    expect(await commandLine(args)).toMatchObject({ status: 0, stderr: '' });
    expect(rowsIn('overwritten')).toEqual([['mp8-8_seed=1', 'done']]);
    expect(Object.keys(resultsIn(out)).filter((name) => name.includes('hiddenRate'))).toEqual([]);
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
    expect(rowsIn('stopped').map(([, row]) => row)).toEqual(['done', ...Array(3).fill('unfinished')]);
    expect(text('stopped', 'summary.csv')).toMatch(/^mp8-8_seed=2,mp8-8,2,unfinished,test,,+not finished,$/m);
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
