import { asFlag, type ErrorParts, messageOf, PlasticoreError, spellOptions } from '../text/index.ts';
import { InterruptError } from './signals.ts';

/** How far a part of the work is. */
export interface Shown {
  /** The current part: `epoch 1/3`. */
  readonly part: string;
  /** How much of it is done, in samples, cells or megabytes. */
  readonly done: number;
  readonly total: number;
  /** Further details in words: `accuracy 74.0 %  28 samples/s  2 s left`. */
  readonly rest: string;
}

/** An error as a program reads it: its code, message, place and hint. Options are spelled as flags. */
interface Fault {
  /** One of `errorCodes`; `interrupted` after a signal, `internal` for a fault of plasticore itself. */
  readonly code: string;
  readonly message: string;
  readonly file?: string | undefined;
  /** Lines and columns count from 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly hint?: string | undefined;
  /** The other faults that the same check found. */
  readonly others?: readonly Fault[] | undefined;
  readonly stack?: string | undefined;
}

/** The messages on standard error with --json-messages, each on a line of its own. */
export type Message =
  | { readonly kind: 'note'; readonly text: string }
  | ({ readonly kind: 'progress' } & Shown)
  | ({ readonly kind: 'error' } & Fault);

/** Whether a command line asks for JSON; known before it is parsed, since a refusal of the line is an error, too. */
export function wantsJsonMessages(args: readonly string[]): boolean {
  return args.includes('--json-messages');
}

/** An error as a message. */
export function errorMessage(error: unknown, isDebug: boolean): Message {
  const stack = isDebug && error instanceof Error ? error.stack : undefined;
  return { kind: 'error', ...faultOf(error), stack };
}

function faultOf(error: unknown): Fault {
  if (error instanceof InterruptError) return { code: 'interrupted', message: error.message };
  if (error instanceof PlasticoreError) return spelled(error.parts);
  return { code: 'internal', message: messageOf(error) };
}

function spelled({ code, message, place: { file, line, column, hint }, others }: ErrorParts): Fault {
  const text = (words: string | undefined) => words && spellOptions(words, asFlag);
  return {
    code,
    message: spellOptions(message, asFlag),
    file: text(file),
    line,
    column,
    hint: text(hint),
    others: others?.map(spelled),
  };
}
