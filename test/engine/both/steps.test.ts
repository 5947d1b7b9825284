import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { edit } from '../../hardware/tiny.ts';
import { imageOf, roundCore } from '../../support/core.ts';
import { countsIn, run, start, valuesIn } from './driver.ts';

/** Two inputs onto three neurons that fire whenever an input reaches them; `heard` counts what previous spikes do. */
const recurrent = (lists: { tick: string; sample?: string; heard?: string }): string =>
  `format: plasticore/program/1
name: recurrent
steps: 4
input: in
populations:
  in: {size: 3}
  h: {size: 3, fields: {x: {kind: integer, bits: 16}, heard: {kind: integer, bits: 16}, order: {kind: integer, bits: 16}}}
projections: {in-h: {from: in, to: h}, rec: {from: h, to: h}}
microcode: {rule: rule.uc}
events:
  sample: [${lists.sample ?? ''}]
  tick: [${lists.tick}]
  spike: {in: [{run: reach, over: in-h}]}
  previousSpike: {h: [${lists.heard ?? '{run: hear, over: h}, {run: spread, over: rec}'}]}
readout: h.x
`;

/** Input i lets neuron i fire: pre-synaptic and post-synaptic position agree. */
const rules = `kernel reach over row
  ld     r0, pre.index
  ld     r1, post.index
  cmp.eq r2, r0, r1
  ldi    r3, 0
  ldi    r4, 1
  sel    r2, r2, r4, r3
  ld     r3, post.x
  add.s  r3, r3, r2
  st     r3, post.x
end
kernel fire over neurons
  ld   r0, self.x
  emit r0
  ldi  r1, 0
  st   r1, self.x
end
kernel hear over neuron
  ld    r0, self.heard
  add.s r0, r0, 1
  st    r0, self.heard
end
kernel spread over row
  ld    r0, post.order
  ld    r1, pre.index
  shl.w r0, r0, 2
  add.w r0, r0, r1
  st    r0, post.order
end`;

const tick = '{deliver: in}, {run: fire, over: h}, {deliver: h, spikes: previous}';

describe.each(engineNames)('the %s engine', (name) => {
  it('delivers the spikes of the step before, in the order of the neurons, each neuron once', () => {
    const engine = start(name, imageOf(recurrent({ tick }), rules));
    run(engine, [[2, 0], [1], [], []]);
    // Step 1 hears neurons 0 and 2, step 2 neuron 1, step 3 nothing.
    expect(valuesIn(engine, 'h.heard')).toEqual([1, 1, 1]);
    // 0, then 2, then 1: 0 x 16 + 2 x 4 + 1
    expect(valuesIn(engine, 'h.order')).toEqual([9, 9, 9]);
    // Three inputs, three spikes, three of the previous step.
    expect(engine.counters()).toMatchObject({ pushes: 9, pops: 9, stalls: 0, spikes: [3, 3] });
    expect(countsIn(engine, 'hear(h)').runs).toBe(3);
  });

  it('hears a neuron once that spiked several times', () => {
    const image = imageOf(
      recurrent({ tick: '{run: again, over: h}, {run: again, over: h}, {deliver: h, spikes: previous}' }),
      `${rules}
kernel again over neurons
  ldi  r0, 1
  emit r0
end`,
    );
    const engine = start(name, image);
    run(engine, [[], []]);
    expect(engine.counters()).toMatchObject({ spikes: [0, 12], pushes: 15 });
    expect(valuesIn(engine, 'h.heard')).toEqual([1, 1, 1]);
  });

  it('forgets at the start of a sample which neurons spiked at the end of the last', () => {
    const sample = '{deliver: h, spikes: previous}';
    const engine = start(name, imageOf(recurrent({ tick, sample }), rules));
    run(engine, [[0], [1]]);
    expect(valuesIn(engine, 'h.heard')).toEqual([1, 0, 0]);
    run(engine, [[], []]);
    expect(valuesIn(engine, 'h.heard')).toEqual([1, 0, 0]);
  });

  it('hears in the first step what spiked while the sample began', () => {
    const sample = '{run: all, over: h}';
    const all = `${rules}
kernel all over neurons
  ldi  r0, 1
  emit r0
end`;
    const engine = start(name, imageOf(recurrent({ tick, sample }), all));
    run(engine, [[]]);
    expect(valuesIn(engine, 'h.heard')).toEqual([1, 1, 1]);
  });

  it('has no input spikes while a sample begins', () => {
    const engine = start(name, imageOf(recurrent({ tick, sample: '{deliver: in}' }), rules));
    for (let sample = 0; sample < 2; sample++) run(engine, [[0, 1]]);
    expect(engine.counters().spikes).toEqual([4, 4]);
  });

  it('waits where the FIFO is full for the spikes of the previous step, which may spike in their turn', () => {
    const chain = `${rules}
kernel echo over neuron
  ldi  r0, 1
  emit r0
end`;
    const core = edit(edit(roundCore, 'fifoDepth: 64', 'fifoDepth: 2'), 'whenFull: stall', 'whenFull: drop');
    const image = imageOf(
      recurrent({
        tick: '{deliver: in}, {run: fire, over: h}, {deliver: h, spikes: previous}',
        heard: '{run: echo, over: h}',
      }),
      chain,
      core,
    );
    const engine = start(name, image);
    run(engine, [[0, 1, 2], []]);
    // Step 0: three inputs through two places (one stall), three spikes of which two find a place.
    // Step 1: 0' and 1' are pushed; 2' waits, 0' is served and its echo pushed, 1' served and echo pushed, echo 0
    // served; then 2' takes the place, echo 1 is served, 2' is served and its echo is.
    const { pushes, pops, drops, stalls, spikes } = engine.counters();
    expect({ pushes, pops, drops, stalls, spikes }).toEqual({
      pushes: 3 + 2 + 3 + 3,
      pops: 3 + 2 + 3 + 3,
      drops: 1,
      stalls: 1 + 3,
      spikes: [3, 6],
    });
  });

  it('runs a sample of fewer steps than the image, whose last steps are its own', () => {
    const last = '{do: [{run: hear-all, over: h}], last: 2}';
    const image = imageOf(
      recurrent({ tick: `${tick}, ${last}` }),
      `${rules}
kernel hear-all over neurons
  ld    r0, self.order
  ld    r1, host.step
  shl.w r0, r0, 2
  add.w r0, r0, r1
  add.w r0, r0, 1
  st    r0, self.order
end`,
    );
    const engine = start(name, image);
    run(engine, [[], [], []]);
    // Steps 1 and 2: (1 + 1) x 4 + (2 + 1)
    expect(valuesIn(engine, 'h.order')).toEqual([11, 11, 11]);
    expect(engine.counters()).toMatchObject({ samples: 1, steps: 3 });
  });

  it.each([[[]], [[[], [], [], [], []]]])('refuses a sample of %j', (spikes) => {
    const engine = start(name, imageOf(recurrent({ tick }), rules));
    expect(() => run(engine, spikes)).toThrowError(
      `expected a sample of 1 to 4 steps, found ${spikes.length}`,
    );
  });
});
