import { expect, test } from 'vitest';
import { plain, table } from '../../../src/report/text/table.ts';

const head = ['bank', 'bits a word', 'words', 'what it is for'];
const rows = [
  ['weight', '128', '12 800', 'inference, and every kernel that reads a synapse'],
  ['shadow', '256', '12 800', 'learning'],
];
const drawn = (columns?: number) => table(head, rows, 'lrrl', { ...plain, columns });

test('a table is as wide as it is where no width is stated', () => {
  expect(drawn()).toBe(
    [
      'bank    bits a word   words  what it is for',
      'weight          128  12 800  inference, and every kernel that reads a synapse',
      'shadow          256  12 800  learning',
    ].join('\n'),
  );
  expect(drawn(77)).toBe(drawn());
});

// At least 6, 4, 6 and 20 characters and three gaps of 2 are 42; the text, which lacks most, gets the other 8.
test('one too wide has its heads and texts wrapped between words', () => {
  expect(drawn(50)).toBe(
    [
      'bank    bits   words  what it is for',
      '           a',
      '        word',
      'weight   128  12 800  inference, and every kernel',
      '                      that reads a synapse',
      'shadow   256  12 800  learning',
    ].join('\n'),
  );
});

test('what is still too wide is folded, the first column repeated', () => {
  expect(drawn(30)).toBe(
    [
      'bank    bits a word   words',
      'weight          128  12 800',
      'shadow          256  12 800',
      '',
      'bank    what it is for',
      'weight  inference, and every',
      '        kernel that reads a',
      '        synapse',
      'shadow  learning',
    ].join('\n'),
  );
  for (const columns of [1, 10, 20]) expect(drawn(columns)).toContain('synapse');
});
