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
export type ErrorCode =
  | 'usage'
  | 'file'
  | 'syntax'
  | 'unknown-key'
  | 'invalid-value'
  | 'format'
  | 'microcode'
  | 'range'
  | 'fit'
  | 'image'
  | 'data'
  | 'run'
  | 'system';

/** The one error class of Plasticore: a message that says what was found and expected, its place, and what would help. */
export class PlasticoreError extends Error {
  readonly code: ErrorCode;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, place: Place & { hint?: string | undefined } = {}) {
    super(message);
    this.name = 'PlasticoreError';
    this.code = code;
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
    this.hint = place.hint;
  }

  /** `file:line:column: message`, and the hint on a line of its own. */
  describe(): string {
    const position = [this.file, this.line, this.column].filter((part) => part !== undefined).join(':');
    const head = position === '' ? this.message : `${position}: ${this.message}`;
    return this.hint === undefined ? head : `${head}\n  ${this.hint}`;
  }
}
