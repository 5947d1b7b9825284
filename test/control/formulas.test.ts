import { expect, test } from 'vitest';
import { evaluate } from '../../src/text/index.ts';
import { controlled } from './mock.ts';

/*
 * Formulas as code against the same formulas as closures: with numbers of 32 bits, of 48, fractions and constants,
 * whose code differs.
 */

const operators = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  '&',
  '|',
  '^',
  '<<',
  '>>',
];
const logical = ['&&', '||'];
const functions = ['abs', 'ceil', 'floor', 'round', 'log2'];

/** Numbers for registers of 20 bits and of 48, with a sign each. */
const short = [0, 1, -1, 5, -7, 524_287, -524_288];
const long = [0, 3, -2, 2 ** 31, -(2 ** 31) - 1, 2 ** 32 + 5, 2 ** 47 - 1, -(2 ** 47)];

/** A number of each kind: short, long, a fraction, a constant. */
const left = ['s', 'l', 's / 3', '6'];
const right = ['t', 'm', 'm / 4', '3'];

const formulas = [
  ...[...operators, ...logical].flatMap((operator) =>
    left.flatMap((a) => right.map((b) => `(${a}) ${operator} (${b})`)),
  ),
  ...left.flatMap((a) => right.flatMap((b) => ['min', 'max'].map((name) => `${name}(${a}, ${b}, 2)`))),
  ...left.flatMap((a) => [...functions.map((name) => `${name}(${a})`), `-(${a})`, `!(${a})`]),
  ...left.flatMap((a) => right.map((b) => `s < t ? ${a} : ${b}`)),
];

test('a formula has the value in code that it has in closures', () => {
  const register = (bits: number) => ({ bits, signed: true });
  // What is no number, or too large, is told by a comparison.
  const seen = (formula: string) =>
    `abs(${formula}) < 2 ** 40 ? floor((${formula}) * 1024) : (${formula}) > 0 ? -1 : -2`;
  const chip = controlled({
    registers: { s: register(20), t: register(20), l: register(48), m: register(48) },
    records: { values: formulas.map((_, index) => `c${index}`) },
    inputs: { go: { do: [{ record: { values: formulas.map(seen) } }] } },
  });
  for (const [round, s] of short.entries())
    for (const [other, l] of long.entries()) {
      const t = short[(round + other) % short.length] ?? 0;
      const m = long[(3 * round + other + 1) % long.length] ?? 0;
      const numbers = { s, t, l, m };
      for (const [name, value] of Object.entries(numbers)) chip.write(name, 0, [value]);
      chip.send('go', []);
      const [found] = chip.takeRecords().values ?? [];
      const names = (name: string) => numbers[name as keyof typeof numbers];
      // There is one zero in a controller: 1 / -0 is as large as 1 / 0.
      const expected = formulas.map((formula) => evaluate(seen(formula), names, []) + 0);
      const wrong = formulas.flatMap((formula, index) =>
        found?.[index] === expected[index] ? [] : [[formula, numbers, expected[index], found?.[index]]],
      );
      expect(wrong).toEqual([]);
    }
});
