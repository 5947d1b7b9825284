import { expect, test } from 'vitest';
import { expectError } from '../../../support/errors.ts';
import { parseRule } from './rule.ts';

test('a rule is a sum of products, each with a gate, factors, mantissa and exponent', () => {
  expect(parseRule('2^-6*y0*(x1 - 3)*(y2+60) - 3*2^-3*x0 -2^1*u2*w')).toEqual([
    {
      gate: { by: 'y0' },
      factors: [
        { variable: 'x1', constant: -3 },
        { variable: 'y2', constant: 60 },
      ],
      mantissa: 1,
      exponent: -6,
    },
    { gate: { by: 'x0' }, factors: [], mantissa: -3, exponent: -3 },
    {
      gate: { by: 'epoch', exponent: 2 },
      factors: [{ variable: 'w', constant: 0 }],
      mantissa: -1,
      exponent: 1,
    },
  ]);
});

test.each([
  ['', "rule '': expected a product, such as 2^-3*x1*y0 at character 1, found its end"],
  [
    '2^-3*x1',
    "rule '2^-3*x1': expected a product with a gate (x0, y0, or u0 to u9) at character 1, found '2^-3*x1'",
  ],
  ['x0*y0', "rule 'x0*y0': expected a product with one gate at character 4, found 'y0'"],
  [
    'x0*',
    "rule 'x0*': expected a power of two, a number, x0, y0, u0, a variable, or (variable + constant) at character 4, found its end",
  ],
  ['x0 y1', "rule 'x0 y1': expected + or - between products at character 4, found 'y1'"],
  ['x0*(x1*2)', "found '(x1*2)'"],
])("'%s' is refused", (text, words) => {
  expectError(() => parseRule(text), 'data', words);
});
