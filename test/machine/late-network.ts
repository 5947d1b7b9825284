import type { Program } from '../../src/program/index.ts';
import { programOf } from '../support/core.ts';

/** `a` echoes its input, and drives `b` at once and `c` late. Neuron 0 of `a` has no synapse onto the second of `b`. */
const program = (steps: number): string => `format: plasticore/program/1
name: late
steps: ${steps}
input: in
populations:
  in: {size: 4}
  a: {size: 4, fields: {v: {bits: 16}}}
  b: {size: 2, fields: {v: {bits: 16}}}
  c: {size: 2, fields: {v: {bits: 16}}}
projections:
  inToA: {from: in, to: a, initialWeights: {values: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]}}
  aToB: {from: a, to: b, initialWeights: {values: [1, 2, 3, 4, 5, 6, 7, 8]}}
  aToC: {from: a, to: c, delay: 2, initialWeights: {values: [1, 2, 3, 4, 5, 6, 7, 8]}}
microcode: {rule: rule.uc}
events:
  sample: [{clear: [a.v, b.v, c.v]}]
  tick: [{deliver: in}, {deliver: a, spikes: previous}, {run: fire, over: a}]
  spike: {in: [{run: integrate, over: inToA}]}
  previousSpike: {a: [{run: integrate, over: aToB}, {run: integrate, over: aToC}]}
readout: c.v
`;

const rules = `
kernel integrate over row
  ld    r0, post.v
  ld    r1, syn.weight
  add   r0, r0, r1
  st    r0, post.v
end
kernel fire over neurons
  ld    r0, self.v
  cmp.gt r1, r0, 0
  emit  r1
  ldi   r0, 0
  st    r0, self.v
end
`;

export const lateNetwork = (steps: number): Program => programOf(program(steps), { 'rule.uc': rules });
