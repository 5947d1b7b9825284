import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { edit, failure } from '../../hardware/tiny.ts';
import { imageOf, roundCore } from '../../support/core.ts';
import { run, start } from './driver.ts';

/** `a` and `b` make each other spike. */
const program = (spike: string): string => `format: plasticore/program/1
name: loop
steps: 2
input: in
populations: {in: {size: 100}, a: {size: 3, fields: {x: {bits: 8}}}, b: {size: 5}}
projections: {in-a: {from: in, to: a}, a-b: {from: a, to: b}, b-a: {from: b, to: a}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {${spike}}}
readout: a.x
`;

const microcode = `kernel pass over row
  ld     r0, post.index
  cmp.ge r1, r0, 0
  emit   r1
end
kernel passAlways over row
  ldi  r1, 3
  emit r1
end
kernel late over row
  ld     r0, pre.index
  cmp.lt r1, r0, 2
  emit   r1
end`;

const core = (whenFull: string, depth = 4): string =>
  edit(edit(roundCore, 'fifoDepth: 64', `fifoDepth: ${depth}`), 'whenFull: stall', `whenFull: ${whenFull}`);

const around = (name: string): string =>
  program(`in: [{run: ${name}, over: in-a}], a: [{run: ${name}, over: a-b}], b: [{run: ${name}, over: b-a}]`);

describe('a loop of spikes that is certain', () => {
  it('is refused when it is compiled, with its populations', () => {
    const error = failure(() => imageOf(around('passAlways'), microcode, core('drop')));
    expect(error.code).toBe('fit');
    expect(error.message).toBe(
      "a step would never end: every spike of 'a' makes one of 'b' makes one of 'a' again",
    );
    expect(error.file).toBe('net.yaml');
  });

  it('is allowed where something on the way may not happen', () => {
    const conditional = around('passAlways').replace('over: b-a}', 'over: b-a, from: 1}');
    expect(imageOf(conditional, microcode, core('drop'))).toBeDefined();
  });
});

describe.each(engineNames)('the %s engine', (name) => {
  it('ends a loop of spikes that does not end', () => {
    const engine = start(name, imageOf(around('pass'), microcode, core('drop')));
    const error = failure(() => run(engine, [[0]]));
    expect(error.code).toBe('run');
    // 8 neurons spike: the first multiple of 8 that is not below 2^18.
    expect(error.message).toBe(
      "a step has emitted 262144 spikes and does not end: spikes of 'a' make spikes of 'b' make spikes of 'a'",
    );
    // The core goes on with the next sample.
    run(engine, [[]]);
    expect(engine.counters().steps).toBe(2);
  });

  it('lets a loop end by itself', () => {
    const engine = start(name, imageOf(around('late'), microcode, core('drop', 64)));
    run(engine, [[2]]);
    expect(engine.counters().spikes).toEqual([1, 0, 0]);
  });

  it('bounds how many kernels wait for a full FIFO at once', () => {
    const nested = program('in: [{run: pass, over: in-a}]');
    const inputs = [...Array(100).keys()];
    const deep = start(name, imageOf(nested, microcode, core('stall', 100)));
    const error = failure(() => run(deep, [inputs]));
    expect(error.code).toBe('run');
    expect(error.message).toBe(
      "more than 64 kernels, run by spikes of 'in', wait to emit into the full FIFO of 100 events",
    );
    run(deep, [[0]]);
    const shallow = start(name, imageOf(nested, microcode, core('stall', 60)));
    run(shallow, [inputs]);
    expect(shallow.counters().spikes).toEqual([100, 300, 0]);
  });
});
