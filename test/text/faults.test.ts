import { expect, test } from 'vitest';
import { Faults, PlasticoreError } from '../../src/text/index.ts';
import { failure } from '../hardware/tiny.ts';

const at = (file: string, line: number, message: string, hint?: string): PlasticoreError =>
  new PlasticoreError('microcode', message, { file, line, column: 1, hint });

function joint(...found: readonly PlasticoreError[]): PlasticoreError {
  const faults = new Faults();
  for (const fault of found) faults.add(fault);
  return failure(() => faults.throwIfAny());
}

test('faults are given file by file, from the top of each to the bottom, each with its hint', () => {
  const error = joint(at('b.uc', 9, 'last'), at('b.uc', 2, 'first', 'mend it'), at('a.uc', 1, 'elsewhere'));
  expect(error.describe()).toBe('b.uc:2:1: first\n  mend it\nb.uc:9:1: last\na.uc:1:1: elsewhere');
  expect(error.message).toBe('first');
  expect(error.others.map(({ line }) => line)).toEqual([9, 1]);
});

test('of the faults at one place in microcode, the first is kept', () => {
  expect(joint(at('a.uc', 3, 'over one projection'), at('a.uc', 3, 'over the other')).others).toEqual([]);
});

test('an error that holds several is kept whole, and parts that have none give their results', () => {
  const faults = new Faults();
  expect(faults.attempt(() => 5)).toBe(5);
  faults.attempt(() => {
    throw joint(at('a.uc', 1, 'one'), at('a.uc', 2, 'two'));
  });
  expect(failure(() => faults.complete(5)).describe()).toBe('a.uc:1:1: one\na.uc:2:1: two');
  expect(new Faults().complete(5)).toBe(5);
  expect(() =>
    new Faults().attempt(() => {
      throw new Error('no fault of a text');
    }),
  ).toThrow('no fault of a text');
});

test('twenty faults are described, and the number of the others', () => {
  const error = joint(...Array.from({ length: 23 }, (_, index) => at('a.uc', index + 1, 'wrong')));
  expect(error.describe().split('\n').slice(-2)).toEqual(['a.uc:20:1: wrong', '3 more faults']);
});

test('an error keeps its other faults between threads and at another place', () => {
  const error = joint(at('a.uc', 1, 'one'), at('a.uc', 2, 'two'));
  expect(PlasticoreError.of(structuredClone(error.parts)).describe()).toBe(error.describe());
  expect(error.at({ file: 'run 1' }).describe()).toBe('run 1: one\na.uc:2:1: two');
});

test('a long line is cut between characters', () => {
  // Each is two units of UTF-16; one letter before them would let a cut at 300 units tear one.
  const { message } = new PlasticoreError('data', `a${'\u{1F9E0}'.repeat(700)}`);
  expect(message).toBe(`a${'\u{1F9E0}'.repeat(299)} ... (201 characters) ... ${'\u{1F9E0}'.repeat(200)}`);
  const short = '\u{1F9E0}'.repeat(600);
  expect(new PlasticoreError('data', short).message).toBe(short);
});
