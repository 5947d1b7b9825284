import type { Command, CommandEntry, CommandGroup } from './command.ts';
import { commands } from './commands.ts';

/** What is known about the command that a line gives, or would give if it were not misspelt. */
export interface GivenCommand {
  /** The words that name it, without its arguments; none for no known command. */
  readonly path: readonly string[];
  readonly known: { readonly entry: CommandEntry; readonly command: Command } | undefined;
  /** Its name and arguments; undefined for no known command. */
  readonly usage: string | undefined;
  readonly options: readonly string[];
  /** The names among which it is looked for. */
  readonly siblings: readonly string[];
}

/** @param loaded as {@link loadNamed} gives them */
export function givenCommand(
  args: readonly string[],
  loaded: ReadonlyMap<CommandEntry, Command>,
): GivenCommand {
  const everywhere = ['--quiet', '--debug', '--help', '--version'];
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const top = commands.find((candidate) => nameOf(candidate) === first);
  const group = top !== undefined && 'commands' in top ? top : undefined;
  const entry =
    top === undefined || 'commands' in top
      ? group?.commands.find((candidate) => nameOf(candidate) === second)
      : top;
  const siblings = group === undefined ? [...commands.map(nameOf), 'completion'] : group.commands.map(nameOf);
  const command = entry === undefined ? undefined : loaded.get(entry);
  if (entry === undefined || command === undefined) {
    return { path: [], known: undefined, usage: undefined, options: everywhere, siblings };
  }
  const groupPath = group === undefined ? [] : [group.name];
  return {
    path: [...groupPath, nameOf(entry)],
    known: { entry, command },
    usage: [...groupPath, entry.usage].join(' '),
    options: [...command.optionNames.map((name) => `--${name}`), ...everywhere],
    siblings,
  };
}

/** Loads the commands that have their names among the words of a line: the one that it gives is one of them. */
export async function loadNamed(args: readonly string[]): Promise<ReadonlyMap<CommandEntry, Command>> {
  const named = commands
    .filter((entry) => args.includes(nameOf(entry)))
    .flatMap((entry) =>
      'commands' in entry ? entry.commands.filter((member) => args.includes(nameOf(member))) : [entry],
    );
  return new Map(await Promise.all(named.map(async (entry) => [entry, await entry.load()] as const)));
}

export function nameOf(entry: CommandEntry | CommandGroup): string {
  return 'commands' in entry ? entry.name : (entry.usage.split(' ')[0] ?? '');
}
