import { expect, test } from 'vitest';
import { argv } from './argv.ts';

const some = ['--set', 'title=two words'];
const none: readonly string[] = [];

test.each([
  ['words', argv`run mnist-snn -o out`, ['run', 'mnist-snn', '-o', 'out']],
  [
    'several lines',
    argv`run mnist-snn
      -o out`,
    ['run', 'mnist-snn', '-o', 'out'],
  ],
  ['a value with blanks', argv`run ${'my file'} -o out`, ['run', 'my file', '-o', 'out']],
  ['values within a word', argv`--set seed=${7},${'a b'}.x`, ['--set', 'seed=7,a b.x']],
  ['an empty value', argv`run ${''}`, ['run', '']],
  ['a list first', argv`${some} --json`, ['--set', 'title=two words', '--json']],
  ['a list in the middle', argv`run ${some} --json`, ['run', '--set', 'title=two words', '--json']],
  ['a list last', argv`run ${some}`, ['run', '--set', 'title=two words']],
  ['an empty list', argv`run ${none} --json ${none}`, ['run', '--json']],
])('%s', (_, found, expected) => expect(found).toEqual(expected));
