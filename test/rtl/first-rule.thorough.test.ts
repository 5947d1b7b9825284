import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { plasticore } from '../cli/spawn.ts';
import { readPage } from '../package/reader.ts';
import { commandsOf, filesOf, wordsOf } from '../package/readme.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';

// The rule of docs/first-rule.md, with the command of docs/build-your-core.md: a bench that passes. Skipped where it is
// missing: apt-get install iverilog

const { folder, path } = scratch();
for (const { name, text } of filesOf(readPage('docs/first-rule.md'))) writeFileSync(path(name), text);
const commands = commandsOf(readPage('docs/build-your-core.md')).filter((line) =>
  line.includes('recent.yaml'),
);

/** Runs the command of the page that has an option. */
function run(option: string) {
  const [line = '', ...more] = commands.filter((command) => command.includes(option));
  expect(more).toEqual([]);
  return plasticore(wordsOf(line.replace(/&&.*/, '')), { cwd: folder });
}

describe('the rule of docs/first-rule.md, by the commands of docs/build-your-core.md', () => {
  test('has a bench that passes', { timeout: 600_000, ...needs('iverilog') }, () => {
    const { status, stdout, stderr } = run('--cosim');
    expect([status, stderr.includes('plasticore: ')], stderr).toEqual([0, false]);
    expect(stdout).toMatch(/^recent\/: identical under icarus: 2 samples, \d+ cycles/);
  });
});
