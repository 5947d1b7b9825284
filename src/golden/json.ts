import type * as z from 'zod';
import { found, type Path, type Place, PlasticoreError } from '../text/index.ts';

/** The value of a JSON text, with its places. */
export interface JsonText {
  readonly value: unknown;
  readonly file: string;
  /** The place of the value at a path, or of its nearest container that exists. */
  locate(path: Path): Place;
}

/**
 * Parses a JSON text. A duplicate key is an error; `JSON.parse` would silently take the last one.
 *
 * @throws PlasticoreError `syntax` with the place
 */
export function parseJson(text: string, file: string): JsonText {
  const locate = (path: Path): Place => ({ file, ...lineAndColumn(text, new Scanner(text).find(path)) });
  const written = keysWritten(text, file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const scanner = new Scanner(text);
    const expected = scanner.firstFault();
    throw new PlasticoreError('syntax', `not valid JSON: ${expected}`, {
      file,
      ...lineAndColumn(text, scanner.at),
    });
  }
  // Counting is fast. Only if it finds a fault does the slower scan look for the place.
  if (written > keysKept(value)) {
    const doubled = new Scanner(text).doubledKey();
    if (doubled !== undefined) {
      const { key, at } = doubled;
      throw new PlasticoreError('syntax', `key '${key}' is given twice`, {
        file,
        ...lineAndColumn(text, at),
      });
    }
  }
  return { value, file, locate };
}

/** The maximum nesting depth, so that recursion over a value is safe. Traces have fewer than ten levels. */
const mostLevels = 100;

/**
 * Counts the keys of a valid JSON text: the strings before a colon.
 *
 * @throws PlasticoreError `syntax` if lists and objects are nested too deeply, even in an invalid text
 */
function keysWritten(text: string, file: string): number {
  // An unterminated string extends to the end of the text, so that no part of it is scanned twice.
  const token = /"[^"\\]*(?:\\[\s\S]?[^"\\]*)*(?:"|$)[ \t\r\n]*(:)?|[[{]|[\]}]/g;
  let keys = 0;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found, colon] = match;
    if (colon !== undefined) keys += 1;
    else if (found === '[' || found === '{') depth += 1;
    else if (found === ']' || found === '}') depth -= 1;
    if (depth <= mostLevels) continue;
    throw new PlasticoreError('syntax', `not valid JSON: expected at most ${mostLevels} levels of brackets`, {
      file,
      ...lineAndColumn(text, match.index),
    });
  }
  return keys;
}

/** Counts the keys of a value and of all values in it. */
function keysKept(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const items: readonly unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : items.length;
  return items.reduce<number>((count, item) => count + keysKept(item), own);
}

/**
 * Checks a JSON value against a schema. The first fault is thrown, with its path and its place.
 *
 * @throws PlasticoreError `unknown-key` or `invalid-value`
 */
export function checkJson<T>({ value, locate }: JsonText, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue =
    result.error.issues.find(({ code }) => code === 'unrecognized_keys') ?? result.error.issues[0];
  if (issue === undefined) throw new Error('a failed check without an issue');
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const isKey = issue.code === 'unrecognized_keys';
  const at = path.length === 0 ? '' : `${path.join('.')}: `;
  throw new PlasticoreError(
    isKey ? 'unknown-key' : 'invalid-value',
    `${at}${messageOf(issue, value)}`,
    locate(isKey ? [...path, issue.keys[0] ?? ''] : path),
  );
}

/** An issue's message. If the schema has no message of its own: what was expected and what was found. */
function messageOf(issue: z.core.$ZodIssue, root: unknown): string {
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message;
  const value = issue.path.reduce<unknown>(
    (container, part) =>
      typeof container === 'object' && container !== null ? Reflect.get(container, part) : undefined,
    root,
  );
  return `expected ${issue.expected === 'record' ? 'object' : issue.expected}, found ${found(value)}`;
}

/** Line and column, both from 1. */
function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Thrown at the first position where a text is not JSON. */
class Fault extends Error {}

/** Scans a JSON text to find a place: of a path, of the first fault, or of a duplicate key. */
class Scanner {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The start of the value at a path, or of its container if the value is missing. */
  find(path: Path): number {
    this.at = 0;
    this.#space();
    let nearest = this.at;
    for (const part of path) {
      if (!this.#enter(String(part))) break;
      nearest = this.at;
    }
    return nearest;
  }

  /** Describes what was expected at the first position where the text is not JSON; `at` then points there. */
  firstFault(): string {
    try {
      this.at = 0;
      this.#space();
      this.#value();
      if (this.at < this.#text.length) throw new Fault('expected the end of the text');
      return 'a fault at an unknown place';
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const next = this.#text[this.at];
      return `${error.message}, found ${next === undefined ? 'the end of the text' : JSON.stringify(next)}`;
    }
  }

  /** The first duplicate key of a valid text, and its position. */
  doubledKey(): { readonly key: string; readonly at: number } | undefined {
    let doubled: { readonly key: string; readonly at: number } | undefined;
    this.at = 0;
    this.#space();
    this.#value((key, at, keys) => {
      if (keys.has(key)) doubled ??= { key, at };
      keys.add(key);
    });
    return doubled;
  }

  /** Moves to the value of an entry of the object or list that begins here. */
  #enter(key: string): boolean {
    const opening = this.#text[this.at];
    if (opening !== '{' && opening !== '[') return false;
    this.at += 1;
    this.#space();
    for (let index = 0; !/[\]}]/.test(this.#text[this.at] ?? ']'); index++) {
      const name = opening === '{' ? this.#key() : String(index);
      if (name === key) return true;
      this.#value();
      if (this.#text[this.at] === ',') this.at += 1;
      this.#space();
    }
    return false;
  }

  #key(): string {
    const text = this.#string();
    this.#take(':', "':'");
    return text;
  }

  /**
   * Skips a value and the space after it.
   *
   * @param seen called with each key, its position, and the previous keys of its object
   */
  #value(seen?: (key: string, at: number, keys: Set<string>) => void): void {
    const opening = this.#text[this.at];
    if (opening === '{' || opening === '[') {
      const closing = opening === '{' ? '}' : ']';
      const keys = new Set<string>();
      this.at += 1;
      this.#space();
      for (let isFirst = true; this.#text[this.at] !== closing; isFirst = false) {
        if (!isFirst) this.#take(',', `',' or '${closing}'`);
        const { at } = this;
        if (opening === '{') {
          const key = this.#key();
          seen?.(key, at, keys);
        }
        this.#value(seen);
      }
      this.at += 1;
    } else if (opening === '"') {
      this.#string();
      return;
    } else {
      const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
      literal.lastIndex = this.at;
      const word = literal.exec(this.#text)?.[0];
      if (word === undefined) throw new Fault('expected a value');
      this.at += word.length;
    }
    this.#space();
  }

  #string(): string {
    const literal = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    literal.lastIndex = this.at;
    const word = literal.exec(this.#text)?.[0];
    if (word === undefined) throw new Fault('expected a string');
    const control = Array.from({ length: word.length }, (_, i) => word.charCodeAt(i)).findIndex(
      (code) => code < 0x20,
    );
    if (control >= 0) {
      this.at += control;
      throw new Fault('expected no line break or control character in a string');
    }
    this.at += word.length;
    this.#space();
    return JSON.parse(word) as string;
  }

  #take(character: string, what: string): void {
    if (this.#text[this.at] !== character) throw new Fault(`expected ${what}`);
    this.at += 1;
    this.#space();
  }

  #space(): void {
    const space = /[ \t\r\n]*/y;
    space.lastIndex = this.at;
    this.at += space.exec(this.#text)?.[0].length ?? 0;
  }
}
