import { once } from 'node:events';
import { expect, test } from 'vitest';
import { plasticore, start } from './spawn.ts';

/** The experiment on six cores. */
const small = [
  'run',
  'truenorth-chip',
  ...['hw.chip.mesh.columns=3', 'hw.chip.mesh.rows=2'].flatMap((set) => ['--set', set]),
];

test('the command starts threads, and prints the same', () => {
  const [one, two] = [[], ['--threads', '2']].map((threads) => plasticore([...small, ...threads]));
  expect(two).toMatchObject({ status: 0 });
  expect(two?.stdout).toBe(one?.stdout);
  expect(two?.stdout).toContain('spikes of neurons');
});

test('so does a program on many cores', () => {
  const program = ['run', 'recurrent-1024', '--set', 'program.steps=100', '--json', '-'];
  const [one, two] = [[], ['--threads', '2']].map((threads) => plasticore([...program, ...threads]));
  expect(two).toMatchObject({ status: 0 });
  const untimed = (text = ''): unknown => ({ ...JSON.parse(text), timing: undefined });
  expect(untimed(two?.stdout)).toEqual(untimed(one?.stdout));
});

test('SIGINT ends a run on several threads', async () => {
  const samples = 'experiment.task.spontaneousActivity.samples=1000000';
  const child = start([...small, '--threads', '3', '--set', samples]);
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
