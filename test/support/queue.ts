import { edit } from '../hardware/tiny.ts';
import { roundCore } from './core.ts';

/**
 * A program that shows in which order its FIFO served events: every neuron of `a` spikes in each step, and each spike
 * served appends a digit, its number from 1, to `b.log`, in base 8.
 */
export const queueProgram = `format: plasticore/program/1
name: queue
steps: 1
input: in
populations:
  in: {size: 6}
  a: {size: 6, fields: {x: {bits: 8}}}
  b: {size: 1, fields: {log: {kind: integer, bits: 30, signed: false, overflow: wrap}}}
projections:
  fromIn: {from: in, to: b}
  fromA: {from: a, to: b}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: in}, {run: fire, over: a}, {deliver: a}]
  spike:
    in: [{run: append, over: fromIn}]
    a: [{run: append, over: fromA}]
readout: b.log
`;

export const queueRules = `
kernel append over row
  ld     r0, post.log
  shl.w  r0, r0, 3
  ld     r1, pre.index
  add.w  r0, r0, r1
  add.w  r0, r0, 1
  st     r0, post.log
end
kernel fire over neurons
  ld     r0, self.x
  add    r0, r0, 1
  st     r0, self.x
  cmp.ge r1, r0, -128
  emit   r1
end
`;

const wide = roundCore.replaceAll('wordBits: 16', 'wordBits: 32');

/** A core whose FIFO holds `depth` events, and stalls or drops when it is full. */
export const queueCore = (depth: number, whenFull: string): string =>
  edit(edit(wide, 'fifoDepth: 64', `fifoDepth: ${depth}`), 'whenFull: stall', `whenFull: ${whenFull}`);
