import { expect, test } from 'vitest';
import { failureOf } from '../support/errors.ts';
import { load, tiny } from './tiny.ts';

const generator = (recurrence: string): string =>
  `${tiny}generators:\n  draws: {recurrence: ${recurrence}, bitsPerAdvance: 32, wordBits: 16, lanes: 1}\n`;

test('the two distances of a recurrence differ, and ascend', () => {
  expect(load(generator('[3, 25]')).generators).toHaveLength(1);
  for (const wrong of ['[3, 3]', '[25, 3]'])
    expect(failureOf(() => load(generator(wrong))).message).toBe(
      `generators.draws.recurrence: expected a before b, found ${wrong}`,
    );
});
