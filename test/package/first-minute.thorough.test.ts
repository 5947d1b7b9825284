import { expect, test } from 'vitest';
import { firstCommand, firstMinute } from '../../scripts/first-minute.ts';
import { plasticore } from '../cli/spawn.ts';
import { root } from '../support/root.ts';
import { readPage } from './reader.ts';
import { wordsOf } from './readme.ts';

// That the picture has the energies of now: generated.test.ts.

test('the picture of the first minute, and what the README says of it, are what the command prints', () => {
  const { stdout } = plasticore(wordsOf(firstCommand.replace('npx plasticore ', '')), { cwd: root });
  const shown = firstMinute()
    .split('\n')
    .filter((line) => line.startsWith('<text'));
  const [command, ...lines] = shown.map((line) => line.replaceAll(/<[^>]+>/g, '').trimEnd());
  expect(command).toBe(`$ ${firstCommand}`);
  const printed = stdout.split('\n').map((line) => line.trimEnd());
  expect(lines.filter((line) => line !== '...' && !printed.includes(line))).toEqual([]);
  expect(lines.length).toBeGreaterThan(30);
  const readme = readPage('README.md');
  expect(readme).toContain(firstCommand);
  const [, said = ''] = /first-minute\.svg">\n\n(.*?)\n\n/s.exec(readme) ?? [];
  const figures = said.match(/[\d.]+ (%|µJ|µs)|\([\d.]+ to [\d.]+\)/g) ?? [];
  expect(figures.filter((figure) => !stdout.includes(figure))).toEqual([]);
  expect(figures.length).toBeGreaterThan(4);
});
