import { expect, test } from 'vitest';
import { DataController } from '../../../src/chips/index.ts';
import { createCore, engineNames } from '../../../src/engine/index.ts';
import { imageOf, roundCore } from '../../support/core.ts';

const program = `format: plasticore/program/1
name: senders
populations:
  a:
    size: 6
    payload: {kind: integer, bits: 5, signed: true}
    fields: {v: {kind: integer, bits: 8}}
events:
  scalars: {w: {bits: 6, signed: true}}
  on: {send: [{run: send, over: a}]}
microcode: {rule: rule.uc}
`;

const microcode = `kernel send over neurons
  ld r0, self.v
  ld r1, ev.w
  add r2, r0, r1
  cmp.ne r3, r2, 0
  emit r3, r2
end`;

const core = `${roundCore}
controller:
  records: {spikes: [cycle, neuron, value]}
  inputs:
    send:
      takes: {w: {bits: 6, signed: true}}
      do:
        - run: send
          with: {w: w}
          items: 6
          cycles: 2
          spikes: [{record: {spikes: [clock, spike, value]}}]
`;

test.each(engineNames)('a controller sees what spikes carry, on the %s engine', (engine) => {
  const chip = new DataController([createCore(imageOf(program, microcode, core), { engine })]);
  chip.listen();
  chip.write('a.v', 0, [-3, 0, 4, 20, -1, -20]);
  chip.send('send', [1]);
  // Values saturate at the 5 bits of a spike; a sum of 0 does not spike. Each of the six neurons takes 2 cycles.
  expect(chip.takeRecords()).toEqual({
    spikes: [
      [2, 0, -2],
      [4, 1, 1],
      [6, 2, 5],
      [8, 3, 15],
      [12, 5, -16],
    ],
  });
  expect(chip.cycle).toBe(12);
});
