/* What only a process of its own shows: signals, other processes in its folder, threads beside each other. */

import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StudyReport } from '../../src/report/index.ts';
import { argv } from '../support/argv.ts';
import { resultsIn } from '../support/results.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';
import { plasticore, start } from './spawn.ts';

const { path } = scratch();

const small = argv`--set program.populations.hidden.size=16 --set program.steps=5`;
/** The engine that takes long enough to be stopped. */
const slow = argv`--engine reference --epochs 1 ${small}`;

/** Waits until something holds, or a process has ended. */
async function until(isSo: () => boolean, child: { readonly exitCode: number | null }): Promise<void> {
  await expect.poll(() => child.exitCode !== null || isSo(), { interval: 5, timeout: 60_000 }).toBe(true);
}

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  'a run stopped by %s leaves a checkpoint, and is resumed',
  { timeout: 120_000 },
  async (signal, code) => {
    const args = argv`run mnist-snn --limit 150 ${slow} --quiet`;
    const [whole, stopped] = [path(`whole-${signal}`), path(`stopped-${signal}`)];
    expect(plasticore(argv`${args} --out ${whole}`).status).toBe(0);
    const child = start([...args, '--out', stopped]);
    const exit = once(child, 'exit');
    await until(() => existsSync(stopped), child);
    child.kill(signal);
    expect((await exit)[0]).toBe(code);
    expect(readdirSync(stopped)).toEqual(['checkpoint.msgpack']);
    expect(plasticore(argv`${args} --out ${stopped} --resume`)).toMatchObject({ status: 0, stderr: '' });
    expect(resultsIn(stopped)).toEqual(resultsIn(whole));
  },
);

describe('a sweep', { timeout: 600_000 }, () => {
  const args = argv`sweep mnist-snn --precision mp16-8,mp8-8 --seeds 1,2 ${slow}`;

  test('on two workers has the results of one', () => {
    const line = argv`${args} --limit 20 --json --quiet`;
    const [one, two] = ['1', '2'].map((workers) => plasticore(argv`${line} --workers ${workers}`));
    expect(two).toMatchObject({ status: 0, stderr: '' });
    expect(two?.stdout).toBe(one?.stdout);
  });

  test('that runs keeps its result up to date, and other sweeps out of its folder', async () => {
    const out = path('running');
    const long = argv`${args} --workers 1 --limit 400 --out ${out}`;
    const statuses = (): string[] => {
      if (!existsSync(join(out, 'study.json'))) return [];
      const { cells = [] } = JSON.parse(readFileSync(join(out, 'study.json'), 'utf8')) as StudyReport;
      return cells.map(({ status }) => status);
    };
    const child = start(long);
    const exit = once(child, 'exit');
    await until(() => statuses().includes('done'), child);
    // Stopped it goes on holding its folder, however long a loaded machine takes for what is asked meanwhile.
    expect(child.kill('SIGSTOP')).toBe(true);
    expect(child.exitCode).toBe(null);
    expect(statuses()).toEqual(['done', 'unfinished', 'unfinished', 'unfinished']);
    for (const option of ['--resume', '--overwrite']) {
      const second = await commandLine(argv`${long} ${option}`);
      expect({ status: second.status, stdout: second.stdout }).toEqual({ status: 2, stdout: '' });
      expect(second.stderr).toContain(
        `another plasticore process is writing there (process ${child.pid} on ${hostname()})`,
      );
    }
    child.kill('SIGKILL');
    await exit;
    // The lock of what was killed does not count.
    expect(existsSync(join(out, 'plasticore.lock'))).toBe(true);
    expect(plasticore(argv`${long} --precision mp16-8 --seeds 1 --resume`).status).toBe(0);
    expect(existsSync(join(out, 'plasticore.lock'))).toBe(false);
  });

  test('ends at a signal', async () => {
    const out = path('stopped');
    const child = start([...args, '--limit', '2000', '--workers', '2', '--quiet', '--out', out]);
    const exit = once(child, 'exit');
    await until(() => existsSync(join(out, 'runs')) && readdirSync(join(out, 'runs')).length > 0, child);
    child.kill('SIGTERM');
    expect((await exit)[0]).toBe(143);
    expect(readFileSync(join(out, 'cells.csv'), 'utf8')).toMatch(
      /\nmp16-8,mp16-8,1,\w+_seed=1,unfinished,test,,+not finished,\n/,
    );
    expect(existsSync(join(out, 'plasticore.lock'))).toBe(false);
  });
});

describe('threads of one chip', () => {
  /** The experiment on six cores. */
  const sixCores = [
    'run',
    'truenorth-chip',
    ...['hw.chip.mesh.columns=3', 'hw.chip.mesh.rows=2'].flatMap((set) => argv`--set ${set}`),
  ];

  test('print the same as one', () => {
    const [one, two] = [[], argv`--threads 2`].map((threads) => plasticore(argv`${sixCores} ${threads}`));
    expect(two).toMatchObject({ status: 0 });
    expect(two?.stdout).toBe(one?.stdout);
    expect(two?.stdout).toContain('spikes of neurons');
  });

  test('so does a program on many cores', () => {
    const program = argv`run recurrent-1024 --set program.steps=100 --json -`;
    const [one, two] = [[], argv`--threads 2`].map((threads) => plasticore(argv`${program} ${threads}`));
    expect(two).toMatchObject({ status: 0 });
    const untimed = (text = ''): unknown => ({ ...JSON.parse(text), timing: undefined });
    expect(untimed(two?.stdout)).toEqual(untimed(one?.stdout));
  });

  test('end at SIGINT', async () => {
    const samples = 'experiment.task.spontaneousActivity.samples=1000000';
    const child = start([...sixCores, '--threads', '3', '--set', samples]);
    let shown = '';
    const isRunning = new Promise<void>((resolve) => {
      child.stderr?.on('data', (text) => {
        shown += String(text);
        if (shown.includes('samples/s')) resolve();
      });
    });
    await isRunning;
    child.kill('SIGINT');
    const [status] = await once(child, 'exit');
    expect(status).toBe(130);
    expect(shown).toContain('stopped by SIGINT');
  });
});
