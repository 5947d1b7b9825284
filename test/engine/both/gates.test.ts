import { describe, expect, it } from 'vitest';
import { engineNames, runSample } from '../../../src/engine/index.ts';
import { price } from '../../../src/image/index.ts';
import { edit } from '../../hardware/tiny.ts';
import {
  costOf,
  counts,
  countsOf,
  imageOf,
  loaderOn,
  roundCore,
  spikeTrain,
  valuesOf,
  workIndex,
} from '../../support/core.ts';
import { draw, laneWords } from '../../support/xorshift.ts';

describe.each(engineNames)('on the %s engine', (engineName) => {
  const engineWith = loaderOn(engineName);

  // Rows 0 and 2 of three are open, columns 1 and 4 of five. On two lanes the columns are the tiles (0 1) (2 3) (4 -):
  // the second has no active column, and the last is half empty.

  const program = (kernel: string): string => `format: plasticore/program/1
name: gates
steps: 1
input: pre
populations:
  pre: {size: 3, fields: {on: {kind: integer, bits: 8, signed: false}}}
  post: {size: 5, fields: {on: {kind: integer, bits: 8}, drawn: {kind: integer, bits: 16}}}
projections:
  p: {from: pre, to: post, fields: {x: {kind: integer, bits: 16}}}
microcode: {rule: rule.uc}
events:
  tick: [{run: ${kernel}, over: p}]
readout: post.on
`;

  const microcode = `
kernel two over synapses where pre.on and post.on
  rnd    r0, 8
  rnd    r1, 4
  ld     r2, syn.x
  add    r2, r2, r0
  sub    r2, r2, r1
  st     r2, syn.x
end
kernel one over synapses where pre.on and post.on
  rnd    r0, 8
  ld     r2, syn.x
  add    r2, r2, r0
  st     r2, syn.x
end
kernel none over synapses where pre.on and post.on
  sra.sr r0, 77, 0
  rnd    r1, 0
  rnd    r2, 8
  add    r0, r0, r1
  add    r0, r0, r2
  st     r0, syn.x
end
kernel all over synapses
  rnd    r0, 8
  st     r0, syn.x
end
`;

  const twoLanes = edit(roundCore, 'lanes: 4', 'lanes: 2');
  const clock = edit(twoLanes, 'columnGate: skip-tile', 'columnGate: clock');

  // pre.on 1, 0, 255 in words 0, 1; post.on 0, 3, 0, 0, -1 in words 2, 3, 4.
  const gates = [0x0001, 0x00ff, 0x0300, 0x0000, 0x00ff];

  function run(kernel: string, core: string, state: readonly number[] = gates) {
    const engine = engineWith(imageOf(program(kernel), microcode, core), { state });
    runSample(engine, spikeTrain([]), { label: 0, learn: true });
    const x = valuesOf(engine, 'p.x');
    return { engine, rows: [x.slice(0, 5), x.slice(5, 10), x.slice(10)] };
  }

  // Words of seed 1, by lane:
  //   0   1404ec41 b81d9867 693ec00f 96d06a90 ebc6cd71 7f767ce5 adba1690 026445a4
  //   1   1972132e 39e82a05 a9ba1e71 a4fd222b 17b00c97 d27e1746 024d3ead 16814041
  describe('a column gate that skips tiles', () => {
    it('steps every lane once for each draw of a visited tile, in text order', () => {
      const { engine, rows } = run('two', twoLanes);
      expect(rows).toEqual([
        // Column 1, lane 1, words 1 and 2; column 4, lane 0, words 3 and 4: 19 - 3, 69 - 9 (hexadecimal)
        [0, 25 - 3, 0, 0, 105 - 9],
        [0, 0, 0, 0, 0],
        // The closed row took no word: words 5 and 6, then 7 and 8: 17 - d, ad - 0
        [0, 23 - 13, 0, 0, 173 - 0],
      ]);
      expect([...engine.save().generators]).toEqual([0x026445a4, 0x16814041]);
    });

    it('counts the visited tiles, and the words of both gates', () => {
      const { engine } = run('two', twoLanes);
      expect(countsOf(engine, 'two(p)')).toEqual(
        counts({
          runs: 1,
          passes: 2,
          tiles: 4,
          items: 4,
          // Gates: 3 tiles of columns and 2 of rows, 3 words and 2.
          scannedTiles: 5,
          // Words 0, 1 and 4 of a row.
          reads: [0, 6, 5],
          writes: [0, 6, 0],
        }),
      );
      const { workCycles, energyPj } = price(engine.counters(), engine.image.costs);
      expect(costOf(engine.image, 'two(p)')).toMatchObject({ intervalCycles: 2, boundBy: 'integer random' });
      expect(workCycles).toEqual([1 + 2 * (3 + 2) + 4 * 2 + 5]);
      // Slots 4 x 2: two draws at 7; a sum with 16 bits has 17: 3, and the difference. Scans: 5 x 2 compare 8 bits.
      expect(energyPj.byWork[workIndex(engine.image, 'two(p)')]).toBeCloseTo(
        8 * (2 * 7 + 3 + 3) + 10 * 1 + 6 * 3 + 6 * 4 + 5 * 1,
        9,
      );
    });

    it('gives a kernel with one draw the same order', () => {
      // Words 1, 2 in row 0; 3, 4 in row 2: 19, b8; a9, 96
      expect(run('one', twoLanes).rows).toEqual([
        [0, 25, 0, 0, 184],
        [0, 0, 0, 0, 0],
        [0, 169, 0, 0, 150],
      ]);
    });

    it('steps for draws of no bits too', () => {
      // Each tile takes three words and uses the third: 77 + a9, 77 + 7f; 77 + word 9 of lane 1, of lane 0 word 12
      const last = [draw(laneWords(1, 1, 9)[8] ?? 0, 8), draw(laneWords(1, 0, 12)[11] ?? 0, 8)] as const;
      expect(run('none', twoLanes).rows).toEqual([
        [0, 77 + 169, 0, 0, 77 + 127],
        [0, 0, 0, 0, 0],
        [0, 77 + last[0], 0, 0, 77 + last[1]],
      ]);
    });

    it('costs the scans alone where no row, or no column, is open', () => {
      for (const state of [
        [0, 0, 0x0300, 0, 0x00ff],
        [0x0001, 0x00ff, 0, 0, 0],
      ]) {
        const { engine } = run('two', twoLanes, state);
        expect(countsOf(engine, 'two(p)')).toEqual(counts({ runs: 1, scannedTiles: 5, reads: [0, 0, 5] }));
        expect([...engine.save().generators]).not.toContain(0x1404ec41);
      }
    });
  });

  describe('a column gate by clock', () => {
    it('visits every tile of an open row, and steps the lanes for it', () => {
      const { engine, rows } = run('two', clock);
      const lane0 = laneWords(1, 0, 12);
      const lane1 = laneWords(1, 1, 12);
      expect(rows).toEqual([
        // Tile 0 takes words 1 and 2, tile 1 words 3 and 4 for nothing, tile 2 words 5 and 6: eb - 7
        [0, 25 - 3, 0, 0, 235 - 7],
        [0, 0, 0, 0, 0],
        // Words 7 and 8: 02 - 1; 9 and 10 for nothing; 11 and 12
        [0, 2 - 1, 0, 0, draw(lane0[10] ?? 0, 8) - draw(lane0[11] ?? 0, 4)],
      ]);
      expect([...engine.save().generators]).toEqual([lane0[11], lane1[11]]);
    });

    it('counts all tiles, and charges active items only', () => {
      const { engine } = run('two', clock);
      expect(countsOf(engine, 'two(p)')).toEqual(
        counts({
          runs: 1,
          passes: 2,
          tiles: 6,
          items: 4,
          scannedTiles: 5,
          reads: [0, 10, 5],
          writes: [0, 10, 0],
        }),
      );
      const { energyPj } = price(engine.counters(), engine.image.costs);
      expect(energyPj.byWork[workIndex(engine.image, 'two(p)')]).toBeCloseTo(
        4 * (2 * 7 + 3 + 3) + 10 * 1 + 10 * 3 + 10 * 4 + 5 * 1,
        9,
      );
    });

    it('visits the rows that are open even where no column is', () => {
      const { engine } = run('two', clock, [0x0001, 0x00ff, 0, 0, 0]);
      expect(countsOf(engine, 'two(p)')).toMatchObject({ passes: 2, tiles: 6, items: 0 });
      expect(valuesOf(engine, 'p.x')).toEqual(new Array(15).fill(0));
    });
  });

  describe('a kernel without gates', () => {
    it('visits everything, on lanes past the end as well', () => {
      const { engine, rows } = run('all', twoLanes);
      const lanes = [laneWords(1, 0, 9), laneWords(1, 1, 9)];
      // Three tiles a row: column c takes word 3 x row + floor(c / 2) of lane c mod 2.
      const expected = [0, 1, 2].map((row) =>
        [0, 1, 2, 3, 4].map((column) => draw(lanes[column % 2]?.[3 * row + Math.floor(column / 2)] ?? 0, 8)),
      );
      expect(rows).toEqual(expected);
      expect([...engine.save().generators]).toEqual([lanes[0]?.[8], lanes[1]?.[8]]);
      expect(countsOf(engine, 'all(p)')).toEqual(
        counts({ runs: 1, passes: 3, tiles: 9, items: 15, writes: [0, 15, 0] }),
      );
    });
  });

  describe('draws over neurons', () => {
    const neurons = (list: string): string =>
      program('all').replace('tick: [{run: all, over: p}]', `tick: [${list}]`);
    const draws = `
kernel fill over neurons
  rnd  r0, 8
  st   r0, self.drawn
end
kernel open over neurons where self.on
  rnd  r0, 8
  st   r0, self.drawn
end
kernel mark over neuron
  rnd  r0, 8
  st   r0, self.on
end
`;

    it('take a word of every lane for each tile of a population', () => {
      const engine = engineWith(imageOf(neurons('{run: fill, over: post}'), draws, twoLanes));
      runSample(engine, spikeTrain([]), { label: 0, learn: true });
      // Lane 0: 14, b8, 69; lane 1: 19, 39, and a word for the column that is not there
      expect(valuesOf(engine, 'post.drawn')).toEqual([0x14, 0x19, 0xb8, 0x39, 0x69]);
      expect([...engine.save().generators]).toEqual([0x693ec00f, 0xa9ba1e71]);
    });

    it('are gated by a field of the neuron', () => {
      const engine = engineWith(imageOf(neurons('{run: open, over: post}'), draws, twoLanes), {
        state: gates,
      });
      runSample(engine, spikeTrain([]), { label: 0, learn: true });
      expect(valuesOf(engine, 'post.drawn')).toEqual([0, 0x19, 0, 0, 0xb8]);
      expect(countsOf(engine, 'open(post)')).toEqual(
        // Words of 16 bits filled by an item each: not read before they are written. Tiles of two words and of one.
        counts({
          runs: 1,
          passes: 1,
          tiles: 2,
          items: 2,
          scannedTiles: 3,
          reads: [0, 0, 3],
          writes: [0, 0, 3],
        }),
      );
    });

    it('take a word of every lane for the one neuron of an event, in the lane of its column', () => {
      const text = neurons('{deliver: pre}').replace(
        '  tick:',
        '  spike: {pre: [{run: mark, over: pre}]}\n  tick:',
      );
      const engine = engineWith(imageOf(text, draws, twoLanes));
      runSample(engine, spikeTrain([1, 2, 1]), { label: 0, learn: true });
      // Neuron 1 in lane 1: 19, overwritten by a9; neuron 2 in lane 0: b8
      expect(valuesOf(engine, 'pre.on')).toEqual([0, 0xa9, 0xb8]);
      // Half a word each, so each write reads the word first.
      expect(countsOf(engine, 'mark(pre)')).toEqual(
        counts({ runs: 3, passes: 3, tiles: 3, items: 3, reads: [0, 0, 3], writes: [0, 0, 3] }),
      );
    });
  });
});
