import { describe, expect, it } from 'vitest';
import { type Core, engineNames, predict, runSample } from '../../../src/engine/index.ts';
import type { HwModel } from '../../../src/hardware/index.ts';
import { price } from '../../../src/image/index.ts';
import { costOf, counts, countsOf, indexOfField, packed, valuesOf, workIndex } from '../../support/core.ts';
import { laneWords } from '../../support/xorshift.ts';
import { handCore, handEngine as loadHand, runHandSample } from './hand-network.ts';

describe.each(engineNames)('on the %s engine', (engineName) => {
  const handEngine = (hw: HwModel): Core => loadHand(hw, engineName);

  // A network 3-2-2, two steps, on 4 lanes, worked out by hand. Numbers below are plain; `>>` rounds down.
  //
  // Only the weight update draws. Each visited row is one tile, and each tile steps all four lanes once; lanes 2 and 3
  // hold no column. The words of lanes 0 and 1 for seed 1, and the draws taken from their tops:
  //
  //   1  out 0, step 0, 5 bits   1404ec41 -> 00010    2    1972132e -> 00011    3
  //   2  in 0,  step 0, 4 bits   b81d9867 -> b       11    39e82a05 -> 3        3 (not used: its column is gated)
  //   3  in 2,  step 0, 4 bits   693ec00f -> 6        6    a9ba1e71 -> a       10 (not used)
  //   4  out 0, step 1, 5 bits   96d06a90 -> 10010   18    a4fd222b -> 10100   20
  //   5  out 1, step 1, 5 bits   ebc6cd71 -> 11101   29    17b00c97 -> 00010    2
  //   6  in 0,  step 1, 4 bits   7f767ce5 -> 7        7    d27e1746 -> d       13
  //   7  in 1,  step 1, 4 bits   adba1690 -> a       10    024d3ead -> 0        0
  //   8  in 2,  step 1, 4 bits   026445a4 -> 0        0    16814041 -> 1        1
  const drawn = {
    lane0: [0x1404ec41, 0xb81d9867, 0x693ec00f, 0x96d06a90, 0xebc6cd71, 0x7f767ce5, 0xadba1690, 0x026445a4],
    lane1: [0x1972132e, 0x39e82a05, 0xa9ba1e71, 0xa4fd222b, 0x17b00c97, 0xd27e1746, 0x024d3ead, 0x16814041],
  };

  // Step 0: inputs 0 and 2 spike.
  //   input.trace   0 -> [64, 0, 64]
  //   hidden.v      [78 + 61, -20 + 35] = [139, 15]
  //   box           [|139 - 128| = 11 < 64, |15 - 128| = 113]  = [1, 0]
  //   fire          139 >= 128: 11, less 11 >> 1 = 5: 6; 15 less 7: 8. Neuron 0 spikes.
  //   hidden.trace  [64, 0];   output.v  [31, -27]
  //   error         clip([31, -27] >> 1) = [15, 0];  [0 - 15, 127 - 0] = [-15, 127]
  //   feedback      row 0: -15 x 31 + 127 x -27 = -465 - 3429 = -3894; row 1 is not in its box and keeps its 1000
  //   signal        -3894 >> 6 = -61 (from -60.8); no box: 0
  //   learn out 0   64 x [-15, 127] = [-960, 8128]; (-960 + 2) >> 5 = -30, (8128 + 3) >> 5 = 254
  //                 [8000 - 30, -7000 + 254] = [7970, -6746]; weights (7970 + 128) >> 8 = 31, (-6746 + 128) >> 8 = -26
  //   learn in 0    64 x -61 = -3904; (-3904 + 11) >> 4 = -244 (from -243.3): 20000 - 244 = 19756, weight 77
  //   learn in 2                      (-3904 + 6) >> 4 = -244 (from -243.6): 15488 - 244 = 15244, weight 60
  const afterStep0 = {
    'input.trace': [64, 0, 64],
    'hidden.v': [6, 8],
    'hidden.trace': [64, 0],
    'hidden.box': [1, 0],
    'hidden.feedback': [-3894, 1000],
    'hidden.signal': [-61, 0],
    'output.v': [31, -27],
    'output.signal': [-15, 127],
    'in.shadow': [19756, -5000, 12800, 32767, 15244, 9000],
    'in.weight': [77, -20, 50, 127, 60, 35],
    'out.shadow': [7970, -6746, 30000, 32700],
    'out.weight': [31, -26, 117, 127],
  };

  // Step 1: inputs 1 and 2 spike.
  //   leak          output.v [31 - 7, -27 + 7] = [24, -20]   (-27 >> 2 = -7)
  //   decay         input.trace [64 - 32, 0, 64 - 32]; hidden.trace [64 - 16, 0]
  //   input.trace   [32, 64, 96]
  //   hidden.v      [6 + 50 + 60, 8 + 127 + 35] = [116, 170]
  //   box           [|116 - 128| = 12, |170 - 128| = 42] = [1, 1]
  //   fire          116 less 58: 58; 170 - 128 = 42 less 21: 21. Neuron 1 spikes.
  //   hidden.trace  [48, 64];  output.v  [24 + 117, -20 + 127] = [141, 107]
  //   error         clip([141, 107] >> 1) = [70, 53];  [-70, 127 - 53] = [-70, 74]
  //   feedback      -70 x 31 + 74 x -26 = -2170 - 1924 = -4094;  -70 x 117 + 74 x 127 = -8190 + 9398 = 1208
  //   signal        -4094 >> 6 = -64 (from -63.97); 1208 >> 6 = 18 (from 18.9)
  //   learn out 0   48 x [-70, 74] = [-3360, 3552]; (-3360 + 18) >> 5 = -105, (3552 + 20) >> 5 = 111: [7865, -6635]
  //   learn out 1   64 x [-70, 74] = [-4480, 4736]; (-4480 + 29) >> 5 = -140, (4736 + 2) >> 5 = 148: 29860, and
  //                 32700 + 148 = 32848 saturates at 32767
  //   learn in 0    32 x [-64, 18] = [-2048, 576]; (-2048 + 7) >> 4 = -128, (576 + 13) >> 4 = 36: [19628, -4964]
  //   learn in 1    64 x ... = [-4096, 1152]; (-4096 + 10) >> 4 = -256, (1152 + 0) >> 4 = 72: 12544, and
  //                 32767 + 72 saturates at 32767
  //   learn in 2    96 x ... = [-6144, 1728]; (-6144 + 0) >> 4 = -384, (1728 + 1) >> 4 = 108: [14860, 9108]
  //   weights       (19628 + 128) >> 8 = 77, (-4964 + 128) >> 8 = -19, 49, 127, 58, 36;  31, -26, 117, 127
  const after = {
    'input.trace': [32, 64, 96],
    'hidden.v': [58, 21],
    'hidden.trace': [48, 64],
    'hidden.box': [1, 1],
    'hidden.feedback': [-4094, 1208],
    'hidden.signal': [-64, 18],
    'output.v': [141, 107],
    'output.signal': [-70, 74],
    'in.shadow': [19628, -4964, 12544, 32767, 14860, 9108],
    'in.weight': [77, -19, 49, 127, 58, 36],
    'out.shadow': [7865, -6635, 29860, 32767],
    'out.weight': [31, -26, 117, 127],
  };

  function everything(engine: ReturnType<typeof handEngine>): Record<string, number[]> {
    return Object.fromEntries(engine.image.fields.map(({ name }) => [name, valuesOf(engine, name)]));
  }

  describe('the hand-sized network', () => {
    it('draws the words that the calculation uses', () => {
      expect(laneWords(1, 0, 8)).toEqual(drawn.lane0);
      expect(laneWords(1, 1, 8)).toEqual(drawn.lane1);
    });

    it.each(['stored', 'sliced'])('computes both steps with %s inference weights', (weights) => {
      const engine = handEngine(handCore(['inferenceWeights: stored', `inferenceWeights: ${weights}`]));
      const seen: Record<string, number[]>[] = [];
      const spikes: (readonly number[])[] = [];
      runHandSample(engine, () => {
        seen.push(everything(engine));
        spikes.push([...engine.spikesOf(0)], [...engine.spikesOf(1)], [...engine.spikesOf(2)]);
      });
      expect(seen).toEqual([afterStep0, after]);
      expect(spikes).toEqual([[0, 2], [0], [], [1, 2], [1], []]);
      expect(predict(engine)).toBe(0);
    });

    it('leaves the bits of every bank, and every lane eight words on', () => {
      const engine = handEngine(handCore());
      runHandSample(engine);
      const { banks, generators } = engine.save();
      // Two 8-bit weights a word, the first in the low byte.
      expect(banks[0]).toEqual(packed([0xed4d, 0x7f31, 0x243a, 0xe61f, 0x7f75], 16));
      expect(banks[1]).toEqual(
        packed([19628, -4964, 12544, 32767, 14860, 9108, 7865, -6635, 29860, 32767], 16),
      );
      // Traces 32, 64 | 96; membranes; traces 48, 64; boxes, a bit each; gathered errors; signals -64, 18; membranes;
      // errors -70, 74.
      expect(banks[2]).toEqual(
        packed([0x4020, 96, 58, 21, 0x4030, 0b11, -4094, 1208, 0x12c0, 141, 107, 0x4aba], 16),
      );
      expect([...generators]).toEqual([0, 1, 2, 3].map((lane) => laneWords(1, lane, 8).at(-1)));
    });

    it('counts visits and words of each kernel and bank', () => {
      const engine = handEngine(handCore());
      runHandSample(engine);
      const of = (work: string) => countsOf(engine, work);
      // Words, 16 bits: input.trace 2, hidden.v 2, hidden.trace 1, box 1, feedback 2, signal 1, output.v 2, signal 1.
      expect(of('clear hidden.v, output.v')).toEqual(counts({ runs: 1, tiles: 4, writes: [0, 0, 4] }));
      expect(of('clear input.trace, hidden.trace')).toEqual(counts({ runs: 1, tiles: 3, writes: [0, 0, 3] }));
      const twice = { runs: 2, passes: 2, tiles: 2 };
      expect(of('leak(output)')).toEqual(counts({ ...twice, items: 4, reads: [0, 0, 4], writes: [0, 0, 4] }));
      // The only tile of the three inputs is part empty.
      expect(of('decay(input)')).toEqual(counts({ ...twice, items: 6, reads: [0, 0, 4], writes: [0, 0, 4] }));
      expect(of('decay(hidden)')).toEqual(
        counts({ ...twice, items: 4, reads: [0, 0, 2], writes: [0, 0, 2] }),
      );
      // Four input spikes, each one neuron: a word read, and so not read again for the write of half of it.
      const each = { runs: 4, passes: 4, tiles: 4 };
      expect(of('mark(input)')).toEqual(counts({ ...each, items: 4, reads: [0, 0, 4], writes: [0, 0, 4] }));
      // A row: one word of two weights, and two membranes.
      expect(of('integrate(in)')).toEqual(counts({ ...each, items: 8, reads: [4, 0, 8], writes: [0, 0, 8] }));
      expect(of('surrogate(hidden)')).toEqual(
        counts({ ...twice, items: 4, reads: [0, 0, 4], writes: [0, 0, 2] }),
      );
      expect(of('fire(hidden)')).toEqual(counts({ ...twice, items: 4, reads: [0, 0, 4], writes: [0, 0, 4] }));
      expect(of('mark(hidden)')).toEqual(counts({ ...twice, items: 2, reads: [0, 0, 2], writes: [0, 0, 2] }));
      expect(of('integrate(out)')).toEqual(
        counts({ ...twice, items: 4, reads: [2, 0, 4], writes: [0, 0, 4] }),
      );
      expect(of('error(output)')).toEqual(
        counts({ ...twice, items: 4, reads: [0, 0, 4], writes: [0, 0, 2] }),
      );
      expect(of('any output.signal')).toEqual(counts({ runs: 2, scannedTiles: 2, reads: [0, 0, 2] }));
      // Gates: a word and a tile each for box and signal, twice. Then rows 0; 0, 1: a word of signals, a word of
      // weights, a sum that fills its word and therefore is written without reading it.
      expect(of('feedback(out)')).toEqual(
        counts({
          runs: 2,
          passes: 3,
          tiles: 3,
          items: 6,
          scannedTiles: 4,
          reads: [3, 0, 7],
          writes: [0, 0, 3],
        }),
      );
      expect(of('signal(hidden)')).toEqual(
        counts({ ...twice, items: 4, reads: [0, 0, 6], writes: [0, 0, 2] }),
      );
      // Gates: 2 words, twice. Rows 0; 0, 1: a trace, a word of signals, two shadow weights, and the word of weights,
      // which the gated write reads first.
      expect(of('learn(out)')).toEqual(
        counts({
          runs: 2,
          passes: 3,
          tiles: 3,
          items: 6,
          scannedTiles: 4,
          reads: [3, 6, 10],
          writes: [3, 6, 0],
        }),
      );
      // Gates: 2 words of traces and 1 of signals, twice. Rows 0, 2 with one active column; 0, 1, 2 with two.
      expect(of('learn(in)')).toEqual(
        counts({
          runs: 2,
          passes: 5,
          tiles: 5,
          items: 8,
          scannedTiles: 4,
          reads: [5, 10, 16],
          writes: [5, 10, 0],
        }),
      );
      const { work, ...events } = engine.counters();
      expect(work).toHaveLength(17);
      expect(events).toEqual({
        spikes: [4, 2, 0],
        pushes: 6,
        pops: 6,
        drops: 0,
        stalls: 0,
        samples: 1,
        steps: 2,
      });
    });

    it('takes the interval of each kernel from its busiest resource', () => {
      const { image } = handEngine(handCore());
      const of = (work: string) => [costOf(image, work).intervalCycles, costOf(image, work).boundBy];
      // Of two neurons or synapses: 2 words of membranes or shadows, 1 of signals, boxes or weights.
      expect(of('leak(output)')).toEqual([2, 'state bank read ports']);
      expect(of('decay(input)')).toEqual([2, 'integer add']); // the rounding add and the subtraction
      expect(of('mark(input)')).toEqual([1, 'issue']);
      expect(of('integrate(in)')).toEqual([2, 'state bank read ports']);
      expect(of('error(output)')).toEqual([3, 'integer compare']);
      expect(of('feedback(out)')).toEqual([1, 'issue']);
      expect(of('signal(hidden)')).toEqual([3, 'state bank read ports']); // 2 of feedback, 1 of boxes
      expect(of('learn(in)')).toEqual([3, 'integer add']); // rounding, update, view
      expect(costOf(image, 'signal(hidden)').utilisation).toEqual({
        issue: 1 / 3,
        'integer shift': 1 / 3,
        'integer compare': 2 / 3,
        'integer logic': 1 / 3,
        'state bank read ports': 1,
        'state bank write ports': 1 / 3,
      });
    });

    it('takes 296 cycles', () => {
      const engine = handEngine(handCore());
      runHandSample(engine);
      const { cycles, latencyNs, workCycles } = price(engine.counters(), engine.image.costs);
      // runs x 1 + passes x (fill 3, rows 2 more, and the words of the pre-synaptic neuron) + tiles x interval + scans
      const expected = {
        'clear hidden.v, output.v': 1 + 4,
        'clear input.trace, hidden.trace': 1 + 3,
        'leak(output)': 2 + 2 * 3 + 2 * 2,
        'decay(input)': 2 + 2 * 3 + 2 * 2,
        'decay(hidden)': 2 + 2 * 3 + 2 * 2,
        'mark(input)': 4 + 4 * 3 + 4 * 1,
        'integrate(in)': 4 + 4 * 5 + 4 * 2,
        'surrogate(hidden)': 2 + 2 * 3 + 2 * 2,
        'fire(hidden)': 2 + 2 * 3 + 2 * 2,
        'mark(hidden)': 2 + 2 * 3 + 2 * 1,
        'integrate(out)': 2 + 2 * 5 + 2 * 2,
        'error(output)': 2 + 2 * 3 + 2 * 3,
        'any output.signal': 2 + 2,
        'feedback(out)': 2 + 3 * 6 + 3 * 1 + 4,
        'signal(hidden)': 2 + 2 * 3 + 2 * 3,
        'learn(out)': 2 + 3 * 6 + 3 * 3 + 4,
        'learn(in)': 2 + 5 * 6 + 5 * 3 + 4,
      };
      const found = Object.fromEntries(engine.image.work.map((name, index) => [name, workCycles[index]]));
      expect(found).toEqual(expected);
      expect(cycles).toBe(290 + 6); // and a cycle for each of six events
      expect(latencyNs).toBe(2960); // at 100 MHz
    });

    it('spends the cost of its operations and words', () => {
      const engine = handEngine(handCore());
      runHandSample(engine);
      const { energyPj } = price(engine.counters(), engine.image.costs);
      const of = (work: string) => energyPj.byWork[workIndex(engine.image, work)];
      // Slots are tiles x 4. Widths from the ranges of the operands: a membrane has 16 bits, a sum of two 17, so 32.
      expect(of('leak(output)')).toBe(8 * (2 + 3) + 4 * 1 + 4 * 2); // sra 16, sub 32
      expect(of('decay(input)')).toBe(8 * (1 + 1 + 2) + 4 * 1 + 4 * 2); // sra 8 and its rounding add; sub from -128 to 255
      expect(of('decay(hidden)')).toBe(8 * (1 + 1 + 2) + 2 * 1 + 2 * 2);
      expect(of('mark(input)')).toBe(16 * 2 + 4 * 1 + 4 * 2); // add up to 319
      expect(of('integrate(in)')).toBe(16 * 3 + 4 * 5 + 8 * 1 + 8 * 2); // no shift by zero
      expect(of('surrogate(hidden)')).toBe(8 * (3 + 3 + 2) + 4 * 1 + 2 * 2); // sub, abs, compare up to 32896: 16 bits
      expect(of('fire(hidden)')).toBe(8 * (2 + 3 + 3 + 3 + 3) + 4 * 1 + 4 * 2); // compare, sub, sel, sra, sub
      expect(of('mark(hidden)')).toBe(8 * 2 + 2 * 1 + 2 * 2);
      expect(of('integrate(out)')).toBe(8 * 3 + 2 * 5 + 4 * 1 + 4 * 2);
      // sra, clip as two comparisons, compare of index and label (0 or 1), sel, sub
      expect(of('error(output)')).toBe(8 * (2 + 2 * 2 + 1 + 1 + 1) + 4 * 1 + 2 * 2);
      expect(of('any output.signal')).toBe(2 * 4 * 1 + 2 * 1);
      // mul 8, reduce 16, and 15 additions of 16 bits join the partial sums of a row; gates compare at 8 bits
      expect(of('feedback(out)')).toBe(12 * (4 + 2) + 3 * 15 * 2 + 4 * 4 * 1 + 3 * 5 + 7 * 1 + 3 * 2);
      expect(of('signal(hidden)')).toBe(8 * (2 + 2 * 2 + 1) + 6 * 1 + 2 * 2);
      // mul 16 (0 to 255 x -127 to 127); sra.sr 16: shift, add, random; add 32; the view: add and compare at 16
      const update = 5 + (2 + 2 + 7) + 3 + (2 + 2);
      expect(of('learn(out)')).toBe(12 * update + 4 * 4 * 1 + 3 * 5 + 3 * 6 + 6 * 3 + 6 * 4 + 10 * 1);
      expect(of('learn(in)')).toBe(20 * update + 4 * 4 * 1 + 5 * 5 + 5 * 6 + 10 * 3 + 10 * 4 + 16 * 1);

      expect(energyPj.byUnit.router).toBe(6 * 1 + 6 * 2);
      expect(energyPj.byUnit.leakage).toBeCloseTo((1 + 2 + 3) * 2.96, 10); // uW x us = pJ
      expect(energyPj.byUnit.static).toBeCloseTo(10 * 2.96, 10);
      // Words read: 4 + 2 + 3 + 3 + 5 weights, 6 + 10 shadows; words written: 3 + 5 and 6 + 10.
      expect(energyPj.byUnit['weight bank']).toBe(17 * 5 + 8 * 6);
      expect(energyPj.byUnit['shadow bank']).toBe(16 * 3 + 16 * 4);
      // 4+4+2+4+8+4+4+2+4+4+2+7+6+10+16 = 81 read; 4+3+4+4+2+4+8+2+4+2+4+2+3+2 = 48 written
      expect(energyPj.byUnit['state bank']).toBe(81 * 1 + 48 * 2);
      expect(energyPj.byUnit.random).toBe(7 * (12 + 20));
      expect(energyPj.byUnit.multiply).toBe(12 * 4 + 5 * (12 + 20));
      expect(energyPj.byUnit.move).toBeUndefined();
      // Units and router rest on the paper; banks, leakage and static power on the guess.
      const work =
        52 + 44 + 38 + 44 + 92 + 72 + 124 + 22 + 46 + 80 + 10 + 206 + 66 + 377 + 617 + 4 * 2 + 3 * 2;
      expect(energyPj.total).toBeCloseTo(work + 18 + 16 * 2.96, 9);
      const banks = 133 + 112 + 177;
      expect(energyPj.bySourceKind.derived).toBeCloseTo(banks + 16 * 2.96, 9);
      expect(energyPj.bySourceKind.measured).toBeCloseTo(work - banks + 18, 9);
    });

    it('reads shadow weights in their place on a core that slices', () => {
      const engine = handEngine(handCore(['inferenceWeights: stored', 'inferenceWeights: sliced']));
      runHandSample(engine);
      const { image } = engine;
      expect(image.banks.map(({ usedWords }) => usedWords)).toEqual([0, 10, 12]);
      // Two words of one shadow weight a row, where there was one word of two weights; updates write no copy.
      const rows = { runs: 4, passes: 4, tiles: 4, items: 8 };
      expect(countsOf(engine, 'integrate(in)')).toEqual(
        counts({ ...rows, reads: [0, 8, 8], writes: [0, 0, 8] }),
      );
      expect(countsOf(engine, 'feedback(out)').reads).toEqual([0, 6, 7]);
      expect(countsOf(engine, 'learn(in)')).toMatchObject({ reads: [0, 10, 16], writes: [0, 10, 0] });
      // The rounding adder, an add and a comparison of 16 bits, is on the read path.
      const { energyPj } = price(engine.counters(), image.costs);
      const of = (work: string) => energyPj.byWork[workIndex(image, work)];
      expect(of('integrate(in)')).toBe(16 * (3 + 2 + 2) + 8 * 3 + 8 * 1 + 8 * 2);
      expect(of('learn(in)')).toBe(20 * (5 + 2 + 2 + 7 + 3) + 4 * 4 * 1 + 10 * 3 + 10 * 4 + 16 * 1);
      expect(costOf(image, 'feedback(out)')).toMatchObject({
        intervalCycles: 2, // the rounding adder and the sum, or two words of shadow weights
        boundBy: 'integer add',
      });
    });

    it('computes the same where columns are gated by clock, which saves the energy of idle lanes', () => {
      const engine = handEngine(handCore(['columnGate: skip-tile', 'columnGate: clock']));
      runHandSample(engine);
      expect(everything(engine)).toEqual(after);
      const { energyPj } = price(engine.counters(), engine.image.costs);
      // 8 active columns rather than 5 tiles of 4 lanes.
      expect(energyPj.byWork[workIndex(engine.image, 'learn(in)')]).toBe(
        8 * (5 + (2 + 2 + 7) + 3 + (2 + 2)) + 4 * 4 * 1 + 5 * 5 + 5 * 6 + 10 * 3 + 10 * 4 + 16 * 1,
      );
    });

    it('runs nothing of learning where the sample does not learn', () => {
      const engine = handEngine(handCore());
      const initial = valuesOf(engine, 'in.shadow');
      runSample(
        engine,
        { steps: 2, offsets: Uint32Array.of(0, 2, 4), indices: Uint16Array.of(0, 2, 1, 2) },
        {
          label: 1,
          learn: false,
        },
      );
      // As above with the weights of the start: step 0 leaves [6, 8] and [31, -27]. Step 1: 6 + 50 + 61 = 117, less 58
      // is 59; 170 fires. Output [24 + 117, -20 + 127].
      expect(valuesOf(engine, 'hidden.v')).toEqual([59, 21]);
      expect(valuesOf(engine, 'output.v')).toEqual([141, 107]);
      expect(valuesOf(engine, 'in.shadow')).toEqual(initial);
      expect(valuesOf(engine, 'input.trace')).toEqual([255, 255, 255]); // not even cleared
      const ran = engine.image.work.filter((_, index) => (engine.counters().work[index]?.runs ?? 0) > 0);
      expect(ran.sort()).toEqual([
        'clear hidden.v, output.v',
        'fire(hidden)',
        'integrate(in)',
        'integrate(out)',
        'leak(output)',
      ]);
      expect(engine.read(indexOfField(engine.image, 'hidden.feedback'))).toEqual(Float64Array.of(500, 1000));
    });
  });
});
