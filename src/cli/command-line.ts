import { asFlag, messageOf, PlasticoreError } from '../text/index.ts';
import { errorMessage, wantsJsonMessages } from './messages.ts';
import { parse } from './parse.ts';
import { InterruptError } from './signals.ts';
import { processTerminal, visibleText, writeMessage } from './terminal.ts';

/**
 * Runs one command line.
 *
 * @returns the exit status: 0 success, 1 the run failed, 2 wrong use or wrong input, 129, 130 or 143 after a signal
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const isJson = wantsJsonMessages(args);
  try {
    const { action, isQuiet } = await parse(args);
    await action?.(processTerminal(isQuiet, isJson));
    return 0;
  } catch (error) {
    const isDebug = args.includes('--debug');
    if (isJson) writeMessage(errorMessage(error, isDebug));
    else process.stderr.write(`${visibleText(describeError(error, isDebug))}\n`);
    return exitStatusOf(error);
  }
}

function describeError(error: unknown, isDebug: boolean): string {
  if (error instanceof InterruptError) return `plasticore: ${error.message}`;
  const stack = isDebug && error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : '';
  if (error instanceof PlasticoreError) return `plasticore: ${error.describe(asFlag)}${stack}`;
  const message = messageOf(error);
  const hint = isDebug ? '' : '\n  this is a fault of plasticore itself; --debug shows where';
  return `plasticore: internal error: ${message}${hint}${stack}`;
}

function exitStatusOf(error: unknown): number {
  if (error instanceof InterruptError) return error.exitStatus;
  return error instanceof PlasticoreError && error.code !== 'run' && error.code !== 'system' ? 2 : 1;
}
