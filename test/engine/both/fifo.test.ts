import { describe, expect, it } from 'vitest';
import { type Core, engineNames, runSample } from '../../../src/engine/index.ts';
import { leftInFifo, price } from '../../../src/image/index.ts';
import { phaseReport } from '../../../src/report/index.ts';
import { edit } from '../../hardware/tiny.ts';
import { countsOf, imageOf, loaderOn, spikeTrain, valuesOf } from '../../support/core.ts';
import { queueCore, queueProgram, queueRules } from '../../support/queue.ts';

describe.each(engineNames)('on the %s engine', (engineName) => {
  const engineWith = loaderOn(engineName);

  function run(depth: number, whenFull: string, inputs: readonly number[]): Core {
    const engine = engineWith(imageOf(queueProgram, queueRules, queueCore(depth, whenFull)));
    runSample(engine, spikeTrain(inputs), { label: 0, learn: false });
    return engine;
  }

  const events = (engine: Core) => {
    const { pushes, pops, drops, stalls, spikes } = engine.counters();
    return { pushes, pops, drops, stalls, spikes };
  };

  describe('the FIFO', () => {
    it('serves in the order of emission', () => {
      const engine = run(64, 'stall', []);
      expect(valuesOf(engine, 'b.log')).toEqual([0o123456]);
      expect(events(engine)).toEqual({ pushes: 6, pops: 6, drops: 0, stalls: 0, spikes: [0, 6, 0] });
    });

    it('serves the input in the order in which the host supplies it', () => {
      const engine = run(64, 'stall', [4, 0, 4]);
      expect(valuesOf(engine, 'b.log')).toEqual([0o515123456]);
      expect(events(engine)).toEqual({ pushes: 9, pops: 9, drops: 0, stalls: 0, spikes: [3, 6, 0] });
    });

    it.each([
      // Tiles of four and two spikes; a tile waits once, however many of its spikes do.
      [1, 5, 2],
      [2, 4, 2],
      [4, 2, 1],
      [5, 1, 1],
      [6, 0, 0],
    ])('of depth %i stalls %i times on six spikes, and %i tiles wait', (depth, stalls, suspensions) => {
      const engine = run(depth, 'stall', []);
      expect(valuesOf(engine, 'b.log')).toEqual([0o123456]);
      expect(events(engine)).toEqual({ pushes: 6, pops: 6, drops: 0, stalls, spikes: [0, 6, 0] });
      expect(engine.spikesOf(1)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(countsOf(engine, 'append(fromA)')).toMatchObject({ runs: 6, passes: 6, tiles: 6, items: 6 });
      expect(countsOf(engine, 'fire(a)')).toMatchObject({
        runs: 1,
        passes: 1,
        tiles: 2,
        items: 6,
        suspensions,
      });
      const { cycles } = price(engine.counters(), engine.image.costs);
      // append: 1 to start, 3 + 2 a row, two additions: the interval is 2.
      // One thing at a time is under way: a stall moves the service of the head. A tile that waits fills its pipeline
      // again.
      // fire: 1, 3, two tiles of one word of four: 2 operations of different classes, so 1 each. An event: 1.
      expect(cycles).toBe(6 * (1 + 5 + 2) + (1 + 3 + 2 * 1 + suspensions * 3) + 6);
    });

    it.each([
      [1, 0o1, 5],
      [4, 0o1234, 2],
    ])('of depth %i drops what comes when it is full', (depth, log, drops) => {
      const engine = run(depth, 'drop', []);
      expect(valuesOf(engine, 'b.log')).toEqual([log]);
      // They spiked: what is lost is the event.
      expect(events(engine)).toEqual({ pushes: depth, pops: depth, drops, stalls: 0, spikes: [0, 6, 0] });
      expect(engine.spikesOf(1)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(countsOf(engine, 'append(fromA)').runs).toBe(depth);
    });

    it.each(['stall', 'drop'])('makes the host wait, and loses no input (%s)', (whenFull) => {
      const deep = run(64, whenFull, [5, 4, 3, 2]);
      const shallow = run(2, 'stall', [5, 4, 3, 2]);
      expect(valuesOf(deep, 'b.log')).toEqual([Number(BigInt.asUintN(30, 0o6543123456n))]);
      expect(valuesOf(shallow, 'b.log')).toEqual(valuesOf(deep, 'b.log'));
      // The third and the fourth input wait, and the third to the sixth spike of `a`.
      expect(events(shallow)).toMatchObject({ pushes: 10, pops: 10, stalls: 2 + 4 });
      const lossy = run(2, 'drop', [5, 4, 3, 2]);
      expect(valuesOf(lossy, 'b.log')).toEqual([0o654312]);
      expect(events(lossy)).toEqual({ pushes: 6, pops: 6, drops: 4, stalls: 2, spikes: [4, 6, 0] });
    });

    it('keeps what no deliver has served for the next step', () => {
      const late = edit(
        queueProgram,
        '{deliver: in}, {run: fire, over: a}, {deliver: a}',
        '{deliver: in}, {run: fire, over: a}',
      );
      const engine = engineWith(
        imageOf(late.replace('steps: 1', 'steps: 2'), queueRules, queueCore(64, 'drop')),
      );
      runSample(engine, spikeTrain([], [2]), { label: 0, learn: false });
      // Step 1 delivers the six spikes of step 0, then the input that came after them; its own six are left over.
      expect(valuesOf(engine, 'b.log')).toEqual([0o1234563]);
      expect(events(engine)).toMatchObject({ pushes: 13, pops: 7 });
      // A sample starts with an empty FIFO.
      runSample(engine, spikeTrain([], []), { label: 0, learn: false });
      expect(events(engine)).toMatchObject({ pushes: 25, pops: 13 });
    });

    // Such a program emits behind the last deliver of its tick list: what it emits in the last step is served by none.
    it('forgets at the end of a sample what no deliver has served, and counts it as left', () => {
      const late = edit(
        edit(queueProgram, '{run: fire, over: a}, {deliver: a}', '{run: fire, over: a}'),
        'steps: 1',
        'steps: 2',
      );
      const engine = engineWith(imageOf(late, queueRules, queueCore(4, 'drop')));
      runSample(engine, spikeTrain([], [2]), { label: 0, learn: false });
      // Of six spikes four find a place. The input of step 1 waits until the first of them is served.
      expect(valuesOf(engine, 'b.log')).toEqual([0o12343]);
      const first = engine.counters();
      expect(events(engine)).toEqual({ pushes: 9, pops: 5, drops: 4, stalls: 1, spikes: [1, 12, 0] });
      expect(leftInFifo(first)).toBe(4);
      expect(engine.checkpoint().waiting).toHaveLength(4);

      engine.begin({ label: 0, learn: false, steps: 2 });
      expect(engine.checkpoint().waiting).toEqual([]);
      runSample(engine, spikeTrain([], []), { label: 0, learn: false });
      expect(valuesOf(engine, 'b.log')).toEqual([0o123431234]);
      expect(events(engine)).toEqual({ pushes: 17, pops: 9, drops: 8, stalls: 1, spikes: [1, 24, 0] });
      // Every spike was pushed or dropped, and what was pushed was served or is left.
      const { router } = phaseReport(engine.image, {
        samples: 2,
        accuracy: null,
        counters: engine.counters(),
      }).counters;
      expect(router).toMatchObject({ pushes: 17, pops: 9, drops: 8, left: 4 + 4 });
    });
  });
});
