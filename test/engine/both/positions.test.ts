import { describe, expect, it } from 'vitest';
import { type Core, engineNames } from '../../../src/engine/index.ts';
import { pipelineDemand, scheduleOf } from '../../../src/schedule/index.ts';
import { load } from '../../hardware/tiny.ts';
import {
  counts,
  countsOf,
  imageOf,
  indexOfField,
  loaderOn,
  roundCore,
  spikeTrain,
  valuesOf,
} from '../../support/core.ts';

/* Two inputs, each onto six neurons: tiles of four and two, on a core whose words have 16 bits and no mask. */

const program = (list: string, distance = 0): string => `format: plasticore/program/1
name: positions
steps: 4
parameters: {distance: ${distance}}
input: in
populations:
  in: {size: 2, fields: {past: {bits: 8, positions: 4}}}
  out:
    size: 6
    fields:
      v: {kind: integer, bits: 16}
      kept: {kind: integer, bits: 8, overflow: wrap, positions: 3}
      open: {kind: flag, positions: steps}
projections:
  p: {from: in, to: out, initialWeights: {uniform: 0}}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: in}${list}]
  spike: {in: [{run: take, over: p}]}
readout: out.v
`;

const rules = `
kernel put over neurons
  ld    r0, self.index
  ld    r1, host.step
  add   r1, r1, r0
  and   r1, r1, 1
  st.at r0, self.kept, r1
end
kernel take over row
  ld    r0, post.index
  and   r0, r0, 1
  ld.at r1, post.kept, r0
  ld    r2, post.v
  add   r2, r2, r1
  st    r2, post.v
end
kernel double over neurons where self.v
  ldi   r0, 2
  ld.at r1, self.kept, r0
  add   r1, r1, r1
  st.at r1, self.kept, r0
end
kernel sum over synapses
  ldi   r0, #distance
  correlate r0, post.open, pre.past, r0
  st    r0, syn.shadow
end
kernel own over neurons
  ldi   r0, #distance
  correlate r0, self.open, self.kept, r0
  st    r0, self.v
end
`;

describe.each(engineNames)('on the %s engine', (engineName) => {
  const engineWith = loaderOn(engineName);
  const write = (core: Core, name: string, values: readonly number[]): void =>
    core.write(indexOfField(core.image, name), values);

  it('each item stores and loads at its own position, one access each', () => {
    const core = engineWith(imageOf(program(', {run: put, over: out}'), rules));
    core.begin({ label: 0, learn: false, steps: 2, spikes: spikeTrain([], [0]) });
    core.step();
    // In step 0, neuron j is stored at position j mod 2.
    expect(valuesOf(core, 'out.kept')).toEqual([0, 0, 2, 0, 4, 0, 0, 1, 0, 3, 0, 5, 0, 0, 0, 0, 0, 0]);
    core.step();
    // The spike of step 1 comes first: it takes what step 0 has stored. Then neuron j is stored at the other position.
    expect(valuesOf(core, 'out.v')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(valuesOf(core, 'out.kept')).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0]);
    // A word of two items is read before one of them is written.
    expect(countsOf(core, 'put(out)')).toEqual(
      counts({ runs: 2, passes: 2, tiles: 4, items: 12, reads: [0, 0, 12], writes: [0, 0, 12] }),
    );
    // Six positions, and the six words of v.
    expect(countsOf(core, 'take(p)')).toEqual(
      counts({ runs: 1, passes: 1, tiles: 2, items: 6, reads: [0, 0, 12], writes: [0, 0, 6] }),
    );
  });

  it('only active items take an access, and what does not fit wraps', () => {
    const core = engineWith(imageOf(program(', {run: double, over: out}'), rules));
    write(core, 'out.v', [0, 1, 0, 1, 0, 0]);
    write(core, 'out.kept', [...new Array<number>(12).fill(7), 1, 100, 3, -4, 5, 6]);
    core.begin({ label: 0, learn: false, steps: 1, spikes: spikeTrain([]) });
    core.step();
    // 200 wraps at 8 bits.
    expect(valuesOf(core, 'out.kept')).toEqual([...new Array<number>(12).fill(7), 1, -56, 3, -8, 5, 6]);
    // The gate is scanned, six words. Two items load, read the word that they store into, and store.
    expect(countsOf(core, 'double(out)')).toEqual(
      counts({
        runs: 1,
        passes: 1,
        tiles: 1,
        items: 2,
        scannedTiles: 2,
        reads: [0, 0, 10],
        writes: [0, 0, 2],
      }),
    );
  });

  // Flags of neuron 0 at positions 0, 1 and 3, of neuron 5 at 2; the others have none.
  const open = [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0];

  it.each([
    // At distance 0 the same positions: 1 + 2 + 4 and 10 + 20 + 40; neuron 5 has the third.
    [0, [7, 70, 3, 30]],
    // One back: positions 0 and 2; neuron 5 has the second.
    [1, [4, 40, 2, 20]],
    // Two on: positions 2 and 3, and none beyond; neuron 5 has none.
    [-2, [7, 70, 0, 0]],
    [4, [0, 0, 0, 0]],
    [-2147483647, [0, 0, 0, 0]],
    [2147483647, [0, 0, 0, 0]],
  ])('a correlation at distance %i', (distance, [first, second, third, fourth]) => {
    const core = engineWith(imageOf(program(', {run: sum, over: p}', distance), rules));
    write(core, 'in.past', [1, 10, 2, 20, 3, 30, 4, 40]);
    write(core, 'out.open', open);
    core.begin({ label: 0, learn: false, steps: 1, spikes: spikeTrain([]) });
    core.step();
    expect(valuesOf(core, 'p.shadow')).toEqual([first, 0, 0, 0, 0, third, second, 0, 0, 0, 0, fourth]);
    // Flags: four words in each of four tiles. The past: four words for each of two rows. Six shadow weights of a row
    // take six words, and their weights three.
    expect(countsOf(core, 'sum(p)')).toEqual(
      counts({ runs: 1, passes: 2, tiles: 4, items: 12, reads: [0, 0, 24], writes: [6, 12, 0] }),
    );
  });

  it('two fields of a neuron are correlated with each other', () => {
    const core = engineWith(imageOf(program(', {run: own, over: out}', 1), rules));
    write(core, 'out.kept', [1, 0, 0, 0, 0, 6, 2, 0, 0, 0, 0, 7, 3, 0, 0, 0, 0, 8]);
    write(core, 'out.open', open);
    core.begin({ label: 0, learn: false, steps: 1, spikes: spikeTrain([]) });
    core.step();
    // Positions 0 and 2 of neuron 0; position 1 of neuron 5.
    expect(valuesOf(core, 'out.v')).toEqual([4, 0, 0, 0, 0, 7]);
    // Flags: four words a tile. Numbers: two words a tile for each of three positions; the last tile needs one.
    expect(countsOf(core, 'own(out)')).toEqual(
      counts({ runs: 1, passes: 1, tiles: 2, items: 6, reads: [0, 0, 20], writes: [0, 0, 6] }),
    );
  });
});

describe('the pipeline of a kernel that names positions', () => {
  const scheduled = (work: string) => {
    const list =
      ', {run: put, over: out}, {run: double, over: out}, {run: sum, over: p}, {run: own, over: out}';
    const image = imageOf(program(list), rules);
    const kernel = image.kernels[image.work.indexOf(work)];
    if (kernel === undefined) throw new Error(`no ${work}`);
    const { lanes, ...hw } = load(roundCore);
    return scheduleOf(pipelineDemand(kernel, image, lanes), { ...hw });
  };

  it('takes a cycle of a port for each item of a tile', () => {
    // Four positions and four words of v are read, four words of v written.
    expect(scheduled('take(p)')).toMatchObject({ intervalCycles: 8, boundBy: 'state bank read ports' });
    // Four words are read, and four more before a part of them is written.
    expect(scheduled('double(out)')).toMatchObject({ intervalCycles: 8, boundBy: 'state bank read ports' });
    expect(scheduled('put(out)')).toMatchObject({ intervalCycles: 4 });
  });

  it('takes a cycle of a unit for each position, beginning with the first', () => {
    // The constant takes the unit that moves in phase 0; it picks the four values in phases 1 to 4: an interval of 5.
    // The four additions, as the flags come in phases 0 to 3, leave phase 4 to the one that rounds the weight. The row
    // loads four words of its neuron before its tiles.
    expect(scheduled('sum(p)')).toMatchObject({
      intervalCycles: 5,
      boundBy: 'integer move',
      rowLoadCycles: 4,
      lines: [0, 4, 4],
    });
    // Four words of flags and six of numbers.
    expect(scheduled('own(out)')).toMatchObject({ intervalCycles: 10, boundBy: 'state bank read ports' });
  });
});
