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

/** Loads the commands whose names occur in a line: the command that it names is one of them. */
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
