import { describe, expect, it } from 'vitest';
import { createCore, engineNames } from '../../../src/engine/index.ts';
import { edit } from '../../hardware/tiny.ts';
import { imageOf, roundCore, roundFloatCore } from '../../support/core.ts';
import { countsIn, run, start, valuesIn } from './driver.ts';
import { handCore, handEngine } from './hand-network.ts';

/** A program with one population p, connected to itself. */
const over = (size: number, fields: string, tick: string, spike = '[]'): string =>
  `format: plasticore/program/1
name: one
steps: 1
input: none
populations:
  none: {size: 1}
  p: {size: ${size}, fields: {${fields}}}
projections:
  self: {from: p, to: p}
microcode: {rule: rule.uc}
events: {tick: [${tick}], spike: {p: ${spike}}}
readout: p.x
`;

const lanes = (count: number, core = roundCore): string => edit(core, 'lanes: 4', `lanes: ${count}`);

describe.each(engineNames)('the %s engine', (name) => {
  it.each([4, 8, 16, 20, 3])(
    'keeps a value that is read after its register is written again (%i lanes)',
    (count) => {
      const image = imageOf(
        over(21, 'x: {kind: integer, bits: 8}', '{run: k, over: p}'),
        `kernel k over neurons
  ldi r0, 3
  ld  r1, self.index
  mul r2, r0, r1
  mov r0, r2
  ldi r2, 1
  add r0, r0, r2
  st  r0, self.x
end`,
        lanes(count),
      );
      const engine = start(name, image);
      run(engine);
      expect(valuesIn(engine, 'p.x')).toEqual(Array.from({ length: 21 }, (_, index) => 3 * index + 1));
    },
  );

  it('waits until a full FIFO has a place, though what it serves meanwhile takes one', () => {
    const image = imageOf(
      `format: plasticore/program/1
name: chain
steps: 1
input: in
populations: {in: {size: 2}, b: {size: 1, fields: {x: {bits: 8}}}}
projections: {p: {from: in, to: b}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: k, over: p}]}}
readout: b.x
`,
      `kernel k over row
  ldi  r0, 1
  emit r0
end`,
      edit(edit(roundCore, 'fifoDepth: 64', 'fifoDepth: 1'), 'whenFull: stall', 'whenFull: drop'),
    );
    const engine = start(name, image);
    run(engine, [[0, 1]]);
    // push in0; in1 waits: serve in0, which pushes b0; still full: serve b0; push in1; serve in1, push b0, serve b0
    const { pushes, pops, drops, stalls, spikes } = engine.counters();
    expect({ pushes, pops, drops, stalls, spikes }).toEqual({
      pushes: 4,
      pops: 4,
      drops: 0,
      stalls: 2,
      spikes: [2, 2],
    });
  });

  it('adds the rows of several spikes in their order, each saturating', () => {
    const image = imageOf(
      `format: plasticore/program/1
name: sums
steps: 1
input: in
populations: {in: {size: 4}, b: {size: 37, fields: {x: {kind: integer, bits: 8}}}}
projections: {p: {from: in, to: b}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: k, over: p}]}}
readout: b.x
`,
      `kernel k over row
  ld  r0, pre.index
  shl r0, r0, 6
  sub r0, r0, 64
  ld  r1, post.x
  add r1, r1, r0
  st  r1, post.x
end`,
      edit(lanes(16), 'fifoDepth: 64', 'fifoDepth: 2'),
    );
    const engine = start(name, image);
    run(engine, [[3, 3, 0, 2]]);
    // 128 saturates to 127 at once, then -64, then +64 saturates again; the other way round it would end at 63.
    expect(valuesIn(engine, 'b.x')).toEqual(Array(37).fill(127));
    run(engine, [[2, 3, 3, 0]]);
    expect(valuesIn(engine, 'b.x')).toEqual(Array(37).fill(63));
    const { pushes, pops, stalls } = engine.counters();
    expect({ pushes, pops, stalls }).toEqual({ pushes: 8, pops: 8, stalls: 4 });
    // Three tiles a row; 37 items of 8 bits in words of 16.
    const { runs, passes, tiles, items, reads, writes } = countsIn(engine, 'k(p)');
    const state = image.banks.findIndex((bank) => bank.name === 'state');
    expect({ runs, passes, tiles, items }).toEqual({ runs: 8, passes: 8, tiles: 24, items: 296 });
    expect([reads[state], writes[state]]).toEqual([8 * 19, 8 * 19]);
  });

  it('writes the word of a record once a row for two reduces', () => {
    const sum = '{kind: integer, bits: 4, record: sums}';
    const image = imageOf(
      over(3, `x: {bits: 8}, s: ${sum}, t: ${sum}`, '{run: k, over: self}'),
      `kernel k over synapses
  ldi    r0, 1
  reduce r0, pre.s
  ldi    r1, 2
  reduce r1, pre.t
end`,
    );
    const engine = start(name, image);
    run(engine);
    expect(valuesIn(engine, 'p.s')).toEqual([3, 3, 3]);
    expect(valuesIn(engine, 'p.t')).toEqual([6, 6, 6]);
    const state = image.banks.findIndex((bank) => bank.name === 'state');
    expect(countsIn(engine, 'k(self)').writes[state]).toBe(3);
  });

  it('lists a neuron as often as it spikes in a step', () => {
    const fire = '{run: fire, over: p}';
    const image = imageOf(
      over(2, 'x: {bits: 8}', [fire, fire, fire].join(', ')),
      `kernel fire over neurons
  ldi  r0, 1
  emit r0
end`,
    );
    const engine = start(name, image);
    run(engine);
    expect(engine.spikesOf(1)).toEqual([0, 1, 0, 1, 0, 1]);
    expect(engine.counters().spikes).toEqual([0, 6]);
  });

  it('lets a neuron spike again when its spike is served', () => {
    const image = imageOf(
      over(
        3,
        'x: {kind: integer, bits: 16}',
        '{run: first, over: p}, {deliver: p}',
        '[{run: again, over: p}]',
      ),
      `kernel first over neurons
  ld     r0, self.index
  cmp.eq r1, r0, 1
  emit   r1
end
kernel again over neuron
  ld     r0, self.x
  cmp.gt r1, r0, 0
  sub.s  r0, r0, 1
  st     r0, self.x
  emit   r1
end`,
      edit(roundCore, 'whenFull: stall', 'whenFull: drop'),
    );
    const engine = start(name, image, { state: [5, 2, 5] });
    run(engine);
    // Served with 2, 1 and 0 left: the third spike makes no other.
    expect(engine.spikesOf(1)).toEqual([1, 1, 1]);
    expect(valuesIn(engine, 'p.x')).toEqual([5, -1, 5]);
    expect(countsIn(engine, 'again(p)')).toMatchObject({
      runs: 3,
      passes: 3,
      tiles: 3,
      items: 3,
      reads: [0, 0, 3],
    });
  });

  it('tests the gates of all rows before it visits the first', () => {
    const image = imageOf(
      over(3, 'x: {kind: integer, bits: 16}', '{run: k, over: self}'),
      `kernel k over synapses where pre.x
  ldi r0, 7
  st  r0, post.x
end`,
    );
    const engine = start(name, image, { state: [0, 1, 0] });
    run(engine);
    expect(valuesIn(engine, 'p.x')).toEqual([7, 7, 7]);
    expect(countsIn(engine, 'k(self)')).toMatchObject({ runs: 1, passes: 1, tiles: 1, items: 3 });
  });

  it('counts a pass for each row where no gate closes one', () => {
    const image = imageOf(
      over(5, 'x: {kind: integer, bits: 16}', '{run: k, over: self}'),
      `kernel k over synapses
  ld  r0, pre.index
  st  r0, post.x
end`,
    );
    const engine = start(name, image);
    run(engine);
    expect(valuesIn(engine, 'p.x')).toEqual([4, 4, 4, 4, 4]);
    // Five columns are two tiles of four lanes; five words.
    expect(countsIn(engine, 'k(self)')).toMatchObject({
      passes: 5,
      tiles: 10,
      items: 25,
      writes: [0, 0, 25],
    });
  });

  it.each([
    [0, 0],
    [1, 1],
  ])('of a spike with label %i loads under a predicate %i words', (label, words) => {
    const image = imageOf(
      over(
        3,
        'x: {kind: integer, bits: 16}, y: {kind: integer, bits: 16}',
        '{run: all, over: p}, {deliver: p}',
        '[{run: k, over: p}]',
      ),
      `kernel all over neurons
  ld     r0, self.index
  cmp.eq r1, r0, 2
  emit   r1
end
kernel k over neuron
  ld     r0, host.label
  cmp.eq r1, r0, 1
  ld.row r2, self.x, r1
  add    r2, r2, 10
  st     r2, self.y
end`,
    );
    const engine = start(name, image, { state: [0, 0, 5] });
    run(engine, [[]], label);
    expect(valuesIn(engine, 'p.y')).toEqual([0, 0, 10 + 5 * label]);
    expect(countsIn(engine, 'k(p)')).toMatchObject({ runs: 1, reads: [0, 0, words], writes: [0, 0, 1] });
  });

  it('rounds a 32-bit shadow weight that has no room for half a unit', () => {
    const core = edit(roundCore, 'shadowBits: [8, 16]', 'shadowBits: [32]').replaceAll(
      'wordBits: 16',
      'wordBits: 32',
    );
    const image = imageOf(
      over(2, 'x: {bits: 8}', '{run: k, over: self}'),
      `kernel k over synapses
  ld r0, syn.shadow
  st r0, syn.shadow
end`,
      core,
      { precision: 'mp32-8' },
    );
    const engine = start(name, image, { shadow: [0x7fffffff, 0x00800000, 0x007fffff, -0x7fffffff] });
    run(engine);
    // (2^31 - 1 + 2^23) >> 24 = 128, at most 127; (2^23 + 2^23) >> 24; less than half; (1 - 2^31 + 2^23) >> 24.
    expect(valuesIn(engine, 'self.weight')).toEqual([127, 1, 0, -128]);
  });

  it.each([4, 16, 24, 40])('emits and sums on lanes past the last column no item (%i lanes)', (count) => {
    const image = imageOf(
      over(8, 'x: {kind: integer, bits: 16}', '{run: k, over: self}'),
      `kernel k over synapses
  rnd    r0, 0
  add    r0, r0, 1
  reduce r0, pre.x
  cmp.ge r1, r0, 1
  emit   r1
end`,
      edit(lanes(count), 'whenFull: stall', 'whenFull: drop'),
    );
    const engine = start(name, image);
    run(engine);
    expect(valuesIn(engine, 'p.x')).toEqual(new Array<number>(8).fill(8));
    expect(engine.spikesOf(1)).toEqual(Array.from({ length: 64 }, (_, index) => index % 8));
    expect(engine.counters()).toMatchObject({ pushes: 64, drops: 0 });
  });

  it.each([3, 4, 16])('keeps two sums of floats apart (%i lanes)', (count) => {
    const image = imageOf(
      over(20, 'x: {bits: 16}, y: {bits: 16}', '{run: k, over: self}'),
      `kernel k over synapses
  ldi    r0, 1
  add    r1, r0, r0
  reduce r0, pre.x
  reduce r1, pre.y
end`,
      lanes(count, roundFloatCore),
    );
    const engine = start(name, image);
    run(engine);
    expect(valuesIn(engine, 'p.x')).toEqual(new Array<number>(20).fill(20));
    expect(valuesIn(engine, 'p.y')).toEqual(new Array<number>(20).fill(40));
  });

  it.each([8, 4, 3])('saturates and wraps at 16 bits, in the field that says so (%i lanes)', (count) => {
    const image = imageOf(
      over(
        2,
        'x: {kind: integer, bits: 16}, y: {kind: integer, bits: 16, overflow: wrap}',
        '{run: k, over: p}',
      ),
      `kernel k over neurons
  ld  r0, self.x
  ld  r1, self.y
  add r0, r0, 1
  sub r1, r1, 1
  st  r0, self.x
  st  r1, self.y
end`,
      lanes(count),
    );
    const engine = start(name, image, { state: [0x7fff, 41, 0x8000, 0] });
    run(engine);
    expect(valuesIn(engine, 'p.x')).toEqual([0x7fff, 42]);
    expect(valuesIn(engine, 'p.y')).toEqual([0x7fff, -1]);
  });

  it.each(engineNames)('goes on from where the %s engine was saved', (other) => {
    const { image } = handEngine(handCore());
    const [straight, before, after] = [
      createCore(image, { engine: name }),
      createCore(image, { engine: other }),
      createCore(image, { engine: name }),
    ];
    for (let sample = 0; sample < 4; sample++) runSample(straight);
    for (let sample = 0; sample < 2; sample++) runSample(before);
    after.restore(before.save());
    for (let sample = 0; sample < 2; sample++) runSample(after);
    expect(after.save()).toEqual(straight.save());

    function runSample(engine: Parameters<typeof run>[0]): void {
      run(
        engine,
        [
          [0, 2],
          [1, 2],
        ],
        1,
      );
    }
  });
});
