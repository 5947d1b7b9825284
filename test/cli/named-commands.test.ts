import { describe, expect, test } from 'vitest';
import { optionGroups } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands.ts';
import { codeFiles, codeOf } from '../house/code.ts';

/* A hint that names a command or an option which is gone helps nobody. */
describe('commands that texts name', async () => {
  const calls = codeFiles('src', 'site').flatMap((file) =>
    [...codeOf(file).matchAll(/\bcommand\(\s*['`]([a-z]+(?: [a-z]+)?)\b((?:[^()]|\([^()]*\))*)\)/g)].map(
      ([, words = '', rest = '']) => ({ file, words, rest }),
    ),
  );
  const optionsOf = new Map<string, readonly string[]>();
  for (const entry of commands) {
    const isGroup = 'name' in entry;
    for (const { usage, load } of isGroup ? entry.commands : [entry]) {
      const [name = ''] = usage.split(' ');
      optionsOf.set(isGroup ? `${entry.name} ${name}` : name, (await load()).optionNames);
    }
  }

  test.each(calls)('$words in $file exists, with its options', ({ words, rest }) => {
    const own = optionsOf.get(words) ?? optionsOf.get(words.split(' ')[0] ?? '');
    expect(own).toBeDefined();
    const keys = [...rest.matchAll(/\boption\('(\w+)'/g)].map(([, key = '']) => key);
    const flags = keys.map((key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
    expect(flags.filter((flag) => own?.includes(flag) !== true)).toEqual([]);
  });

  test('every option of a group of the help is one of a command', () => {
    const known = new Set([...optionsOf.values()].flat());
    expect(optionGroups.flatMap(({ names }) => names).filter((name) => !known.has(name))).toEqual([]);
  });
});
