import { describe, expect, it } from 'vitest';
import { type Core, engineNames, runSample } from '../../../src/engine/index.ts';
import { price } from '../../../src/image/index.ts';
import { edit } from '../../hardware/tiny.ts';
import {
  costOf,
  countsOf,
  imageOf,
  indexOfField,
  loaderOn,
  roundFloatCore,
  spikeTrain,
  valuesOf,
  workIndex,
} from '../../support/core.ts';
import { expectError } from '../../support/errors.ts';

describe.each(engineNames)('on the %s engine', (engineName) => {
  const engineWith = loaderOn(engineName);

  const once = (engine: Core): void => runSample(engine, spikeTrain([]), { label: 0, learn: true });

  describe('gates on float32', () => {
    const program = `format: plasticore/program/1
name: gates
steps: 1
input: pre
populations:
  pre: {size: 6, fields: {g: {}}}
  post: {size: 6, fields: {g: {}, hit: {}}}
projections:
  p: {from: pre, to: post}
microcode: {rule: rule.uc}
events:
  tick:
    - {run: touch, over: p}
    - {run: mark, over: post}
    - stopUnlessAny: post.g
    - {run: count, over: post}
readout: post.g
`
      .replaceAll('g: {}', 'g: {bits: 8}')
      .replace('hit: {}', 'hit: {bits: 8}');
    const microcode = `
kernel touch over synapses where pre.g and post.g
  ld   r0, syn.shadow
  add  r0, r0, 1
  st   r0, syn.shadow
end
kernel mark over neurons where self.g
  ld   r0, self.hit
  add  r0, r0, 1
  st   r0, self.hit
end
kernel count over neurons
  ld   r0, self.hit
  add  r0, r0, 16
  st   r0, self.hit
end
`;
    const below = Math.fround(1 - 2 ** -24); // the float before 1

    it('open where |x| is at least 1', () => {
      // Two floats a word, 64 bits: pre.g in words 0 to 2, post.g in 3 to 5, post.hit in 6 to 8.
      const pre = [1, below, -below, -1, 0, 300];
      const post = [0.5, 1, -1, -0.999, Number.POSITIVE_INFINITY, 0];
      const engine = engineWith(imageOf(program, microcode, roundFloatCore), {
        state: Float32Array.of(...pre, ...post, 0, 0, 0, 0, 0, 0),
      });
      once(engine);
      const open = [0, 1, 1, 0, 1, 0];
      const closed = [0, 0, 0, 0, 0, 0];
      expect(valuesOf(engine, 'p.shadow')).toEqual([open, closed, closed, open, closed, open].flat());
      expect(valuesOf(engine, 'post.hit')).toEqual(open.map((hit) => hit + 16));
      expect(countsOf(engine, 'touch(p)')).toMatchObject({ passes: 3, tiles: 6, items: 9, scannedTiles: 4 });
    });

    it('end a list where nothing reaches 1', () => {
      const image = imageOf(program, microcode, roundFloatCore);
      const engine = engineWith(image, {
        state: Float32Array.of(0, 0, 0, 0, 0, 0, below, -below, 0.5, 0, -0.5, 0.1, 0, 0, 0, 0, 0, 0),
      });
      once(engine);
      expect(valuesOf(engine, 'post.hit')).toEqual([0, 0, 0, 0, 0, 0]);
      expect(countsOf(engine, 'any post.g')).toMatchObject({ runs: 1, scannedTiles: 2, reads: [0, 0, 3] });
      expect(countsOf(engine, 'count(post)').runs).toBe(0);
    });

    it('are as wide on integers, where nothing lies between 0 and 1', () => {
      // 8 bits, two a word: pre 1, 0, -1, 127, -128, 0; post 0, 1, 0, -1, 0, 2
      const engine = engineWith(imageOf(program, microcode), {
        state: [0x0001, 0x7fff, 0x0080, 0x0100, 0xff00, 0x0200, 0, 0, 0],
      });
      once(engine);
      const open = [0, 1, 0, 1, 0, 1];
      const closed = [0, 0, 0, 0, 0, 0];
      expect(valuesOf(engine, 'p.shadow')).toEqual([open, closed, open, open, open, closed].flat());
    });
  });

  describe('reduce on float32', () => {
    const size = 37;
    const program = `format: plasticore/program/1
name: reduce
steps: 1
input: pre
populations:
  pre: {size: 2, fields: {sum: {accumulator: 16}}}
  post: {size: ${size}, fields: {x: {bits: 8}, gate: {kind: flag}}}
projections:
  p: {from: pre, to: post}
microcode: {rule: rule.uc}
events:
  tick: [{run: gather, over: p}]
readout: post.x
`;
    const microcode = (gate: string): string => `
kernel gather over synapses${gate}
  ld     r0, post.x
  ld     r1, syn.weight
  mul    r0, r0, r1
  reduce r0, pre.sum
end
`;
    // Irregular numbers over many orders of magnitude, so that the order of additions shows.
    const float = (seed: number): number => Math.fround(Math.sin(seed * 12.9898) * 10 ** (seed % 9));
    const x = Array.from({ length: size }, (_, column) => float(column + 1));
    const weights = Array.from({ length: 2 * size }, (_, synapse) => float(3 * synapse + 2));

    /** Column c adds to sum c mod 16 in ascending order; then 16 sums become 8, 4, 2, 1: i with i + half. */
    function sumOf(row: number, isOpen: (column: number) => boolean): number {
      const partial = new Array<number>(16).fill(0);
      for (let column = 0; column < size; column++) {
        if (!isOpen(column)) continue;
        const term = Math.fround((x[column] ?? 0) * (weights[row * size + column] ?? 0));
        partial[column % 16] = Math.fround((partial[column % 16] ?? 0) + term);
      }
      const join = (sums: number[]): number => {
        const half = sums.length / 2;
        if (sums.length === 1) return sums[0] ?? 0;
        return join(sums.slice(0, half).map((sum, i) => Math.fround(sum + (sums[i + half] ?? 0))));
      };
      return join(partial);
    }

    /** Columns of the first tile, then none for several tiles. */
    const isOpen = (column: number): boolean => column < 3 || column >= 21;

    function run(gate: string, core: string): Core {
      // A row of 37 weights in 19 words of two; the half word after it belongs to nothing. State: pre.sum, post.x,
      // gates.
      const padded = [0, 1].flatMap((row) => [...weights.slice(row * size, (row + 1) * size), 0]);
      const flags = new DataView(new ArrayBuffer(8));
      for (let column = 0; column < size; column++) {
        if (isOpen(column)) {
          const byte = column >> 3;
          flags.setUint8(byte, flags.getUint8(byte) | (1 << (column & 7)));
        }
      }
      const state = Float32Array.of(99, 99, ...x, 0, flags.getFloat32(0, true), flags.getFloat32(4, true));
      const engine = engineWith(imageOf(program, microcode(gate), core), {
        weight: Float32Array.from(padded),
        state,
      });
      once(engine);
      return engine;
    }

    it.each([1, 2, 4, 8, 16, 32])('adds 16 partial sums by column, then a tree, on %i lanes', (lanes) => {
      const core = edit(roundFloatCore, 'lanes: 4', `lanes: ${lanes}`);
      const expected = [sumOf(0, () => true), sumOf(1, () => true)];
      expect(valuesOf(run('', core), 'pre.sum')).toEqual(expected);
      // From left to right it would be another number: the test can tell.
      const leftToRight = x.reduce(
        (sum, value, column) => Math.fround(sum + Math.fround(value * (weights[column] ?? 0))),
        0,
      );
      expect(leftToRight).not.toBe(expected[0]);
    });

    it.each(['skip-tile', 'clock'])('leaves gated columns out, %s', (gate) => {
      const core = edit(roundFloatCore, 'columnGate: skip-tile', `columnGate: ${gate}`);
      expect(valuesOf(run(' where post.gate', core), 'pre.sum')).toEqual([
        sumOf(0, isOpen),
        sumOf(1, isOpen),
      ]);
    });

    it('is priced as a float addition a slot, and fifteen a row', () => {
      const engine = run('', roundFloatCore);
      const { energyPj } = price(engine.counters(), engine.image.costs);
      // 2 rows of 10 tiles of 4 slots. Multiplication 40, addition 10. Words: 19 weights and 19 of x a row; a sum
      // each, which fills half its word: read first.
      expect(energyPj.byWork[workIndex(engine.image, 'gather(p)')]).toBe(
        80 * (40 + 10) + 2 * 15 * 10 + 38 * 5 + (38 + 2) * 1 + 2 * 2,
      );
      expect(costOf(engine.image, 'gather(p)')).toMatchObject({
        intervalCycles: 2, // 4 lanes take two words of either
        boundBy: 'weight bank read ports',
        passCycles: 3 + 2 + 1 + 1, // fill, row, and the word of the sum, which is read, then written
      });
    });
  });

  describe('a NaN', () => {
    const program = (list: string): string => `format: plasticore/program/1
name: nan
steps: 3
input: pre
populations:
  pre: {size: 2, fields: {sum: {bits: 16}}}
  post: {size: 3, fields: {x: {bits: 16}, on: {kind: flag}}}
projections:
  p: {from: pre, to: post}
microcode: {rule: rule.uc}
events:
  tick: [${list}]
readout: post.x
`;
    const microcode = `
kernel cancel over neurons
  ld   r0, self.x
  add  r1, r0, r0
  sub  r1, r1, r1
  st   r1, self.x
end
kernel cancelGated over neurons where self.on
  ld   r0, self.x
  add  r1, r0, r0
  sub  r1, r1, r1
  st   r1, self.x
end
kernel gather over synapses
  ld     r0, post.x
  reduce r0, pre.sum
end
kernel gatherAndCancel over synapses
  ld     r0, post.x
  reduce r0, pre.sum
  add    r1, r0, r0
  sub    r1, r1, r1
  st     r1, post.x
end
`;
    const huge = Math.fround(3e38);

    function start(list: string, ...values: number[]): Core {
      return engineWith(imageOf(program(list), microcode, roundFloatCore), {
        state: Float32Array.of(0, 0, ...values, 0, 0, 0),
      });
    }
    const run = (engine: Core): void => runSample(engine, spikeTrain([], [], []), { label: 0, learn: true });

    it('stops the run with kernel, field, item, sample and step', () => {
      const engine = start('{run: cancel, over: post, from: 1}', 0, 0, 1);
      run(engine);
      const broken = start('{run: cancel, over: post, from: 1}', 0, 1, huge);
      expectError(
        () => run(broken),
        'run',
        "kernel 'cancel'",
        'NaN into post.x[2]',
        'sample 1 of this run, step 1',
      );
    });

    it('stops the run where a sum is one', () => {
      const infinite = Number.POSITIVE_INFINITY;
      expectError(
        () => run(start('{run: gather, over: p}', infinite, 1, -infinite)),
        'run',
        "kernel 'gather'",
        'NaN into pre.sum[0]',
        'step 0',
      );
    });

    it('leaves nothing of the sum of its row to the next run', () => {
      const engine = start('{run: gatherAndCancel, over: p}', 5, 6, huge);
      expectError(() => run(engine), 'run', 'NaN into post.x[2]');
      engine.write(indexOfField(engine.image, 'post.x'), [1, 2, 3]);
      engine.begin({ label: 0, learn: true, steps: 1 });
      engine.step();
      // The first row sums 1, 2 and 3, and leaves zeros to the second.
      expect(valuesOf(engine, 'pre.sum')).toEqual([6, 0]);
    });

    it('does not matter in a column that is gated off', () => {
      const engine = start('{run: cancelGated, over: post}', huge, huge, 5);
      const { banks, generators } = engine.save();
      const [weight, shadow, state] = banks;
      // Three flags after two sums and three numbers, in words of 64 bits: the third is set.
      state?.set([0b100], 6);
      engine.restore({ banks: [weight, shadow, state].filter((bank) => bank !== undefined), generators });
      run(engine);
      expect(valuesOf(engine, 'post.x')).toEqual([huge, huge, 0]);
    });

    it('is not what an infinity is', () => {
      const engine = start('{run: gather, over: p}', huge, huge, huge);
      run(engine);
      expect(valuesOf(engine, 'pre.sum')).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    });
  });

  describe('the weight on float32', () => {
    const program = (list: string): string => `format: plasticore/program/1
name: view
steps: 1
input: pre
populations:
  pre: {size: 1}
  post: {size: 2, fields: {v: {bits: 16}, r: {bits: 16}}}
projections:
  p: {from: pre, to: post}
microcode: {rule: rule.uc}
events:
  tick: [{run: grow, over: p}, {deliver: pre}]
  spike: {pre: [{run: ${list}, over: p}]}
readout: post.v
`;
    const microcode = `
kernel grow over synapses
  ld     r0, syn.shadow
  sra.sr r1, r0, 3
  add    r0, r0, r1
  st     r0, syn.shadow
end
kernel copy over row
  ld   r0, syn.weight
  st   r0, post.v
  mulsra.rn r1, r0, r0, 1
  st   r1, post.r
end
`;

    it('is the shadow weight over 2^8, and no shift rounds', () => {
      const engine = engineWith(imageOf(program('copy'), microcode, roundFloatCore), {
        weight: Float32Array.of(100, -3),
      });
      runSample(engine, spikeTrain([0]), { label: 0, learn: true });
      expect(valuesOf(engine, 'p.shadow')).toEqual([112.5, -3.375]);
      expect(valuesOf(engine, 'post.v')).toEqual([112.5 / 256, -3.375 / 256]);
      expect(valuesOf(engine, 'p.weight')).toEqual([112.5 / 256, -3.375 / 256]);
      expect(valuesOf(engine, 'post.r')).toEqual(
        [(112.5 / 256) ** 2 / 2, (3.375 / 256) ** 2 / 2].map(Math.fround),
      );
      // The lanes have stepped all the same.
      const untouched = engineWith(engine.image).save().generators;
      expect([...engine.save().generators].some((state, lane) => state === untouched[lane])).toBe(false);
    });
  });
});
