/** Ways to damage a file: flipped bytes, parts that are lost, duplicated or exchanged, changed words. */

/** A source of numbers below a bound; the same seed gives the same numbers. */
export class Dice {
  #word: number;

  constructor(...seed: readonly number[]) {
    this.#word = seed.reduce((word, part) => Math.imul(word ^ part, 0x9e3779b1) + 0x7f4a7c15, 1) >>> 0;
    for (let turn = 0; turn < 8; turn++) this.below(2);
  }

  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number {
    // xorshift32: G. Marsaglia, Journal of Statistical Software 8(14), 2003.
    this.#word ^= this.#word << 13;
    this.#word ^= this.#word >>> 17;
    this.#word ^= this.#word << 5;
    if (this.#word === 0) this.#word = 1;
    return (this.#word >>> 0) % Math.max(1, bound);
  }

  of<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
}

type Damage = (bytes: Uint8Array, dice: Dice) => Uint8Array;

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A part of up to `most` bytes: where it begins and ends. */
function range(bytes: Uint8Array, dice: Dice, most: number): [number, number] {
  const start = dice.below(bytes.length);
  return [start, Math.min(bytes.length, start + 1 + dice.below(most))];
}

const flip: Damage = (bytes, dice) => {
  const damaged = bytes.slice();
  for (let count = 1 + dice.below(4); count > 0; count--) {
    const at = dice.below(bytes.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << dice.below(8));
  }
  return damaged;
};

const overwrite: Damage = (bytes, dice) => {
  const [start, end] = range(bytes, dice, 16);
  const damaged = bytes.slice();
  const value = dice.of([0, 0xff, 0x7f, 0x80, 1]);
  damaged.fill(value, start, end);
  return damaged;
};

const cut: Damage = (bytes, dice) => bytes.slice(0, dice.below(bytes.length));

const lose: Damage = (bytes, dice) => {
  const [start, end] = range(bytes, dice, Math.min(400, bytes.length));
  return joined(bytes.subarray(0, start), bytes.subarray(end));
};

const double: Damage = (bytes, dice) => {
  const [start, end] = range(bytes, dice, Math.min(400, bytes.length));
  return joined(bytes.subarray(0, end), bytes.subarray(start));
};

const append: Damage = (bytes, dice) =>
  joined(
    bytes,
    Uint8Array.from({ length: 1 + dice.below(64) }, () => dice.below(256)),
  );

export const byteDamages: readonly [Damage, ...Damage[]] = [flip, flip, overwrite, cut, lose, double, append];

/** A damage of the words of a text. */
function ofWords(
  pattern: RegExp,
  change: (word: string, dice: Dice, words: readonly string[]) => string,
): Damage {
  return (bytes, dice) => {
    const text = new TextDecoder().decode(bytes);
    const found = [...text.matchAll(pattern)];
    const [first, ...others] = found;
    if (first === undefined) return cut(bytes, dice);
    const chosen = dice.of([first, ...others]);
    const words = found.map(([word]) => word);
    const at = chosen.index;
    const changed = change(chosen[0], dice, words);
    return new TextEncoder().encode(text.slice(0, at) + changed + text.slice(at + chosen[0].length));
  };
}

const numbers = [
  ...['0', '-1', '1', '2', '0.5', '-0', '255', '256', '65536', '2147483648', '4294967296', '1000000000000'],
  ...['9007199254740993', '1e300', '1e-300', '.nan', '.inf', 'null', '"7"', '[]', '{}', "'x'"],
];
const words = [
  ...[
    'null',
    'true',
    '~',
    '[]',
    '{}',
    '__proto__',
    'constructor',
    'toString',
    'length',
    '""',
    '*x',
    '&x',
    '!!int',
  ],
  ...['- ', '? ', '| ', '> ', '#', '%', '\t', '\n', ':', ',', '$x', '../x', '/', '[[[[', '}}'],
];
const asChoice = (items: readonly string[]): [string, ...string[]] => [items[0] ?? '', ...items.slice(1)];

const changeNumber = ofWords(/-?\d+(?:\.\d+)?/g, (_, dice) => dice.of(asChoice(numbers)));
const changeWord = ofWords(/[A-Za-z_][\w.-]*/g, (_, dice) => dice.of(asChoice(words)));
const exchangeWord = ofWords(/[\w.#-]+/g, (_, dice, all) => dice.of(asChoice(all)));
const loseLine = ofWords(/^.*\n/gm, () => '');
const doubleLine = ofWords(/^.*\n/gm, (line) => line + line);
const indentLine = ofWords(/^.*\n/gm, (line, dice) => `${' '.repeat(1 + dice.below(3))}${line}`);
const exchangeLine = ofWords(/^.*\n/gm, (_, dice, all) => dice.of(asChoice(all)));
const changeSign = ofWords(/[[\]{}:,"'=()+*/<>|&-]/g, (_, dice, all) => dice.of(asChoice(all)));

export const textDamages: readonly [Damage, ...Damage[]] = [
  changeNumber,
  changeNumber,
  changeNumber,
  changeWord,
  exchangeWord,
  exchangeWord,
  loseLine,
  doubleLine,
  indentLine,
  exchangeLine,
  changeSign,
  ...byteDamages,
];
