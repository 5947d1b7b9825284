import { bundledNames } from '../fs/index.ts';
import type { Command, CommandEntry } from './command.ts';
import { givenCommand } from './given-command.ts';

/**
 * Completions at the end of a line: names of bundled files for an argument or an option that takes such a name.
 *
 * @param words the line without `plasticore`; the last word is the one being typed
 * @returns undefined if commands and options are the completions
 */
export function namesFor(
  words: readonly string[],
  loaded: ReadonlyMap<CommandEntry, Command>,
): readonly string[] | undefined {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const { known, path } = givenCommand(before, loaded);
  if (known === undefined || current.startsWith('-')) return undefined;
  const { command } = known;
  const previous = before.at(-1) ?? '';
  const kinds = previous.startsWith('-')
    ? command.completes(previous.replace(/^-+/, ''))
    : // The first argument; what follows it has no names.
      before.filter((word) => !word.startsWith('-')).length === path.length
      ? command.completes(command.positionals[0] ?? '')
      : [];
  return [...new Set(kinds.flatMap(bundledNames))].filter((name) => name.startsWith(current));
}
