import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { codeFiles, codeOf, withoutComments } from './code.ts';

/*
 * Texts of the library and of the page name options by `option` and commands by `command` (src/text/option.ts): an
 * option is a flag on the command line and a key in code. Only src/cli spells flags.
 */
const files = codeFiles('src', 'site').filter((file) => !file.startsWith('src/cli/'));

/**
 * Options of other programs: those of Slurm, of simulators of Verilog and of routers, and the one by which Node loads
 * the compiler of these sources.
 */
const foreign = (file: string, flag: string): boolean =>
  file.startsWith('src/explore/runs/slurm/') ||
  file.startsWith('src/rtl/') ||
  (flag === '--import' && file === 'src/explore/runs/node-threads.ts');

/** Flags in a text. `var(--ink)` and `--ink:` are CSS, `--kept.level` counts down. */
function flagsIn(code: string): string[] {
  return [...code.matchAll(/(?<![\w-]|var\()--[a-z][a-z-]+(?![\w:-]|\.\w)/g)].map(([flag]) => flag);
}

const named = commands.map((entry) => ('name' in entry ? entry.name : (entry.usage.split(' ')[0] ?? '')));
const commandsIn = (code: string): string[] =>
  [...code.matchAll(new RegExp(`\\bplasticore (?:${named.join('|')})\\b`, 'g'))].map(([text]) => text);

test('no text outside src/cli spells a flag', () => {
  const found = files.flatMap((file) =>
    flagsIn(codeOf(file)).flatMap((flag) => (foreign(file, flag) ? [] : `${file}: ${flag}`)),
  );
  expect(found).toEqual([]);
});

test('no text outside src/cli spells a command', () => {
  expect(files.flatMap((file) => commandsIn(codeOf(file)).map((text) => `${file}: ${text}`))).toEqual([]);
});

test('flags and commands are found in texts, and nothing else', () => {
  const line = "hint: `use --set, or (--data FILE): 'plasticore run x --keep-states'` // --not";
  expect(flagsIn(withoutComments(line))).toEqual(['--set', '--data', '--keep-states']);
  expect(commandsIn(line)).toEqual(['plasticore run']);
  expect(flagsIn("'var(--ink)' --page:#fff a--b; --x; --kept.level")).toEqual([]);
  expect(commandsIn('another plasticore process')).toEqual([]);
});
