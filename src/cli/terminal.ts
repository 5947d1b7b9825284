import pc from 'picocolors';
import type { Style } from '../report/node.ts';
import type { Message, Shown } from './messages.ts';

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
  /** Takes progress where a program reads it (--json-messages); undefined where a person does. */
  readonly tellProgress: ((shown: Shown) => void) | undefined;
}

/** Width of the terminal in characters; undefined if the output is not a terminal, unless COLUMNS sets it. */
function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  const stated = Number(process.env.COLUMNS);
  if (Number.isInteger(stated) && stated > 0) return stated;
  return isTTY ? columns : undefined;
}

/** Characters that begin control sequences, or turn the direction of writing. */
const control = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * A text as a terminal may show it. Names, keys and damaged headers may not move the cursor, rename a window or hide
 * the text beside them: control characters but for line ends and tabs are spelled as JSON spells them, `\u001b`.
 *
 * @param hasColour keeps what sets colours, as the styles of tables do
 */
export function visibleText(text: string, hasColour = false): string {
  return text.replace(control, (each, at: number) => {
    if (hasColour && /^\[\d+m/.test(text.slice(at + 1, at + 5))) return each;
    return `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Writes a message for programs to standard error. */
export function writeMessage(message: Message): void {
  // In JSON, only texts have characters to spell, and JSON spells them alike.
  process.stderr.write(`${visibleText(JSON.stringify(message))}\n`);
}

/** The terminal of this process. */
export function processTerminal(isQuiet: boolean, isJson: boolean): Terminal {
  const hasColour = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  return {
    print: (text) => {
      process.stdout.write(`${visibleText(text, hasColour)}\n`);
    },
    note: (text) => {
      if (isQuiet) return;
      if (isJson) writeMessage({ kind: 'note', text });
      else process.stderr.write(`${visibleText(text, hasColour)}\n`);
    },
    style: { ...pc.createColors(hasColour), columns: columnsOf(process.stdout) },
    hasBar: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    isQuiet,
    tellProgress: isJson
      ? ({ part, done, total, rest }) => writeMessage({ kind: 'progress', part, done, total, rest })
      : undefined,
  };
}
