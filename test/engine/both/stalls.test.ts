import { describe, expect, it } from 'vitest';
import { type EngineName, engineNames } from '../../../src/engine/index.ts';
import { edit, failure } from '../../hardware/tiny.ts';
import { imageOf, roundCore } from '../../support/core.ts';
import { countsIn, run, start } from './driver.ts';

/*
 * A stalled push serves the head of the FIFO while the emitting kernel is suspended. The head may be a spike that runs
 * the same kernel, so each run has its own registers and position.
 */

const shortFifo = edit(roundCore, 'fifoDepth: 64', 'fifoDepth: 2');

/** An input of even number makes the odd neurons of its row spike, one of odd number the even neurons. */
const microcode = `kernel spread over row
  ld   r0, pre.index
  ld   r1, post.index
  xor  r2, r0, r1
  and  r2, r2, 1
  emit r2
end`;

const program = (out: string, connect: string): string => `format: plasticore/program/1
name: nested
steps: 1
input: in
populations: {in: {shape: [1, 8, 1]}, out: {${out}, fields: {x: {bits: 8}}}}
projections: {p: {from: in, to: out${connect}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: spread, over: p}], out: []}}
readout: out.x
`;

const inputs = [7, 2, 5, 6, 1, 4];

describe.each(engineNames)('the %s engine, with a FIFO of two events that stalls', (name) => {
  it.each([
    // Nine neurons lie in three tiles of four lanes.
    ['a dense row', program('size: 9', ''), () => 0],
    // The row of input i is one segment, of the nine channels at its place.
    [
      'a row in segments',
      program('shape: [1, 8, 9]', ', connect: {convolution: {window: [1, 1]}}'),
      (input: number) => 9 * input,
    ],
  ])('gives each run of a kernel its own registers and place, over %s', (_, text, firstOf) => {
    const image = imageOf(text, microcode, shortFifo);
    const engine = start(name, image);
    run(engine, [inputs]);
    const rows = inputs.map((input) => {
      const row = Array.from({ length: 9 }, (_, column) => firstOf(input) + column);
      return row.filter((neuron) => (neuron ^ input) % 2 === 1);
    });
    const ascending = (a: number, b: number): number => a - b;
    expect([...engine.spikesOf(1)].sort(ascending)).toEqual(rows.flat().sort(ascending));
    const { pushes, pops, drops } = engine.counters();
    const events = inputs.length + rows.flat().length;
    expect({ pushes, pops, drops }).toEqual({ pushes: events, pops: events, drops: 0 });
    expect(countsIn(engine, 'spread(p)')).toMatchObject({ runs: 6, passes: 6, items: 54 });
  });
});

describe('more suspended kernels than there is room for', () => {
  // The FIFO is full of the input's spikes; each serves the next one at its second emission.
  const image = imageOf(program('size: 9', ''), microcode, edit(roundCore, 'fifoDepth: 64', 'fifoDepth: 80'));
  const many = Array.from({ length: 100 }, (_, at) => at % 8);
  const stopped = (name: EngineName) => {
    const core = start(name, image);
    return { error: failure(() => run(core, [many])), core };
  };

  it.each(engineNames)('stop the run with the populations named, on the %s engine', (name) => {
    const { error } = stopped(name);
    expect(error.code).toBe('run');
    expect(error.message).toBe(
      "more than 64 kernels, run by spikes of 'in', wait to emit into the full FIFO of 80 events",
    );
  });

  it.each(engineNames)('are forgotten where the %s engine goes on from a checkpoint', (name) => {
    const fresh = start(name, image);
    const { core } = stopped(name);
    core.resume(fresh.checkpoint());
    // 30 inputs and what they emit fill the FIFO. No sample begins, which would forget who has waited before.
    const one = { label: 0, learn: true, steps: 1 };
    for (const each of [fresh, core]) {
      each.resume({ ...each.checkpoint(), sample: one, pending: many.slice(0, 30) });
      each.finish();
    }
    expect(core.checkpoint()).toEqual(fresh.checkpoint());
    expect(core.counters().stalls).toBeGreaterThan(0);
  });

  it('leave both engines with the same counts of events', () => {
    // The reference engine counts rows and items as it visits them, the fast one those of a run when it starts.
    const [expected, found] = engineNames.map((name) => {
      const { work, spikes, ...counts } = stopped(name).core.counters();
      return { ...counts, emitted: spikes[1], runs: work.map(({ runs }) => runs) };
    });
    expect(found).toEqual(expected);
    // 80 inputs fill the FIFO; each of 64 runs serves one, and emits one spike before it has to wait.
    expect(found).toMatchObject({ pushes: 80 + 64, pops: 64, drops: 0, runs: [64] });
  });
});
