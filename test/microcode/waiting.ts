import type { HwModel } from '../../src/hardware/index.ts';
import { sentFrom } from '../../src/image/index.ts';
import { at } from '../../src/text/index.ts';
import { imageOf } from '../support/core.ts';
import type { ProgramRun } from './bench.ts';

const rules = `kernel call over neurons
  ld    r0, self.index
  and   r0, r0, 63
  ldi   r1, 1
  emit  r1, r0
end
kernel note over neuron
  ld    r0, ev.value
  ld    r1, self.u
  add.w r1, r1, r0
  st    r1, self.u
end
kernel take over neuron
  ld    r0, ev.value
  ld    r1, self.v
  add.w r1, r1, r0
  st    r1, self.v
end
`;

/**
 * A spike of the input runs a kernel that asks for more room than a FIFO of 64 has, then one that takes the value of
 * that spike. Before it, spikes with other values are served, which add their values to their neurons. If a step has a
 * second spike of the input, its kernel has to wait while the first one waits.
 */
export function waitingRun(hw: HwModel, hasSecond = false): ProgramRun {
  const program = `format: plasticore/program/1
name: waiting
steps: 2
populations:
  a: {size: 3, payload: {kind: integer, bits: 8, signed: true}, fields: {u: {kind: integer, bits: 16, overflow: wrap}}}
  n: {size: 150, payload: {kind: integer, bits: 8, signed: true}, fields: {v: {kind: integer, bits: 16, overflow: wrap}}}
input: a
microcode: {rule: rule.uc}
events:
  tick: [{deliver: a}]
  spike: {a: [{run: call, over: n}, {run: note, over: a}], n: [{run: take, over: n}]}
readout: n.v
`;
  const image = imageOf(program, rules, hw, { precision: 'mp8-8', seed: 1 });
  const input = at(image.populations, image.input);
  const second = hasSecond ? [sentFrom(input, 2, 5)] : [];
  const inputs = [[sentFrom(input, 1, 27), ...second], [sentFrom(input, 2, -80)]];
  return { image, samples: [{ interval: 0, learn: true, label: 0, inputs }] };
}
