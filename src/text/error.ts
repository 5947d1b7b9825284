import { asKey, type SpellOption, spellOptions } from './option.ts';

/** A place in a text that a person wrote. Lines and columns count from 1. */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** The path of a value in a document: keys and positions, from the root down. */
export type Path = readonly (string | number)[];

/**
 * The kind of fault.
 *
 * `run` is a run that failed, `system` a refusal by the machine (a full disk, a missing permission, a thread that
 * ends): exit status 1. All others are wrong use or wrong input: exit status 2.
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

/** The parts of an error. They can be sent between threads; an error's class cannot. */
export interface ErrorParts {
  readonly code: ErrorCode;
  readonly message: string;
  readonly place: Place & { readonly hint?: string | undefined };
  /** The parts of the other faults that were found with it. */
  readonly others?: readonly ErrorParts[];
}

/** The most faults that an error describes; of the others it gives the number. */
const mostDescribed = 20;

/** The most characters of a line of a message, and what is kept of a longer one: its two ends. */
const longestLine = 600;
const [keptBefore, keptBehind] = [300, 200];

/** Names, shapes and headers that a file states may have any length. */
function cut(line: string): string {
  if (line.length <= longestLine) return line;
  // By code points, none of which is torn apart.
  const characters = [...line];
  const left = characters.length - keptBefore - keptBehind;
  if (characters.length <= longestLine) return line;
  const [before, behind] = [characters.slice(0, keptBefore), characters.slice(-keptBehind)];
  return `${before.join('')} ... (${left} characters) ... ${behind.join('')}`;
}

/**
 * Plasticore's only error class: a message that says what was found and expected, its place, and a hint.
 *
 * Texts may name options by {@link option}; the properties spell them as keys.
 */
export class PlasticoreError extends Error {
  readonly code: ErrorCode;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly hint: string | undefined;
  /** Other faults that the same check found, in the order of the texts; each stands for itself and has no others. */
  readonly others: readonly PlasticoreError[];
  /** As given, with options unspelled. */
  readonly #parts: ErrorParts;

  constructor(
    code: ErrorCode,
    message: string,
    place: ErrorParts['place'] = {},
    others: readonly PlasticoreError[] = [],
  ) {
    const told = message.split('\n').map(cut).join('\n');
    super(spellOptions(told, asKey));
    const spelled = (text: string | undefined) => text && spellOptions(text, asKey);
    this.name = 'PlasticoreError';
    this.code = code;
    this.file = spelled(place.file);
    this.line = place.line;
    this.column = place.column;
    this.hint = spelled(place.hint);
    this.others = others;
    const { file, line, column, hint } = place;
    this.#parts = {
      code,
      message: told,
      place: { file, line, column, hint },
      ...(others.length > 0 && { others: others.map(({ parts }) => parts) }),
    };
  }

  /** Rebuilds an error from its parts. */
  static of({ code, message, place, others = [] }: ErrorParts): PlasticoreError {
    return new PlasticoreError(code, message, place, others.map(PlasticoreError.of));
  }

  /** Its parts, with options unspelled. */
  get parts(): ErrorParts {
    return this.#parts;
  }

  /** The same error at another place. It keeps its hint unless the place brings one. */
  at(place: ErrorParts['place']): PlasticoreError {
    const { code, message, place: own } = this.#parts;
    return new PlasticoreError(code, message, { ...place, hint: place.hint ?? own.hint }, this.others);
  }

  /**
   * `file:line:column: message`, and the hint on a line of its own; then the other faults in the same form, up to 20 in
   * all.
   *
   * @param spell shows the options that it names
   */
  describe(spell: SpellOption = asKey): string {
    const shown = [this, ...this.others].slice(0, mostDescribed).map((fault) => fault.#describeAlone(spell));
    const more = 1 + this.others.length - shown.length;
    return [...shown, ...(more > 0 ? [`${more} more ${more === 1 ? 'fault' : 'faults'}`] : [])].join('\n');
  }

  #describeAlone(spell: SpellOption): string {
    const { message, place } = this.#parts;
    const { file, line, column, hint } = place;
    const position = [file, line, column].filter((part) => part !== undefined).join(':');
    const head = position === '' ? message : `${position}: ${message}`;
    return spellOptions(hint === undefined ? head : `${head}\n  ${hint}`, spell);
  }
}
