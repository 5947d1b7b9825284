import { PlasticoreError, suggest } from '../text/index.ts';
import type { GivenCommand } from './given-command.ts';

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
