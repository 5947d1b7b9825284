import { describe, expect, it } from 'vitest';
import { type Core, engineNames } from '../../../src/engine/index.ts';
import { BitGenerator } from '../../golden/plain/bit-generator.ts';
import { edit } from '../../hardware/tiny.ts';
import { imageOf, roundCore } from '../../support/core.ts';
import { countsIn, run, start, valuesIn } from './driver.ts';

// Combines declared generators, kernels by columns and predicated stores with segments, blocks of tiles and batches.

const specs = {
  wide: { a: 3, b: 25, perAdvance: 128, state: 0x1234567 },
  pairs: { a: 1, b: 15, perAdvance: 7, state: 0x4321 },
};

const core = edit(
  roundCore,
  'banks:\n',
  `generators:
  wide: {recurrence: [3, 25], bitsPerAdvance: 128, wordBits: 32, lanes: 4}
  pairs: {recurrence: [1, 15], bitsPerAdvance: 7, wordBits: 3, lanes: 2}
banks:
`,
);

/** As the test's own; the state has the bits before the first word, the earliest lowest. */
function plain(name: keyof typeof specs): BitGenerator {
  const { a, b, perAdvance, state } = specs[name];
  const bits = new Map(Array.from({ length: b }, (_, i) => [i - b, Math.floor(state / 2 ** i) % 2]));
  return new BitGenerator({ a, b, perAdvance, start: bits });
}

function seed(engine: Core): void {
  const state = engine.save();
  state.generators.set([specs.wide.state, specs.pairs.state], engine.image.core.lanes);
  engine.restore(state);
}

describe.each(engineNames)('on the %s engine', (name) => {
  /** Three channels at each of two outputs, so that the second output's segments start within a pair of lanes. */
  const cut = (kernel: string, lists: string): Core => {
    const program = `format: plasticore/program/1
name: cut
steps: 1
input: in
populations:
  in: {shape: [1, 3, 1], fields: {on: {kind: integer, bits: 16}}}
  out: {shape: [1, 2, 3], fields: {x: {kind: integer, bits: 16}, y: {kind: integer, bits: 16}}}
projections:
  conv: {from: in, to: out, connect: {convolution: {window: [1, 2]}}}
microcode: {rule: rule.uc}
events: {${lists}}
readout: out.x
`;
    const engine = start(name, imageOf(program, kernel, core));
    seed(engine);
    return engine;
  };

  it('a generator advances for each group of lanes that a segment has items in', () => {
    const engine = cut(
      `kernel k over row
  draw r0, pairs
  ld   r1, post.x
  shl  r1, r1, 3
  or   r1, r1, r0
  st   r1, post.x
end`,
      'tick: [{deliver: in}], spike: {in: [{run: k, over: conv}]}',
    );
    run(engine, [[1, 2]]);
    const generator = plain('pairs');
    const x = [0, 0, 0, 0, 0, 0];
    // Input 1 reaches both outputs, input 2 the second alone.
    for (const segment of [
      [[0, 1], [2]],
      [[3], [4, 5]],
      [[3], [4, 5]],
    ]) {
      for (const group of segment) {
        for (const column of group) x[column] = 8 * (x[column] ?? 0) + generator.word(3 * (column % 2), 3);
        generator.advance();
      }
    }
    expect(valuesIn(engine, 'out.x')).toEqual(x);
  });

  it('a predicated store counts the words of the segments of the rows where it stores', () => {
    const engine = cut(
      `kernel k over synapses
  ld      r0, pre.on
  ldi     r1, 7
  st.tile r1, post.x, r0
end`,
      'tick: [{run: k, over: conv}]',
    );
    engine.write(
      engine.image.fields.findIndex((field) => field.name === 'in.on'),
      [0, 0, 1],
    );
    run(engine);
    expect(valuesIn(engine, 'out.x')).toEqual([0, 0, 0, 7, 7, 7]);
    // x and y, of 16 bits each, take a word each. Every row is visited, one stores, with one segment of three columns.
    expect(countsIn(engine, 'k(conv)')).toMatchObject({ passes: 3, items: 12, writes: [0, 0, 3] });
  });

  it('a generator advances for each tile, though a turn of the loop has several', () => {
    const program = `format: plasticore/program/1
name: wide
steps: 1
input: in
populations: {in: {size: 44, fields: {x: {kind: integer, bits: 16}}}}
microcode: {rule: rule.uc}
events: {tick: [{run: k, over: in}]}
readout: in.x
`;
    const body = `kernel k over neurons
  draw r0, wide
  and  r0, r0, 0xff
  draw r1, wide
  and  r1, r1, 0x7f
  add  r0, r0, r1
  st   r0, self.x
end`;
    const engine = start(name, imageOf(program, body, core));
    seed(engine);
    run(engine);
    const generator = plain('wide');
    const x: number[] = [];
    for (let tile = 0; tile < 11; tile++) {
      const first = [0, 1, 2, 3].map((lane) => generator.word(32 * lane, 32) % 256);
      generator.advance();
      for (const lane of [0, 1, 2, 3]) x.push((first[lane] ?? 0) + (generator.word(32 * lane, 32) % 128));
      generator.advance();
    }
    expect(valuesIn(engine, 'in.x')).toEqual(x);
  });

  it('a kernel by columns leaves the columns alone that share the last tile', () => {
    const program = `format: plasticore/program/1
name: part
steps: 1
input: in
populations:
  in: {size: 2, fields: {on: {kind: integer, bits: 16}}}
  out: {size: 40, fields: {x: {kind: integer, bits: 16}}}
projections: {p: {from: in, to: out, weights: none, fields: {w: {kind: integer, bits: 16}}}}
microcode: {rule: rule.uc}
events: {tick: [{run: k, over: p, order: columns, columns: 16}]}
readout: out.x
`;
    const body = `kernel k over synapses
  ld  r0, syn.w
  add r0, r0, 1
  st  r0, syn.w
end`;
    const engine = start(name, imageOf(program, body, edit(core, 'lanes: 4\n', 'lanes: 32\n')));
    run(engine);
    const row = Array.from({ length: 40 }, (_, column) => Number(column < 16));
    expect(valuesIn(engine, 'p.w')).toEqual([...row, ...row]);
  });

  it('predicates hold for each spike of a batch alone', () => {
    const program = `format: plasticore/program/1
name: batch
steps: 1
input: in
populations:
  in: {size: 4, fields: {on: {kind: integer, bits: 16}}}
  out: {size: 32, fields: {x: {kind: integer, bits: 8}, y: {kind: integer, bits: 16}}}
projections: {p: {from: in, to: out}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: k, over: p}]}}
readout: out.x
`;
    const body = `kernel k over row
  ld      r0, pre.on
  ld      r1, post.x
  add.s   r1, r1, r0
  st.tile r1, post.x, r0
end`;
    const engine = start(name, imageOf(program, body, core));
    engine.write(
      engine.image.fields.findIndex((field) => field.name === 'in.on'),
      [5, 0, 0, 2],
    );
    run(engine, [[0, 1, 2, 3]]);
    expect(valuesIn(engine, 'out.x')).toEqual(Array.from({ length: 32 }, () => 7));
    // Four spikes read x, two to a word; two write it.
    expect(countsIn(engine, 'k(p)')).toMatchObject({ runs: 4, writes: [0, 0, 32] });
  });
});
