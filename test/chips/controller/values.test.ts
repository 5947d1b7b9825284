import { expect, test } from 'vitest';
import { DataController } from '../../../src/chips/index.ts';
import { createCore, engineNames } from '../../../src/engine/index.ts';
import { price } from '../../../src/image/index.ts';
import { at } from '../../../src/text/index.ts';
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

test.each(engineNames)('a step lasts as long as the core takes, on the %s engine', (engine) => {
  const own = core.replace('cycles: 2', 'cycles: took').replace('          items: 6\n', '');
  const chip = new DataController([createCore(imageOf(program, microcode, own), { engine })]);
  chip.send('send', [1]);
  // A run takes 1 cycle, its pipeline 3 to fill; each of two tiles reads two words of two 8-bit numbers.
  expect(chip.cycle).toBe(1 + 3 + 2 * 2);
  chip.send('send', [1]);
  expect(chip.counters().cycles).toBe(16);
  const { costs } = at(chip.cores, 0).image;
  // All cycles of the controller are those of the kernel, and last 10 ns each.
  expect(price(chip.counters(), costs)).toMatchObject({ cycles: 16, workCycles: [16], latencyNs: 160 });
});
