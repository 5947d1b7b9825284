import { describe, expect, it } from 'vitest';
import { type Core, engineNames, predict, runSample } from '../../../src/engine/index.ts';
import type { HwModel } from '../../../src/hardware/index.ts';
import { imageOf, loaderOn, roundCore, spikeTrain, valuesOf } from '../../support/core.ts';
import { expectError } from '../../support/errors.ts';
import { handCore, handEngine as loadHand, runHandSample } from './hand-network.ts';

describe.each(engineNames)('on the %s engine', (engineName) => {
  const engineWith = loaderOn(engineName);
  const handEngine = (hw: HwModel): Core => loadHand(hw, engineName);

  const run = (engine: Core): void => runSample(engine, spikeTrain([]), { label: 0, learn: true });

  describe('the state of a core', () => {
    it('saved and restored gives the same continuation', () => {
      const straight = handEngine(handCore());
      for (let sample = 0; sample < 3; sample++) runHandSample(straight);

      const first = handEngine(handCore());
      runHandSample(first);
      const saved = first.save();
      const resumed = handEngine(handCore());
      runHandSample(resumed);
      runHandSample(resumed); // another state, which the restored one replaces
      resumed.restore(saved);
      runHandSample(resumed);
      runHandSample(resumed);
      expect(resumed.save()).toEqual(straight.save());
    });

    it('saved is a copy', () => {
      const engine = handEngine(handCore());
      const before = engine.save();
      const copy = structuredClone(before);
      runHandSample(engine);
      expect(before).toEqual(copy);
      engine.restore(before);
      runHandSample(engine);
      expect(before).toEqual(copy);
    });

    it('is the same in two runs, and so are the counters', () => {
      const [one, other] = [handEngine(handCore()), handEngine(handCore())];
      for (let sample = 0; sample < 4; sample++) for (const engine of [one, other]) runHandSample(engine);
      expect(other.save()).toEqual(one.save());
      expect(other.counters()).toEqual(one.counters());
    });

    it('does not share counters with earlier snapshots, and resets them on request', () => {
      const engine = handEngine(handCore());
      runHandSample(engine);
      const given = engine.counters();
      const state = engine.save();
      engine.resetCounters();
      expect(engine.save()).toEqual(state);
      expect(engine.counters()).toEqual(handEngine(handCore()).counters());
      engine.restore(handEngine(handCore()).save());
      runHandSample(engine);
      expect(engine.counters()).toEqual(given);
    });

    it.each([
      [spikeTrain(), 0],
      [spikeTrain([0], [1], [0]), 3],
    ])('takes spikes of at least one step and at most as many as the program has: %#', (spikes, found) => {
      const engine = handEngine(handCore());
      expectError(
        () => runSample(engine, spikes, { label: 0, learn: true }),
        'data',
        `expected a sample of 1 to 2 steps, found ${found}`,
      );
    });
  });

  describe('scheduled parameters', () => {
    const program = `format: plasticore/program/1
name: schedule
steps: 1
parameters:
  rate: {value: 1, add: {2: 3, 5: -2}}
  twice: 2 * rate
  fixed: 10
input: p
populations:
  p: {size: 5, fields: {x: {bits: 16}, y: {bits: 16}}}
microcode: {rule: rule.uc}
events:
  tick:
    - {run: put, over: p, with: {a: twice + fixed}}
    - {run: put, over: p, with: {a: 100 * rate}, when: learning}
readout: p.x
`;
    const microcode = `
kernel put over neurons
  ld   r0, self.x
  add  r0, r0, #a
  st   r0, self.x
  ldi  r1, #rate
  st   r1, self.y
end
`;

    it.each([
      // epoch, rate: 1, from epoch 2 on 4, from epoch 5 on 2
      [0, 1],
      [1, 1],
      [2, 4],
      [4, 4],
      [5, 2],
      [99, 2],
    ])('have in epoch %i the value %i', (epoch, rate) => {
      const engine = engineWith(imageOf(program, microcode));
      engine.setEpoch(epoch);
      run(engine);
      // Both uses of the kernel, each with its own schedule: 2 rate + 10, then 100 rate.
      expect(valuesOf(engine, 'p.x')).toEqual(new Array(5).fill(2 * rate + 10 + 100 * rate));
      expect(valuesOf(engine, 'p.y')).toEqual(new Array(5).fill(rate));
    });

    it('start with epoch 0, and follow the epoch back and forth', () => {
      const engine = engineWith(imageOf(program, microcode));
      run(engine);
      expect(valuesOf(engine, 'p.y')[0]).toBe(1);
      engine.setEpoch(7);
      run(engine);
      expect(valuesOf(engine, 'p.y')[0]).toBe(2);
      engine.setEpoch(3);
      run(engine);
      expect(valuesOf(engine, 'p.y')[0]).toBe(4);
    });
  });

  describe('the answer', () => {
    it('is the first of the largest', () => {
      const program = `format: plasticore/program/1
name: answer
steps: 1
input: p
populations:
  p: {size: 5, fields: {x: {bits: 8}}}
microcode: {}
events: {tick: []}
readout: p.x
`;
      // -1, -3 | -1, -5 | -9
      expect(predict(engineWith(imageOf(program, ''), { state: [0xfdff, 0xfbff, 0x00f7] }))).toBe(0);
      // -3, 7 | 7, 0 | 6
      expect(predict(engineWith(imageOf(program, '', roundCore), { state: [0x07fd, 0x0007, 0x0006] }))).toBe(
        1,
      );
    });
  });
});
