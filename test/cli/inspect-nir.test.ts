import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { battery, bytesOf } from '../nir/files.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, refused } from './in-process.ts';

const { path } = scratch();

function written(name: string): string {
  const file = path(`${name}.nir`);
  writeFileSync(file, bytesOf(battery, `${name}.nir`));
  return file;
}

test('inspect describes a graph of NIR', async () => {
  const { status, stdout } = await commandLine(argv`inspect ${written('recurrent_linear')}`);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^recurrent edges, one step each +1$/m);
  expect(stdout).toMatch(/^lif +LIF +4 +4 /m);
  expect(stdout).toMatch(/^lif +w_rec +in the next step$/m);
  const json = await commandLine(argv`inspect ${written('dead_node')} --json`);
  expect(JSON.parse(json.stdout)).toMatchObject({ notes: ["node 'spare' has no edges: it is left out"] });
});

test.each([
  [argv`--hw mesh`, '--hw does not go with a graph of NIR'],
  [['--plan'], '--plan does not go with a graph of NIR'],
])('inspect of a graph refuses %j', async (options, words) => {
  const { status, stderr } = await commandLine(argv`inspect ${written('lif')} ${options}`);
  expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
});

test('a broken graph ends in one message with the file and the node', async () => {
  const file = written('broken_tau_zero');
  const stderr = await refused(argv`inspect ${file}`);
  expect(stderr).toContain(`${file}: node 'lif': tau[2]: expected a time constant above 0, found 0`);
});
