import pc from 'picocolors';
import type { Style } from '../report/node.ts';

/** Where a command writes: results to standard output, progress and messages to standard error. */
export interface Terminal {
  /** A result. */
  print(text: string): void;
  /** A message; nothing with --quiet. */
  note(text: string): void;
  readonly style: Style;
  /** Whether a progress bar can be drawn. */
  readonly hasBar: boolean;
  readonly isQuiet: boolean;
}

/** Width of the terminal in characters; undefined if the output is not a terminal, unless COLUMNS sets it. */
function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  const stated = Number(process.env.COLUMNS);
  if (Number.isInteger(stated) && stated > 0) return stated;
  return isTTY ? columns : undefined;
}

/** The terminal of this process. */
export function processTerminal(isQuiet: boolean): Terminal {
  const hasColour = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  return {
    print: (text) => {
      process.stdout.write(`${text}\n`);
    },
    note: (text) => {
      if (!isQuiet) process.stderr.write(`${text}\n`);
    },
    style: { ...pc.createColors(hasColour), columns: columnsOf(process.stdout) },
    hasBar: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    isQuiet,
  };
}
