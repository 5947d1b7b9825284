import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { parse } from '../../src/cli/parse.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { root } from '../support/root.ts';
import { pages, readPage } from './reader.ts';
import { commandsOf, filesOf, firstMissing, refreshed, transcriptsOf, wordsOf } from './readme.ts';

// What they print: readme.thorough.test.ts.
describe.each(pages)('%s', (page) => {
  const text = readPage(page);

  test.each(commandsOf(text))('plasticore %s is a command line', async (command) => {
    await expect(parse(wordsOf(command))).resolves.toMatchObject({ action: expect.any(Function) });
  });

  test('links to files that are there', () => {
    const links = linksOf(text).filter((path) => !existsSync(join(root, dirname(page), path)));
    expect(links).toEqual([]);
  });
});

test.each(
  transcriptsOf(readPage('docs/questions.md')).filter(({ command }) => /^(hw|inspect|verify) /.test(command)),
)('plasticore $command prints what docs/questions.md shows', async ({ command, lines }) => {
  const { stdout } = await commandLine(wordsOf(command), { cwd: root });
  const output = stdout.split('\n').map((line) => line.trimEnd());
  expect(firstMissing(lines, output)).toBeUndefined();
});

test('docs/commands.md names every command', () => {
  const named = [...readPage('docs/commands.md').matchAll(/^\| `plasticore (\w+)/gm)].map(([, name]) => name);
  const known = commands.map((entry) => ('usage' in entry ? entry.usage.split(' ')[0] : entry.name));
  expect([...new Set(named)].sort()).toEqual([...known, 'completion'].sort());
});

test('docs/README.md names every page', () => {
  const named = linksOf(readPage('docs/README.md'));
  expect(pages.filter((page) => !named.includes(relative('docs', page)))).toEqual(['docs/README.md']);
});

test.each(['rum mnist-snn', 'run', 'run mnist-snn --epoch 1', 'run mnist-snn --encoder morse'])(
  'plasticore %s would not be a command line',
  async (command) => {
    await expect(parse(command.split(' '))).rejects.toThrow(PlasticoreError);
  },
);

/** Links to files of the package and pictures, each once, without their anchors. */
function linksOf(markdown: string): string[] {
  const links = [...markdown.matchAll(/(?:\]\(|\bsrc(?:set)?=")(?!https?:|#)([^)#"\s]+)/g)];
  return [...new Set(links.map(([, path = '']) => path))];
}

describe('a reader of markdown', () => {
  const text = [
    'Text with `npx plasticore nothing`.',
    '```yaml chip.yaml',
    'name: chip',
    '```',
    '```sh',
    'npm ci && npx plasticore run one    # a comment',
    '```',
    '```console',
    '$ npx plasticore run two --quiet',
    'a  1',
    '...',
    'b  2',
    '$ npx plasticore data list',
    '```',
  ].join('\n');

  test('joins lines and takes quotes off, as a shell does', () => {
    const block = ['```sh', 'npx plasticore run three \\', "  --set 'a={b: 1}' --quiet", '```'].join('\n');
    const [command = ''] = commandsOf(block);
    expect(wordsOf(command)).toEqual(['run', 'three', '--set', 'a={b: 1}', '--quiet']);
  });

  test('finds files, commands and transcripts', () => {
    expect(filesOf(text)).toEqual([{ name: 'chip.yaml', text: 'name: chip\n' }]);
    expect(commandsOf(text)).toEqual(['run one', 'run two --quiet', 'data list']);
    expect(transcriptsOf(text)).toEqual([
      { command: 'run two --quiet', lines: ['a  1', '...', 'b  2'], firstLine: 9 },
      { command: 'data list', lines: [], firstLine: 13 },
    ]);
  });

  test('sees a line that is missing, changed, out of order, or not at once after the one before', () => {
    const shown = ['a  1', '...', 'b  2'];
    expect(firstMissing(shown, ['a  1', 'x', 'b  2', 'y'])).toBeUndefined();
    expect(firstMissing(shown, ['a  1', 'b  3'])).toBe('b  2');
    expect(firstMissing(shown, ['b  2', 'a  1'])).toBe('a  1');
    expect(firstMissing(['a  1', 'b  2'], ['a  1', 'x', 'b  2'])).toBe('b  2');
  });

  test('replaces the output shown with the current one', () => {
    expect(refreshed(['a  1', '...', 'b  2'], ['a  5', 'x', 'b     6'])).toEqual(['a  5', '...', 'b     6']);
    expect(() => refreshed(['c  1'], ['a  5'])).toThrow('c  1');
  });
});
