import { describe, expect, it } from 'vitest';
import { type Core, createCore, engineNames } from '../../../src/engine/index.ts';
import { counts, countsOf, imageOf, loaderOn, spikeTrain, valuesOf } from '../../support/core.ts';

/*
 * `in` makes `mid` spike: input 0 its neuron 0, input 1 its neuron 1, input 2 both. `out` adds up what comes from
 * `mid`.
 */

interface Delays {
  readonly first?: string;
  readonly second?: string;
}

const program = ({ first = '', second = '' }: Delays): string => `format: plasticore/program/1
name: delays
steps: 6
input: in
populations:
  in: {size: 3, fields: {spikes: {bits: 8}}}
  mid: {size: 2, fields: {v: {bits: 16}}}
  out: {size: 2, fields: {v: {bits: 16}}}
projections:
  first: {from: in, to: mid, initialWeights: {values: [1, 0, 0, 1, 1, 1]}${first}}
  second: {from: mid, to: out, initialWeights: {values: [10, 20, 1, 2]}${second}}
  learned: {from: in, to: mid, initialWeights: {values: [0, 0, 0, 0, 0, 0]}${first}}
microcode: {rule: rule.uc}
events:
  sample: [{clear: [mid.v, out.v, in.spikes]}]
  tick: [{deliver: in}, {deliver: mid, spikes: previous}, {run: fire, over: mid}]
  spike:
    in:
      - {run: integrate, over: first}
      - {run: learn, over: learned, when: learning}
      - {run: mark, over: in}
  previousSpike: {mid: [{run: integrate, over: second}]}
readout: out.v
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
  sel   r0, r1, 0, r0
  st    r0, self.v
end
kernel mark over neuron
  ld    r0, self.spikes
  add   r0, r0, 1
  st    r0, self.spikes
end
kernel learn over row
  ld    r0, pre.spikes
  st    r0, syn.shadow
end
`;

const none: number[] = [];

describe.each(engineNames)('on the %s engine', (engineName) => {
  const engineWith = loaderOn(engineName);

  /** Spikes of `mid`, and `out.v`, after each step. */
  function follow(core: Core, spikes: readonly (readonly number[])[], learn = false) {
    core.begin({ label: 0, learn, steps: spikes.length, spikes: spikeTrain(...spikes) });
    return spikes.map(() => {
      core.step();
      return [core.spikesOf(1).join(), valuesOf(core, 'out.v').join()];
    });
  }

  const coreOf = (delays: Delays): Core => engineWith(imageOf(program(delays), rules));

  it('a spike acts so many steps later than it would without delay', () => {
    const spikes = [[1], none, [0], none, none, none];
    expect(follow(coreOf({}), spikes)).toEqual([
      ['1', '0,0'],
      ['', '1,2'],
      ['0', '1,2'],
      ['', '11,22'],
      ['', '11,22'],
      ['', '11,22'],
    ]);
    expect(follow(coreOf({ first: ', delay: 1', second: ', delay: 2' }), spikes)).toEqual([
      ['', '0,0'],
      ['1', '0,0'],
      ['', '0,0'],
      ['0', '0,0'],
      ['', '1,2'],
      ['', '1,2'],
    ]);
  });

  it('each synapse waits for its own delay', () => {
    const delays = { first: ', delay: {values: [0, 0, 0, 2, 1, 3]}' };
    expect(follow(coreOf(delays), [[0, 1, 2], none, none, none, none, none])).toEqual([
      ['0', '0,0'],
      ['0', '10,20'],
      ['1', '20,40'],
      ['1', '21,42'],
      ['', '22,44'],
      ['', '22,44'],
    ]);
  });

  it('a neuron that spikes repeatedly in a step acts once when its delay ends', () => {
    const core = coreOf({ first: ', delay: 1' });
    follow(core, [[2, 2, 2], none]);
    // Three of the input, the one that has waited, and the two neurons of `mid` that it makes spike.
    expect(core.counters().pushes).toBe(3 + 1 + 2);
    expect(valuesOf(core, 'in.spikes')).toEqual([0, 0, 3]);
  });

  it('what has not acted when a sample ends never does', () => {
    const core = coreOf({ second: ', delay: 3' });
    follow(core, [[0], [1], [2], none]);
    expect(follow(core, [none, none, none, none, none])).toEqual(
      Array.from({ length: 5 }, () => ['', '0,0']),
    );
  });

  it('a rule over a row that waits sees what it would see then', () => {
    const core = coreOf({ first: ', delay: 2' });
    // Input 0 spikes again while its first spike waits: when that acts, it has spiked three times.
    follow(core, [[0], [0], [0], none, none, none], true);
    expect(valuesOf(core, 'learned.shadow')).toEqual([3, 3, 0, 0, 0, 0]);
    const early = coreOf({ first: ', delay: 2' });
    follow(early, [[0], [0], [0]], true);
    // In step 2 itself the row is visited after its neuron has been marked a third time.
    expect(valuesOf(early, 'learned.shadow')).toEqual([3, 3, 0, 0, 0, 0]);
  });

  it('a row of flags is written in each step, and one read for each delay', () => {
    // 3 flags take one word of 16 bits, in the state bank. Delays 1 and 3 occur: two words read, one written, one a
    // cycle.
    const core = coreOf({ first: ', delay: {values: [1, 1, 1, 3, 3, 3]}' });
    follow(core, [[0], [1], [2], none]);
    expect(countsOf(core, 'keep spikes of in')).toEqual(
      counts({ runs: 4, tiles: 12, reads: [0, 0, 8], writes: [0, 0, 4] }),
    );
    const { fields, layouts } = core.image;
    const ring = fields.find(({ name }) => name === 'in.delayed');
    expect(ring).toMatchObject({ bits: 1, kind: 'flag', count: 9 });
    expect(layouts[ring?.layout ?? -1]).toMatchObject({ bank: 2, rows: 3, rowLength: 3, wordsPerRow: 1 });
    // Step 3 is in the row of step 0: nothing. Rows 1 and 2 hold inputs 1 and 2.
    expect(valuesOf(core, 'in.delayed')).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('delays of synapses are a field that is read with the weights', () => {
    const core = coreOf({ first: ', delay: {values: [1, 1, 1, 3, 3, 3]}' });
    follow(core, [[0], [1], none, none, none, none]);
    expect(valuesOf(core, 'first.delay')).toEqual([1, 1, 1, 3, 3, 3]);
    expect(core.image.fields.find(({ name }) => name === 'first.delay')).toMatchObject({ bits: 2 });
    // Both synapses of input 0 have delay 1, and the first of input 1. A row of weights takes a word, and one of
    // delays; each potential takes one.
    expect(countsOf(core, 'integrate(first, delay 1)')).toEqual(
      counts({ runs: 2, passes: 2, tiles: 2, items: 3, reads: [2, 2, 3], writes: [0, 0, 3] }),
    );
    // Input 0 has no synapse of delay 3: its row is looked up, and not visited.
    expect(countsOf(core, 'integrate(first, delay 3)')).toEqual(
      counts({
        runs: 2,
        passes: 1,
        closedRows: 1,
        closedTiles: 1,
        tiles: 1,
        items: 1,
        reads: [1, 1, 1],
        writes: [0, 0, 1],
      }),
    );
  });

  it('either engine goes on from the other while spikes wait', () => {
    const spikes = [[0], [1], [2], none, none, none];
    const delays = { first: ', delay: 2', second: ', delay: {values: [0, 1, 2, 0]}' };
    const expected = follow(coreOf(delays), spikes);
    for (const other of engineNames) {
      for (let steps = 0; steps < 6; steps++) {
        const core = coreOf(delays);
        core.begin({ label: 0, learn: false, steps: 6, spikes: spikeTrain(...spikes) });
        for (let step = 0; step < steps; step++) core.step();
        const next = createCore(core.image, { engine: other });
        next.resume(structuredClone(core.checkpoint()));
        const rest = expected.slice(steps).map(() => {
          next.step();
          return [next.spikesOf(1).join(), valuesOf(next, 'out.v').join()];
        });
        expect(rest).toEqual(expected.slice(steps));
      }
    }
  });
});
