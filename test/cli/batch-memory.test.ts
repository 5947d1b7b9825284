import { expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { commandLine, refused } from './in-process.ts';

test('inspect --memory counts a batch as the published table does', async () => {
  const line = argv`inspect --memory 150-256-20 --recurrent --basis gomez-tang`;
  const { status, stdout } = await commandLine(line);
  expect(status).toBe(0);
  expect(stdout).toMatch(/as printed +16 093 392 +43 627 876 +63\.1 %/);
  const json = await commandLine(argv`inspect --memory 784-100-10 --basis gomez-tang --batch 1 --json`);
  expect(JSON.parse(json.stdout)).toMatchObject({ network: { batch: 1, steps: 20 } });
});

test.each([
  [argv`mnist-snn --basis gomez-tang`, "counts networks of three layers, found 'mnist-snn'"],
  [argv`784-400-100-10 --basis gomez-tang`, "counts networks of three layers, found '784-400-100-10'"],
  [argv`28x28x1-10-10 --conv 32x5/2 --basis gomez-tang`, 'found a convolution'],
  [argv`784-100-10 --basis gomez-tang --hw reference`, '--hw counts on a core'],
  [argv`784-100-10 --batch 4`, '--batch goes with --basis gomez-tang'],
  [argv`784-100-10 --basis gomez-tang --batch 0`, "1 to 1048576, found '0'"],
])('inspect --memory %j is refused', async (args, message) => {
  const stderr = await refused(argv`inspect --memory ${args}`);
  expect(stderr).toContain(message);
});
