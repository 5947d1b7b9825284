import { expect, test } from 'vitest';
import { assemble, checkPredicates, findVariations } from '../../src/isa/index.ts';
import { expectError } from '../support/errors.ts';

function uniform(...lines: string[]): boolean[] {
  const [kernel] = assemble(['kernel k over synapses', ...lines, 'end'].join('\n'), 'k.uc');
  checkPredicates(kernel?.body ?? []);
  return findVariations(kernel?.body ?? []).map(({ byColumn }) => byColumn === 'no');
}

test('what comes from the pre-synaptic neuron, the host and constants is one value for the whole row', () => {
  expect(
    uniform(
      'ld r0, pre.trace',
      'ld r1, host.step',
      'ldi r2, 5',
      'add r3, r0, r1',
      'clip r3, r3, #low, 7',
      'ld r4, pre.index',
    ),
  ).toEqual([true, true, true, true, true, true]);
});

test('what comes from synapse, post-synaptic neuron or a generator is not', () => {
  expect(
    uniform(
      'ld r0, syn.weight',
      'ld r1, post.v',
      'ld r2, post.index',
      'rnd r3, 8',
      'ldi r4, 5',
      'sra.sr r5, r4, 1',
    ),
  ).toEqual([false, false, false, false, true, false]);
});

test('one differing operand is enough, and a register may be overwritten', () => {
  expect(
    uniform(
      'ld r0, pre.v',
      'ld r1, post.v',
      'add r2, r0, r1',
      'mov r3, r2',
      'mov r2, r0',
      'mov r3, r2',
      'mov r0, r1',
    ),
  ).toEqual([true, false, false, false, true, true, false]);
});

test('a predicated load is uniform if its field is', () => {
  expect(uniform('ld r0, pre.box', 'ld.row r1, pre.trace, r0', 'ld.row r2, syn.weight, r1')).toEqual([
    true,
    true,
    false,
  ]);
});

test.each([
  [
    'a field of post',
    ['ld r3, post.box', 'ld.row r1, pre.trace, r3'],
    'k.uc:3:1: the predicate r3 of ld.row differs within a row',
  ],
  ['a draw', ['rnd r0, 1', 'ld.row r1, pre.trace, r0'], 'k.uc:3:1: the predicate r0'],
  [
    'a predicated load of a synapse',
    ['ldi r0, 1', 'ld.row r1, syn.box, r0', 'ld.row r2, pre.v, r1'],
    'k.uc:4:1: the predicate r1',
  ],
])('a predicate from %s is refused', (_, lines, message) => {
  expectError(
    () => uniform(...lines),
    'microcode',
    message,
    'fields of pre, host scalars, event scalars and constants only',
  );
});
