import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sweep } from '../../src/report/index.ts';
import { resultsIn } from '../support/results.ts';
import { commandLine } from './in-process.ts';
import { plasticore, start } from './spawn.ts';

const folder = mkdtempSync(join(tmpdir(), 'plasticore-sweep-folder-'));
const path = (...names: readonly string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

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
const sweepOf = (...args: readonly string[]) => ['sweep', path('small.yaml'), '--workers', '1', ...args];
const rate = (...values: readonly string[]) => [
  '--vary',
  `program.parameters.hiddenRate=${values.join(',')}`,
];
const formula = '{value: 6, add: {1: 1}}';

/** Rows of the summary: cell and status. */
function rowsIn(out: string): string[][] {
  const { cells } = JSON.parse(text(out, 'summary.json')) as Sweep;
  return cells.map(({ cell, status }) => [cell ?? '', status]);
}

beforeAll(() => {
  const { status, stderr } = plasticore([
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
  test('seeds, precisions and values ends in the same bytes as one that asked for all of them', () => {
    const all = ['--precision', 'mp16-8,mp8-8', '--seeds', '1,2', ...rate(formula, '7')];
    expect(plasticore([...sweepOf(...all), '--out', path('whole'), '--quiet']).status).toBe(0);
    const out = copyOfBase('extended');
    const { status, stderr } = plasticore([...sweepOf(...all), '--out', out, '--resume']);
    expect(stderr).toContain('small: 8 cells, 1 of them finished before');
    expect(status).toBe(0);
    expect(resultsIn(out)).toEqual(resultsIn(path('whole')));
    expect(existsSync(join(out, 'plasticore.lock'))).toBe(false);
    // What was finished was not run again: it has its timing.
    const report = join('cells', 'mp16-8_hiddenRate=7_seed=2', 'report.json');
    expect(text('extended', report)).toBe(text('base', report));
  });

  test('runs only new cells, and keeps the others', () => {
    const out = copyOfBase('kept');
    const more = plasticore([
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
    const less = plasticore([
      ...sweepOf('--precision', 'mp16-8', '--seeds', '2', ...rate('7')),
      ...['--out', out, '--resume', '--json'],
    ]);
    expect(less.stderr).toContain('small: 1 cell, 1 of them finished before; 1 other in its folder');
    expect(less.stdout).toBe(more.stdout);
    expect(resultsIn(out)).toEqual(before);
    // An earlier cell without a result that is not asked for is not run.
    rmSync(join(out, 'cells', 'mp8-8_hiddenRate=7_seed=1'), { recursive: true });
    const again = plasticore([
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
    ['epochs', ['--epochs', '2'], 'designs, mp16-8_hiddenRate=7, epochs: 1 before, 2 now'],
    ['limit', ['--limit', '30'], 'limit: 20 before, 30 now'],
    ['setting', ['--set', 'program.steps=6'], 'designs, mp16-8_hiddenRate=7, settings: '],
    ['encoder', ['--encoder', 'phase'], 'encoder: "bernoulli" before, "phase" now'],
    ['split', ['--validate'], 'scoredOn: "test" before, "validation" now'],
    ['record', ['--record', 'spikes:*'], 'record: null before, "spikes:*" now'],
    ['axis', ['--vary', 'hw.lanes=8'], 'varied: ["program.parameters.hiddenRate"] before, '],
  ])('is refused with another %s, though none of its cells were there', async (_, args, message) => {
    const more = sweepOf('--precision', 'mp8-8', '--seeds', '1', ...rate('7'), ...args);
    const before = resultsIn(path('base'));
    const { status, stdout, stderr } = await commandLine([...more, '--out', path('base'), '--resume']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`${path('base', 'plan.json')}: this is a different sweep: `);
    expect(stderr).toContain(message);
    expect(resultsIn(path('base'))).toEqual(before);
  });

  test('is refused with another hw-model of the same name, other data, and a plan of another release', async () => {
    const more = sweepOf('--precision', 'mp8-8', '--seeds', '1', ...rate('7'), '--resume');
    const chip = text('chip.yaml');
    writeFileSync(path('chip.yaml'), `${chip}lanes: 8\n`);
    const changed = await commandLine([...more, '--out', path('base')]);
    writeFileSync(path('chip.yaml'), chip);
    expect(changed.status).toBe(2);
    expect(changed.stderr).toContain('designs, mp16-8_hiddenRate=7, imageSha256: ');

    const out = copyOfBase('older');
    const plan = text('older', 'plan.json');
    writeFileSync(join(out, 'plan.json'), plan.replace(/"dataSha256": "../, '"dataSha256": "__'));
    expect((await commandLine([...more, '--out', out])).stderr).toContain(
      'mp16-8_hiddenRate=7, dataSha256: "__',
    );
    writeFileSync(join(out, 'plan.json'), plan.replace('sweep-plan/3', 'sweep-plan/1'));
    const older = await commandLine([...more, '--out', out]);
    expect(older.status).toBe(2);
    expect(older.stderr).toContain('schema plasticore/sweep-plan/1 found, plasticore/sweep-plan/3 expected');
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
    const { stderr } = await commandLine([...same, '--epochs', '2']);
    expect(stderr).toContain(`designs, ${name}, epochs: 1 before, 2 now`);
    expect(await commandLine([...same, '--quiet'])).toMatchObject({ status: 0, stderr: '' });
    expect(resultsIn(out)).toEqual(resultsIn(path('base')));
  });
});

describe('a sweep with --overwrite', { timeout: 600_000 }, () => {
  const few = ['--precision', 'mp8-8', '--seeds', '1'];

  test('keeps earlier results if it cannot run', async () => {
    const out = copyOfBase('overwritten');
    const before = resultsIn(out);
    const broken = ['--set', 'program.microcode.update=./none.uc', '--overwrite'];
    const { status, stderr } = await commandLine([...sweepOf(...few), '--out', out, ...broken]);
    expect(status).toBe(2);
    expect(stderr).toContain('none.uc');
    expect(resultsIn(out)).toEqual(before);
    // And else not, whatever plan there was.
    writeFileSync(join(out, 'plan.json'), '{}');
    const args = [...sweepOf(...few), '--out', out, '--overwrite', '--quiet'];
    expect(plasticore(args)).toMatchObject({ status: 0, stderr: '' });
    expect(rowsIn('overwritten')).toEqual([['mp8-8_seed=1', 'done']]);
    expect(Object.keys(resultsIn(out)).filter((name) => name.includes('hiddenRate'))).toEqual([]);
  });

  test('and --resume makes no folder', async () => {
    const both = [...sweepOf(...few), '--out', path('never'), '--resume', '--overwrite'];
    const { status, stderr } = await commandLine(both);
    expect(status).toBe(2);
    expect(stderr).toContain('choose one');
    expect(existsSync(path('never'))).toBe(false);
  });
});

describe('a sweep that runs', { timeout: 600_000 }, () => {
  const long = sweepOf('--precision', 'mp16-8,mp8-8', '--limit', '400', '--seeds', '1,2');

  /** Starts the long sweep, and waits until its summary has this many cells that are done. */
  async function untilDone(out: string, count: number) {
    const child = start([...long, '--engine', 'reference', '--out', path(out)]);
    const exit = once(child, 'exit');
    const isDone = ([, status]: readonly string[]) => status === 'done';
    while (child.exitCode === null) {
      if (existsSync(path(out, 'summary.json')) && rowsIn(out).filter(isDone).length >= count) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // Stopped it goes on holding its folder, however long a loaded machine takes for what is asked meanwhile.
    expect(child.kill('SIGSTOP')).toBe(true);
    expect(child.exitCode).toBe(null);
    return { child, exit };
  }

  test('keeps its summary up to date, and other sweeps out of its folder', async () => {
    const { child, exit } = await untilDone('running', 1);
    expect(rowsIn('running').map(([, status]) => status)).toEqual([
      'done',
      'unfinished',
      'unfinished',
      'unfinished',
    ]);
    expect(text('running', 'summary.csv')).toMatch(/^mp8-8_seed=2,mp8-8,2,unfinished,test,,+not finished,$/m);
    for (const option of ['--resume', '--overwrite']) {
      const second = await commandLine([...long, '--out', path('running'), option]);
      expect({ status: second.status, stdout: second.stdout }).toEqual({ status: 2, stdout: '' });
      expect(second.stderr).toContain(
        `another plasticore process is writing there (process ${child.pid} on ${hostname()})`,
      );
    }
    child.kill('SIGKILL');
    await exit;
    // The page of what there is says what there is not.
    expect((await commandLine(['report', path('running')])).stderr).toContain('1 run');
    const page = text('running', 'report.html');
    expect(page.includes('3 cells of the sweep have no result, or none yet')).toBe(true);
    expect(page.includes('mp8-8, seed 2')).toBe(true);
    expect(page.includes('mp16-8, seed 1<')).toBe(false);
    // The lock of what was killed does not count.
    expect(existsSync(path('running', 'plasticore.lock'))).toBe(true);
    const few = ['--precision', 'mp16-8', '--seeds', '1', '--out', path('running'), '--resume'];
    const resumed = plasticore([...long, ...few]);
    expect(resumed.status).toBe(0);
    expect(existsSync(path('running', 'plasticore.lock'))).toBe(false);
  });

  test('on another host holds its folder as long as it shows signs of life', async () => {
    const lock = path('elsewhere', 'plasticore.lock');
    mkdirSync(path('elsewhere'));
    writeFileSync(lock, '{"pid":1,"host":"another-host.invalid","token":"1"}\n');
    const { status, stderr } = await commandLine([...long, '--out', path('elsewhere')]);
    expect(status).toBe(2);
    expect(stderr).toContain(
      'another plasticore process is writing there (process 1 on another-host.invalid)',
    );
    expect(stderr).toContain(`remove ${lock}`);
    expect(existsSync(lock)).toBe(true);
  });
});
