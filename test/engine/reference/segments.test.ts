import { describe, expect, it } from 'vitest';
import { runSample } from '../../../src/engine/index.ts';
import { countsOf, engineWith, imageOf, roundCore, spikeTrain, valuesOf } from '../../support/core.ts';

// 4 lanes, words of 16 bits: two 8-bit weights or states to a word.

const convolution = (window: string, target: string, tick: string, steps = 1) => `format: plasticore/program/1
name: conv
steps: ${steps}
input: picture
populations:
  picture: {shape: [3, 3, 1], fields: {on: {kind: flag}, back: {bits: 16}}}
  map: {shape: ${target}, fields: {v: {bits: 16}}}
projections:
  p: {from: picture, to: map, connect: {convolution: ${window}}, fields: {sum: {bits: 16}}}
microcode: {rule: rule.uc}
events:
  tick:
    - deliver: picture
${tick}
  spike:
    picture: [{run: mark, over: picture}, {run: integrate, over: p}]
readout: map.v
`;

const rules = `
kernel mark over neuron
  ldi r0, 1
  st  r0, self.on
end
kernel integrate over row
  ld  r0, syn.weight
  ld  r1, post.v
  add r1, r1, r0
  st  r1, post.v
end
kernel gather over synapses where pre.on and post.v
  ld     r0, syn.weight
  ld     r1, post.v
  mul    r2, r0, r1
  reduce r2, pre.back
end
kernel collect over synapses where pre.on and post.v
  ld  r0, syn.sum
  ld  r1, post.v
  add r0, r0, r1
  st  r0, syn.sum
end
kernel apply over weights
  ld  r0, syn.sum
  ld  r1, syn.shadow
  add r1, r1, r0
  st  r1, syn.shadow
end
`;

/** Words of the weight bank for weights 1, 2, 3, ... in rows of 2: one word a row, low byte first. */
const weightWords = [0x0201, 0x0403, 0x0605, 0x0807];

describe('a convolution', () => {
  const image = imageOf(
    convolution(
      '{window: 2}',
      '[2, 2, 2]',
      '    - {run: gather, over: p}\n    - {run: collect, over: p}\n    - {run: apply, over: p}',
    ),
    rules,
    roundCore,
    { precision: 'mp16-8' },
  );
  // Plastic: the shadow of a weight w is w x 256; the stored view is w.
  const shadows = [0x0100, 0x0200, 0x0300, 0x0400, 0x0500, 0x0600, 0x0700, 0x0800];
  const engine = engineWith(image, { weight: weightWords, shadow: shadows });
  // The corner (row 0 of weights onto map 0) and the middle (rows 3, 2, 1, 0 onto maps 0 to 3).
  runSample(engine, spikeTrain([0, 4]), { label: 0, learn: true });

  it('adds the weights of each window that covers a spike', () => {
    expect(valuesOf(engine, 'map.v')).toEqual([1 + 7, 2 + 8, 5, 6, 3, 4, 1, 2]);
  });

  it('counts a tile and its words for each segment', () => {
    // 5 segments of 2 columns; weights 1 word each; v two words of one item each, read and written.
    expect(countsOf(engine, 'integrate(p)')).toMatchObject({
      runs: 2,
      passes: 2,
      tiles: 5,
      items: 10,
    });
  });

  it('carries a signal back through the same segments', () => {
    const v = [8, 10, 5, 6, 3, 4, 1, 2];
    const at = (post: number): number => v[post] ?? 0;
    const middle =
      7 * at(0) + 8 * at(1) + 5 * at(2) + 6 * at(3) + 3 * at(4) + 4 * at(5) + 1 * at(6) + 2 * at(7);
    expect(valuesOf(engine, 'picture.back')).toEqual([8 + 20, 0, 0, 0, middle, 0, 0, 0, 0]);
  });

  it('gathers for each shared weight over all its places, and then visits each weight once', () => {
    // Row 0: the corner onto map 0 (8, 10), the middle onto map 3 (1, 2); rows 1 to 3: the middle alone.
    const sums = [8 + 1, 10 + 2, 3, 4, 5, 6, 8, 10];
    expect(valuesOf(engine, 'p.sum')).toEqual(sums);
    expect(valuesOf(engine, 'p.shadow')).toEqual(shadows.map((shadow, w) => shadow + (sums[w] ?? 0)));
    // Four rows of two: a tile and a segment each, in one pass.
    expect(countsOf(engine, 'apply(p)')).toMatchObject({ runs: 1, passes: 1, tiles: 4, items: 8 });
  });
});

describe('a pooling', () => {
  it('adds what its window covers, without weights', () => {
    const image = imageOf(
      `format: plasticore/program/1
name: pool
steps: 1
input: picture
populations:
  picture: {shape: [2, 2, 2]}
  pool: {shape: [1, 1, 2], fields: {v: {bits: 8}}}
projections:
  p: {from: picture, to: pool, connect: {pooling: {window: 2}}}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: picture}]
  spike: {picture: [{run: count, over: p}]}
readout: pool.v
`,
      'kernel count over row\n  ld r0, post.v\n  add r0, r0, 1\n  st r0, post.v\nend\n',
    );
    const engine = engineWith(image);
    runSample(engine, spikeTrain([0, 1, 2, 5, 6]), { label: 0, learn: true });
    expect(valuesOf(engine, 'pool.v')).toEqual([3, 2]);
    expect(image.fields.map(({ name }) => name)).toEqual(['pool.v']);
  });
});

describe('spikes of the previous step', () => {
  const program = `format: plasticore/program/1
name: echo
steps: 4
input: a
populations:
  a: {size: 2}
  b: {size: 3, fields: {v: {bits: 8}, echo: {bits: 8}}}
projections:
  p: {from: a, to: b}
microcode: {rule: rule.uc}
events:
  tick:
    - {deliver: b, spikes: previous}
    - deliver: a
    - {run: fire, over: b}
    - deliver: b
  spike:
    a: [{run: excite, over: p}]
  previousSpike:
    b: [{run: hear, over: b}]
readout: b.echo
`;
  const kernels = `
kernel excite over row
  ld  r0, post.v
  add r0, r0, 1
  st  r0, post.v
end
kernel fire over neurons
  ld     r0, self.v
  cmp.ge r1, r0, 2
  sel    r0, r1, 0, r0
  st     r0, self.v
  emit   r1
end
kernel hear over neuron
  ld  r0, self.echo
  add r0, r0, 1
  st  r0, self.echo
end
`;

  it('arrive a step later, once, and not in the next sample', () => {
    const engine = engineWith(imageOf(program, kernels));
    // Two inputs make all three spike at once: in steps 0 and 3; the echoes of step 3 would be in step 4.
    runSample(engine, spikeTrain([0, 1], [], [], [0, 1]), { label: 0, learn: true });
    expect(valuesOf(engine, 'b.echo')).toEqual([1, 1, 1]);
    expect(engine.counters()).toMatchObject({ spikes: [4, 6], pushes: 4 + 6 + 3, pops: 4 + 6 + 3 });
    runSample(engine, spikeTrain([]), { label: 0, learn: true });
    expect(valuesOf(engine, 'b.echo')).toEqual([1, 1, 1]);
    expect(engine.counters().steps).toBe(5);
  });
});
