import type { z } from 'zod';
import { found, type Path, type Place, PlasticoreError } from '../text/index.ts';

/** A JSON text's value and its places. */
export interface JsonText {
  readonly value: unknown;
  readonly file: string;
  /** The place of the value at a path, or of the nearest that is there. */
  locate(path: Path): Place;
}

/**
 * Parses a JSON text.
 *
 * @throws PlasticoreError `syntax` with the place
 */
export function parseJson(text: string, file: string): JsonText {
  const locate = (path: Path): Place => ({ file, ...lineAndColumn(text, new Scanner(text).find(path)) });
  try {
    return { value: JSON.parse(text) as unknown, file, locate };
  } catch {
    const scanner = new Scanner(text);
    const expected = scanner.firstFault();
    throw new PlasticoreError('syntax', `not valid JSON: ${expected}`, {
      file,
      ...lineAndColumn(text, scanner.at),
    });
  }
}

/**
 * Checks a JSON value against a schema. The first fault that lies deepest is thrown, with its path and its place.
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

/** An issue's message; where a schema has none of its own, what was expected and found. */
function messageOf(issue: z.core.$ZodIssue, root: unknown): string {
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message;
  const value = issue.path.reduce<unknown>(
    (container, part) =>
      typeof container === 'object' && container !== null ? Reflect.get(container, part) : undefined,
    root,
  );
  return `expected ${issue.expected === 'record' ? 'object' : issue.expected}, found ${found(value)}`;
}

/** Lines and columns from 1. */
function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** The deepest nesting through which a text is followed; traces have less than ten levels. */
const mostLevels = 100;

/** Thrown where a text stops being JSON. */
class Fault extends Error {}

/** Walks over a JSON text for the sake of a message: to a path, or to the first fault. */
class Scanner {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the value at a path begins; of its container, where it is not there. */
  find(path: Path): number {
    this.at = 0;
    this.#space();
    let nearest = this.at;
    try {
      for (const part of path) {
        if (!this.#enter(String(part))) break;
        nearest = this.at;
      }
    } catch (error) {
      // Nested too deep beside the path.
      if (!(error instanceof Fault)) throw error;
    }
    return nearest;
  }

  /** What is expected where the text is no JSON; `at` is then there. */
  firstFault(): string {
    try {
      this.at = 0;
      this.#space();
      this.#value();
      if (this.at < this.#text.length) throw new Fault('expected the end of the text');
      return 'a fault of no known place';
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const next = this.#text[this.at];
      return `${error.message}, found ${next === undefined ? 'the end of the text' : JSON.stringify(next)}`;
    }
  }

  /** Goes to the value of an entry of the object or list that begins here. */
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

  /** Passes over a value and the space behind it. */
  #value(level = 1): void {
    const opening = this.#text[this.at];
    if (opening === '{' || opening === '[') {
      if (level > mostLevels) throw new Fault(`expected at most ${mostLevels} levels of brackets`);
      const closing = opening === '{' ? '}' : ']';
      this.at += 1;
      this.#space();
      for (let isFirst = true; this.#text[this.at] !== closing; isFirst = false) {
        if (!isFirst) this.#take(',', `',' or '${closing}'`);
        if (opening === '{') this.#key();
        this.#value(level + 1);
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
