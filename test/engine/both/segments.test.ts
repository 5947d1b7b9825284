import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import type { CoreImage } from '../../../src/image/index.ts';
import { stepLane } from '../../../src/random/index.ts';
import { edit } from '../../hardware/tiny.ts';
import { imageOf, roundCore } from '../../support/core.ts';
import { countsIn, run, start, valuesIn } from './driver.ts';

/**
 * Three inputs in a row under a window of two, onto two outputs: input 0 has one segment, input 1 two, input 2 one.
 * Words are 16 bits wide, weights 8.
 */
const twoOutputs = (channels: number, fields: string, events: string): string =>
  `format: plasticore/program/1
name: two
steps: 1
input: in
populations:
  in: {shape: [1, 3, 1], fields: {on: {kind: integer, bits: 16}, sum: {kind: integer, bits: 16}}}
  out: {shape: [1, 2, ${channels}], fields: {${fields}}}
projections:
  conv: {from: in, to: out, connect: {convolution: {window: [1, 2]}}, fields: {raw: {kind: integer, bits: 8}}}
microcode: {rule: rule.uc}
events: {${events}}
readout: out.x
`;

const onSpike = (kernel: string): string =>
  `tick: [{deliver: in}], spike: {in: [{run: ${kernel}, over: conv}]}`;
const x16 = 'x: {kind: integer, bits: 16}';
const x8 = 'x: {kind: integer, bits: 8}, g: {kind: integer, bits: 8}';
const lanes = (count: number, core = roundCore): string => edit(core, 'lanes: 4', `lanes: ${count}`);

const touch = `kernel k over row
  ld    r0, pre.on
  ld    r1, syn.weight
  ld    r2, post.x
  add.s r2, r2, r0
  st    r2, post.x
end`;

describe.each(engineNames)('the %s engine', (name) => {
  it('counts a tile as often as segments visit it, words by the segment, and the row once', () => {
    // Eight lanes: both outputs of four channels lie in one tile.
    const image = imageOf(twoOutputs(4, x16, onSpike('k')), touch, lanes(8));
    const engine = start(name, image);
    run(engine, [[1]]);
    // Two segments of four: two words of weights and four of x each; a word of the input.
    const once = { runs: 1, passes: 1, tiles: 2, items: 8, reads: [4, 0, 8 + 1], writes: [0, 0, 8] };
    expect(countsIn(engine, 'k(conv)')).toMatchObject(once);
    run(engine, [[0, 2]]);
    const all = { runs: 3, passes: 3, tiles: 4, items: 16, reads: [8, 0, 16 + 3], writes: [0, 0, 16] };
    expect(countsIn(engine, 'k(conv)')).toMatchObject(all);
  });

  it('counts words that segments share for each of them, but once in a segment', () => {
    // Three channels of 8 bits on four lanes: columns 0 to 2 in words 0 and 1; columns 3 to 5 in words 1 and 2, tiles 0
    // and 1.
    const image = imageOf(twoOutputs(3, x8, onSpike('k')), touch);
    const engine = start(name, image);
    run(engine, [[1]]);
    const counted = {
      runs: 1,
      passes: 1,
      tiles: 3,
      items: 6,
      reads: [2 + 2, 0, 2 + 2 + 1],
      writes: [0, 0, 4],
    };
    expect(countsIn(engine, 'k(conv)')).toMatchObject(counted);
  });

  it.each([
    // Column 3 is the first of the second segment, in tile 0, in word 0 of its weights and word 1 of x.
    ['skip-tile', { tiles: 1, items: 1, reads: [1, 0, 1 + 1 + 3], writes: [0, 0, 1] }],
    ['clock', { tiles: 3, items: 1, reads: [4, 0, 4 + 1 + 3], writes: [0, 0, 4] }],
  ])('counts the tiles of segments that a gate lets through, with %s', (gate, counted) => {
    const core = edit(roundCore, 'columnGate: skip-tile', `columnGate: ${gate}`);
    const gated = touch.replace('over row', 'over row where post.g');
    const image = imageOf(twoOutputs(3, x8, onSpike('k')), gated, core);
    // Populations in order: on and sum of three inputs, then x and g, two to a word.
    const engine = start(name, image, { state: [7, 7, 7, 0, 0, 0, 0, 0, 0, 0, 1 << 8, 0] });
    expect(valuesIn(engine, 'out.g')).toEqual([0, 0, 0, 1, 0, 0]);
    run(engine, [[1]]);
    expect(valuesIn(engine, 'out.x')).toEqual([0, 0, 0, 7, 0, 0]);
    // The gate's scan reads three words: two tiles.
    expect(countsIn(engine, 'k(conv)')).toMatchObject({ runs: 1, passes: 1, scannedTiles: 2, ...counted });
  });

  it.each([3, 4, 8])('leaves a row without a visited tile as it is (%i lanes)', (count) => {
    const kernel = `kernel k over synapses where pre.on and post.g
  ldi    r0, 1
  reduce r0, pre.sum
end`;
    const image = imageOf(twoOutputs(8, x8, 'tick: [{run: k, over: conv}]'), kernel, lanes(count));
    // Only channels of output 1 are on: input 0 does not reach it. Input 2 is switched off.
    const g = [0, 0, 0, 0, 0x0100, 0, 0x0001, 0];
    const engine = start(name, image, { state: [1, 1, 0, 9, 9, 9, ...new Array(8).fill(0), ...g] });
    run(engine);
    expect(valuesIn(engine, 'in.sum')).toEqual([9, 2, 9]);
    const { passes, items, writes } = countsIn(engine, 'k(conv)');
    expect({ passes, items, writes }).toEqual({ passes: 1, items: 2, writes: [0, 0, 1] });
  });

  it('makes no pass of a row without segments', () => {
    const text = twoOutputs(4, x16, onSpike('k')).replace('{window: [1, 2]}', '{window: [1, 1], stride: 2}');
    const engine = start(name, imageOf(text, touch));
    run(engine, [[0, 1, 2]]);
    expect(countsIn(engine, 'k(conv)')).toMatchObject({ runs: 3, passes: 2, tiles: 2, reads: [4, 0, 8 + 2] });
  });

  it.each([4, 3])('loads the weights of the rows where a predicate holds (%i lanes)', (count) => {
    const kernel = `kernel k over synapses
  ld     r0, pre.on
  ld.row r1, syn.weight, r0
end`;
    const image = imageOf(twoOutputs(4, x16, 'tick: [{run: k, over: conv}]'), kernel, lanes(count));
    const engine = start(name, image, { state: [0, 1, 0] });
    run(engine);
    // Input 1 has two segments of two words.
    expect(countsIn(engine, 'k(conv)')).toMatchObject({ passes: 3, items: 16, reads: [4, 0, 3] });
  });

  it.each([
    // Segment by segment, the columns of each tile: of three channels, and of whole tiles.
    [3, 4, [[0, 1, 2], [3], [4, 5]]],
    [
      8,
      4,
      [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10, 11],
        [12, 13, 14, 15],
      ],
    ],
  ])(
    'steps all generators for each tile of a segment (%i channels on %i lanes)',
    (channels, count, visits) => {
      const kernel = `kernel k over row
  rnd r0, 7
  st  r0, post.x
end`;
      const image = imageOf(twoOutputs(channels, x16, onSpike('k')), kernel, lanes(count));
      const engine = start(name, image);
      let words = [...engine.save().generators];
      run(engine, [[1]]);
      const drawn = visits.flatMap((columns) => {
        words = words.map(stepLane);
        return columns.map((column) => (words[column % count] ?? 0) >>> 25);
      });
      expect(valuesIn(engine, 'out.x')).toEqual(drawn);
      expect([...engine.save().generators]).toEqual(words);
    },
  );

  it.each([3, 4, 8, 16])('visits every weight once, row by row (%i lanes)', (count) => {
    const kernel = `kernel k over weights
  rnd r0, 7
  st  r0, syn.raw
end`;
    const image = imageOf(twoOutputs(5, x16, 'tick: [{run: k, over: conv}]'), kernel, lanes(count));
    const engine = start(name, image);
    const generators = engine.save().generators;
    run(engine);
    const tiles = Math.ceil(5 / count);
    const draws = [...generators].map((state) => {
      const words = [state];
      for (let tile = 0; tile < 2 * tiles; tile++) words.push(stepLane(words.at(-1) ?? 0));
      return words;
    });
    const drawn = [0, 1].flatMap((row) =>
      [0, 1, 2, 3, 4].map((column) => {
        const tile = row * tiles + Math.floor(column / count);
        return (draws[column % count]?.[1 + tile] ?? 0) >>> 25;
      }),
    );
    expect(valuesIn(engine, 'conv.raw')).toEqual(drawn);
    expect([...engine.save().generators]).toEqual(draws.map((words) => words.at(-1)));
    // Five items of 8 bits are three words.
    const counted = { runs: 1, passes: 1, tiles: 2 * tiles, items: 10, writes: [0, 6, 0] };
    expect(countsIn(engine, 'k(conv)')).toMatchObject(counted);
  });

  it.each([3, 4, 16])('takes segments that are parts of rows of weights (%i lanes)', (count) => {
    const text = `format: plasticore/program/1
name: parts
steps: 1
input: in
populations: {in: {size: 3}, out: {size: 6, fields: {x: {bits: 16}}}}
projections: {p: {from: in, to: out, initialWeights: {uniform: 100}, fields: {raw: {kind: integer, bits: 8}}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: k, over: p}]}}
readout: out.x
`;
    const kernel = `kernel k over row
  ld    r0, post.x
  ld    r1, syn.weight
  add.s r0, r0, r1
  st    r0, post.x
  ld    r2, syn.raw
  ld    r3, post.index
  add.s r2, r2, r3
  st    r2, syn.raw
end`;
    const dense = imageOf(text, kernel, lanes(count));
    // Three rows of six weights. Each segment: first weight, first output, how many.
    const rows = [
      [[0, 2, 4]],
      [[7, 0, 5]],
      [
        [13, 1, 2],
        [6, 4, 1],
        [17, 5, 1],
      ],
    ] as const;
    const all = rows.flat();
    const segments = {
      rowStart: Uint32Array.of(0, 1, 2, 5),
      firstWeight: Uint32Array.from(all, ([weight]) => weight),
      firstPost: Uint32Array.from(all, ([, post]) => post),
      length: Uint32Array.from(all, ([, , length]) => length),
    };
    const image: CoreImage = { ...dense, projections: dense.projections.map((p) => ({ ...p, segments })) };
    const engine = start(name, image);
    run(engine, [[0, 1, 2]]);
    const weights = valuesIn(engine, 'p.weight');
    const x = new Array<number>(6).fill(0);
    const raw = new Array<number>(18).fill(0);
    for (const [weight, post, length] of all) {
      for (let i = 0; i < length; i++) {
        x[post + i] = (x[post + i] ?? 0) + (weights[weight + i] ?? 0);
        raw[weight + i] = (raw[weight + i] ?? 0) + post + i;
      }
    }
    expect(valuesIn(engine, 'out.x')).toEqual(x);
    expect(valuesIn(engine, 'p.raw')).toEqual(raw);
    // Two weights to a word, three words a row. Words 0 1; 3 4 5; 6 7, 3, 8. Of 16-bit outputs a word each.
    const { items, reads, writes } = countsIn(engine, 'k(p)');
    expect({ items, reads, writes }).toEqual({ items: 13, reads: [9, 9, 13], writes: [0, 9, 13] });
  });
});
