import yargs, { type Argv } from 'yargs';
import { compilerVersion } from '../compiler/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Command, CommandAction, CommandEntry } from './command.ts';
import { commands, formerCommands, sections } from './commands.ts';
import {
  commandName,
  type GivenCommand,
  givenCommand,
  loadNamed,
  namesFor,
  usageError,
} from './given-command.ts';

/** The command and the options of a command line. */
export interface CommandLine {
  /** Undefined if it asked for a text that is printed: help, version, completion. */
  readonly action: CommandAction | undefined;
  readonly isQuiet: boolean;
}

const usage =
  'plasticore COMMAND\n\nSimulates neuromorphic cores: accuracy, memory, cycles and energy of every run.';

/** Registers a command to run. */
type Take = (action: CommandAction) => void;

/** @throws PlasticoreError `usage` for an invalid command line */
export async function parse(line: readonly string[]): Promise<CommandLine> {
  const args = withoutFormer(line);
  refuseShell(args);
  const loaded = await loadNamed(args);
  const given = givenCommand(args, loaded);
  let action: CommandAction | undefined;
  const take: Take = (chosen) => {
    action = chosen;
  };
  const own = parserOfGiven(args, given, take);
  const values = await (own ?? parserOfAll(args, loaded, take))
    .fail((message: string | null, error?: Error) => {
      throw usageError(message ?? error?.message ?? '', args, given);
    })
    .parseAsync(
      own === undefined ? args : args.slice(given.path.length),
      {},
      (_error: unknown, _values: unknown, printed: string) => {
        if (printed !== '') process.stdout.write(`${withTitles(printed)}\n`);
      },
    );
  return { action, isQuiet: values.quiet === true };
}

function withoutFormer(args: readonly string[]): readonly string[] {
  const former = formerCommands.find(([was]) => was.every((word, index) => args[index] === word));
  return former === undefined ? args : [...former[1], ...args.slice(former[0].length)];
}

/**
 * A parser for a single command, if the line starts with it and does not ask for help. The parser for all commands lays
 * out the command's help even then, which takes longer than loading the data.
 */
function parserOfGiven(args: readonly string[], { path, known }: GivenCommand, take: Take) {
  const isFirst = path.every((word, index) => args[index] === word);
  if (known === undefined || !isFirst || args.includes('--help')) return undefined;
  const { entry, command } = known;
  const parser = parserOf(args.slice(path.length)).scriptName(['plasticore', ...path].join(' '));
  const positionals = entry.usage.split(' ').slice(1);
  attach(parser, { ...entry, usage: ['$0', ...positionals].join(' ') }, command, take);
  return parser;
}

/** A parser for all commands; only loaded ones have their options. */
function parserOfAll(args: readonly string[], loaded: ReadonlyMap<CommandEntry, Command>, take: Take) {
  const parser = parserOf(args)
    .scriptName('plasticore')
    .usage(usage)
    .demandCommand(1, 'a command is missing');
  for (const entry of commands) {
    if (!('commands' in entry)) attach(parser, entry, loaded.get(entry), take);
    else {
      parser.command(entry.name, entry.summary, (group) => {
        for (const member of entry.commands) attach(group, member, loaded.get(member), take);
        return group.demandCommand(
          1,
          `a command is missing: ${entry.name} ${entry.commands.map(commandName).join(', ')}`,
        );
      });
    }
  }
  return parser.completion(
    'completion',
    'Print a completion script for bash or zsh',
    (_current: string, _values: unknown, others: () => void, done: (names: string[]) => void) => {
      // Skips the arguments through which yargs asks for completions, and the program's own name.
      const words = args.slice(args.indexOf('--get-yargs-completions') + 2);
      const names = namesFor(words, loaded);
      if (names === undefined) others();
      else done([...names]);
    },
  );
}

/** Puts a title over each section in the help of all commands; yargs knows one title. Other texts stay as they are. */
function withTitles(text: string): string {
  if (!text.startsWith(`${usage}\n`)) return text;
  return sections.reduce(
    (titled, { title, commands: [first] }) =>
      first === undefined
        ? titled
        : titled.replace(`\n  plasticore ${commandName(first)} `, `\n\n${title}$&`),
    text.replace('\n\nCommands:', ''),
  );
}

/** yargs prints its script before it looks at the words after `completion`. */
function refuseShell(args: readonly string[]): void {
  const [first, shell] = args.filter((arg) => !arg.startsWith('-'));
  if (first !== 'completion' || shell === undefined) return;
  throw new PlasticoreError('usage', `'${shell}' is one argument too many`, {
    hint: 'plasticore completion prints a script for bash, or for zsh where SHELL is that',
  });
}

/** Settings common to all command lines. */
function parserOf(args: readonly string[]) {
  return yargs([...args])
    .locale('en')
    .version(compilerVersion)
    .strict()
    .parserConfiguration({ 'camel-case-expansion': false })
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .option('quiet', {
      type: 'boolean',
      default: false,
      describe: 'No progress and no messages, only results',
    })
    .option('debug', { type: 'boolean', default: false, describe: 'Stack traces with errors' })
    .option('json-messages', {
      type: 'boolean',
      default: false,
      describe: 'Progress, messages and errors as JSON, an object a line, for programs',
    })
    .updateStrings({ 'Options:': 'Everywhere:' })
    .exitProcess(false);
}

function attach(
  yargs: Argv,
  { usage, summary }: CommandEntry,
  command: Command | undefined,
  take: Take,
): void {
  yargs.command(
    usage,
    summary,
    (builder) => command?.declare(builder) ?? builder,
    // Commands named in the line have been loaded.
    (values) => {
      if (command !== undefined) take(command.action(values));
    },
  );
}
