import { randomState } from '../engine/random/state.ts';
import { imageOf, roundCore } from '../support/core.ts';

export const core = roundCore.replaceAll('bitMask: false', 'bitMask: true').replace('fillCycles: 3, ', '');

const rules = `kernel decay over neurons
  ld  r0, self.v
  sra r1, r0, #shift
  sub r0, r0, r1
  st  r0, self.v
end
kernel count over row
  ld    r0, syn.weight
  ld    r1, post.v
  add.w r1, r1, r0
  st    r1, post.v
end
`;

/** Two populations behind an input of four neurons: six neurons, and five, whose fields have so many bits. */
export function compiled(bits: number) {
  const program = `format: plasticore/program/1
name: alike
steps: 3
populations:
  a: {size: 4, fields: {}}
  six: {size: 6, fields: {v: {bits: 16}}}
  five: {size: 5, fields: {v: {bits: ${bits}}}}
input: a
projections:
  long: {from: a, to: six, initialWeights: {uniform: 0}}
  short: {from: a, to: five, initialWeights: {uniform: 0}}
microcode: {rule: rule.uc}
events:
  tick:
    - {run: decay, over: six, with: {shift: 1}}
    - {deliver: a}
    - {run: decay, over: five, with: {shift: 2}}
  spike: {a: [{run: count, over: long}, {run: count, over: short}]}
readout: six.v
`;
  const image = imageOf(program, rules, core);
  return { ...image, contents: [...randomState(image, 1).banks] };
}
