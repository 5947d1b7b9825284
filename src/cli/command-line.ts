import yargs from 'yargs';
import { compilerVersion } from '../compiler/index.ts';
import { PlasticoreError, suggest } from '../source/index.ts';
import type { Action, Command, CommandGroup } from './command.ts';
import { commands } from './commands.ts';
import { Interrupted } from './signals.ts';
import { processTerminal } from './terminal.ts';

const usageHint = 'plasticore --help lists the commands, plasticore COMMAND --help its options';

/**
 * Runs one command line.
 *
 * @returns the exit status: 0 done, 1 the run failed, 2 wrong use or wrong input, 130 or 143 after a signal
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let chosen: Action | undefined;
  try {
    refuseShell(args);
    const values = await build(args, (action) => {
      chosen = action;
    }).parseAsync();
    await chosen?.(processTerminal(values.quiet === true));
    return 0;
  } catch (error) {
    process.stderr.write(`${describeError(error, args.includes('--debug'))}\n`);
    return exitStatusOf(error);
  }
}

function build(args: readonly string[], run: (action: Action) => void) {
  const parser = yargs([...args])
    .scriptName('plasticore')
    .usage('$0 COMMAND\n\nSimulates neuromorphic cores: accuracy, memory, cycles and energy of every run.')
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
    .updateStrings({ 'Options:': 'Everywhere:' })
    .demandCommand(1, 'a command is missing')
    .exitProcess(false)
    .fail((message: string | null, error?: Error) => {
      throw usageError(message ?? error?.message ?? '', args);
    });
  for (const entry of commands) {
    if ('attach' in entry) entry.attach(parser, run);
    else {
      parser.command(entry.name, entry.summary, (group) => {
        for (const command of entry.commands) command.attach(group, run);
        return group.demandCommand(
          1,
          `a command is missing: ${entry.name} ${entry.commands.map(nameOf).join(', ')}`,
        );
      });
    }
  }
  return parser.completion('completion', 'Print a completion script for bash or zsh');
}

/** yargs prints its script before it looks at what comes behind `completion`. */
function refuseShell(args: readonly string[]): void {
  const [first, shell] = args.filter((arg) => !arg.startsWith('-'));
  if (first !== 'completion' || shell === undefined) return;
  throw new PlasticoreError('usage', `'${shell}' is one argument too many`, {
    hint: 'plasticore completion prints a script for bash, or for zsh where SHELL is that',
  });
}

/** What yargs says, as an error of ours with a hint. */
function usageError(message: string, args: readonly string[]): PlasticoreError {
  const given = givenCommand(args);
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

/** What is known about the command that a line gives, or would give if it were not misspelt. */
interface GivenCommand {
  /** Its name and arguments; undefined for no known command. */
  readonly usage: string | undefined;
  readonly options: readonly string[];
  /** The names among which it is looked for. */
  readonly siblings: readonly string[];
}

function givenCommand(args: readonly string[]): GivenCommand {
  const everywhere = ['--quiet', '--debug', '--help', '--version'];
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const entry = commands.find((candidate) => nameOf(candidate) === first);
  const group = entry !== undefined && 'commands' in entry ? entry : undefined;
  const command = group?.commands.find((candidate) => nameOf(candidate) === second) ?? entry;
  const siblings = group === undefined ? [...commands.map(nameOf), 'completion'] : group.commands.map(nameOf);
  if (command === undefined || 'commands' in command)
    return { usage: undefined, options: everywhere, siblings };
  return {
    usage: group === undefined ? command.usage : `${group.name} ${command.usage}`,
    options: [...command.optionNames.map((name) => `--${name}`), ...everywhere],
    siblings,
  };
}

function nameOf(entry: Command | CommandGroup): string {
  return 'commands' in entry ? entry.name : (entry.usage.split(' ')[0] ?? '');
}

/** yargs' other messages, in the words of ours. */
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

function describeError(error: unknown, isDebug: boolean): string {
  if (error instanceof Interrupted) return `plasticore: ${error.message}`;
  const stack = isDebug && error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : '';
  if (error instanceof PlasticoreError) return `plasticore: ${error.describe()}${stack}`;
  const message = error instanceof Error ? error.message : String(error);
  const hint = isDebug ? '' : '\n  this is a fault of plasticore itself; --debug shows where';
  return `plasticore: internal error: ${message}${hint}${stack}`;
}

function exitStatusOf(error: unknown): number {
  if (error instanceof Interrupted) return error.exitStatus;
  return error instanceof PlasticoreError && error.code !== 'run' ? 2 : 1;
}
