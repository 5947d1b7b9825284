import { asKey, type SpellOption, spellOptions } from './option.ts';

/** Where in a text that a person wrote something was found. Lines and columns count from 1. */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Where in a document a value stands: keys and positions, from the outside in. */
export type Path = readonly (string | number)[];

/**
 * What kind of thing went wrong.
 *
 * `run` is a run that failed, `system` a machine that refused (a full disk, a missing permission): exit status 1. All
 * else is wrong use or wrong input: exit status 2.
 */
export const errorCodes = [
  'usage',
  'file',
  'syntax',
  'unknown-key',
  'invalid-value',
  'format',
  'microcode',
  'range',
  'fit',
  'image',
  'data',
  'run',
  'system',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** What an error is made of. It survives between threads, where an error's class does not. */
export interface ErrorParts {
  readonly code: ErrorCode;
  readonly message: string;
  readonly place: Place & { readonly hint?: string | undefined };
}

/**
 * The one error class of Plasticore: a message that says what was found and expected, its place, and what would help.
 *
 * Texts may name options by {@link option}; the properties have them spelled as keys.
 */
export class PlasticoreError extends Error {
  readonly code: ErrorCode;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly hint: string | undefined;
  /** As given, options not spelled. */
  readonly #parts: ErrorParts;

  constructor(code: ErrorCode, message: string, place: ErrorParts['place'] = {}) {
    super(spellOptions(message, asKey));
    const spelled = (text: string | undefined) => text && spellOptions(text, asKey);
    this.name = 'PlasticoreError';
    this.code = code;
    this.file = spelled(place.file);
    this.line = place.line;
    this.column = place.column;
    this.hint = spelled(place.hint);
    const { file, line, column, hint } = place;
    this.#parts = { code, message, place: { file, line, column, hint } };
  }

  /** An error that was taken apart, whole again. */
  static of({ code, message, place }: ErrorParts): PlasticoreError {
    return new PlasticoreError(code, message, place);
  }

  /** What it is made of, options not spelled. */
  get parts(): ErrorParts {
    return this.#parts;
  }

  /** The same error at another place, with its hint unless the place brings one. */
  at(place: ErrorParts['place']): PlasticoreError {
    const { code, message, place: own } = this.#parts;
    return new PlasticoreError(code, message, { ...place, hint: place.hint ?? own.hint });
  }

  /**
   * `file:line:column: message`, and the hint on a line of its own.
   *
   * @param spell shows the options that it names
   */
  describe(spell: SpellOption = asKey): string {
    const { message, place } = this.#parts;
    const { file, line, column, hint } = place;
    const position = [file, line, column].filter((part) => part !== undefined).join(':');
    const head = position === '' ? message : `${position}: ${message}`;
    return spellOptions(hint === undefined ? head : `${head}\n  ${hint}`, spell);
  }
}
