import { bundledNames } from '../fs/index.ts';
import { PlasticoreError, suggest } from '../text/index.ts';
import type { Command, CommandEntry, CommandGroup } from './command.ts';
import { commands } from './commands.ts';

/** The command that a line names, or would name if it were not misspelled. */
export interface GivenCommand {
  /** The words that name it, without its arguments; empty for an unknown command. */
  readonly path: readonly string[];
  readonly known: { readonly entry: CommandEntry; readonly command: Command } | undefined;
  /** Its name and arguments; undefined for an unknown command. */
  readonly usage: string | undefined;
  readonly options: readonly string[];
  /** The valid names at its place, for suggestions. */
  readonly siblings: readonly string[];
}

/** @param loaded the result of {@link loadNamed} */
export function givenCommand(
  args: readonly string[],
  loaded: ReadonlyMap<CommandEntry, Command>,
): GivenCommand {
  const everywhere = ['--quiet', '--debug', '--help', '--version'];
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const top = commands.find((candidate) => commandName(candidate) === first);
  const group = top !== undefined && 'commands' in top ? top : undefined;
  const entry =
    top === undefined || 'commands' in top
      ? group?.commands.find((candidate) => commandName(candidate) === second)
      : top;
  const siblings =
    group === undefined ? [...commands.map(commandName), 'completion'] : group.commands.map(commandName);
  const command = entry === undefined ? undefined : loaded.get(entry);
  if (entry === undefined || command === undefined) {
    return { path: [], known: undefined, usage: undefined, options: everywhere, siblings };
  }
  const groupPath = group === undefined ? [] : [group.name];
  return {
    path: [...groupPath, commandName(entry)],
    known: { entry, command },
    usage: [...groupPath, entry.usage].join(' '),
    options: [...command.optionNames.map((name) => `--${name}`), ...everywhere],
    siblings,
  };
}

/** Loads the commands whose names occur in a line: the command that it names is one of them. */
export async function loadNamed(args: readonly string[]): Promise<ReadonlyMap<CommandEntry, Command>> {
  const named = commands
    .filter((entry) => args.includes(commandName(entry)))
    .flatMap((entry) =>
      'commands' in entry ? entry.commands.filter((member) => args.includes(commandName(member))) : [entry],
    );
  return new Map(await Promise.all(named.map(async (entry) => [entry, await entry.load()] as const)));
}

export function commandName(entry: CommandEntry | CommandGroup): string {
  return 'commands' in entry ? entry.name : (entry.usage.split(' ')[0] ?? '');
}

const usageHint = 'plasticore --help lists the commands, plasticore COMMAND --help its options';

/** Turns a message of yargs into an error of ours with a hint. */
export function usageError(message: string, args: readonly string[], given: GivenCommand): PlasticoreError {
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(message)?.[1]?.split(', ')[0];
  if (unknown === undefined) {
    const hint =
      given.usage === undefined ? usageHint : `plasticore ${given.usage}; --help lists its options`;
    return new PlasticoreError('usage', plainly(message), { hint });
  }
  const option = args
    .map((arg) => arg.split('=')[0] ?? arg)
    .find((arg) => arg.replace(/^--?/, '') === unknown);
  if (option?.startsWith('-')) {
    return new PlasticoreError('usage', `unknown option '${option}'`, {
      hint: suggest(option, given.options),
    });
  }
  return given.usage === undefined
    ? new PlasticoreError('usage', `unknown command '${unknown}'`, { hint: suggest(unknown, given.siblings) })
    : new PlasticoreError('usage', `'${unknown}' is one argument too many`, {
        hint: `plasticore ${given.usage}`,
      });
}

/** yargs' other messages, reworded. */
function plainly(message: string): string {
  const text = message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
  const choice = /Argument: (.+?), Given: "(.*?)", Choices: (.+)$/.exec(text);
  if (choice !== null) {
    return `--${choice[1]}: expected ${(choice[3] ?? '').replaceAll('"', '')}, found '${choice[2]}'`;
  }
  const required = /^Missing required arguments?: (.+)$/.exec(text)?.[1];
  if (required !== undefined)
    return `missing: ${required
      .split(', ')
      .map((name) => `--${name}`)
      .join(', ')}`;
  if (text.startsWith('Not enough non-option arguments')) return 'an argument is missing';
  const empty = /^Not enough arguments following: (.+)$/.exec(text)?.[1];
  return empty === undefined ? text : `--${empty}: a value is missing`;
}

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
