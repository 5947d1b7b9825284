import { expect, test } from 'vitest';
import { smallProgram, smallRules } from '../compiler/small.ts';
import { edit, failure } from '../hardware/tiny.ts';
import { programOf } from '../support/core.ts';

const faultsOf = (rules: string, program = smallProgram): string[] => {
  const error = failure(() => programOf(program, { 'rule.uc': rules }));
  return [error, ...error.others].map(({ line, message }) => `${line}: ${message}`);
};

test('a rule with a line that is none is told its wrong names, too, by the uses of its kernel', () => {
  const rules = edit(smallRules, 'mul    r2, r0, r1', 'div    r2, r0, r1')
    .replace('ld     r0, pre.trace', 'ld     r0, pre.trail')
    .replace('#amount', '#amout')
    .replace('st     r3, syn.shadow', 'st     r3, syn.gradient');
  expect(faultsOf(rules)).toEqual([
    "16: pre.trail: 'in' has no field 'trail'",
    "18: there is no operation 'div'",
    "19: parameter '#amout' is not defined: neither by 'with' nor by program 'small'",
    "22: syn.gradient: 'p' has no field 'gradient'",
  ]);
});

test('and nothing else: names that are there, of the index, the host, weights and delays', () => {
  const lines = ['ld r4, pre.index', 'ld r5, host.label', 'ld r6, syn.weight', 'ld r7, syn.delay', 'frob r1'];
  const rules = edit(smallRules, '  mul    r2, r0, r1\n', `  mul    r2, r0, r1\n  ${lines.join('\n  ')}\n`);
  const delayed = edit(smallProgram, '  p:\n', '  p:\n    delay: {uniform: [0, 2]}\n');
  expect(faultsOf(rules, delayed)).toEqual(["23: there is no operation 'frob'"]);
});
