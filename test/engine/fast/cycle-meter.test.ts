import { describe, expect, test } from 'vitest';
import { CycleMeter } from '../../../src/engine/fast/core-module.ts';
import { readCounters } from '../../../src/engine/fast/plan/counters/counter-map.ts';
import { compileModule } from '../../../src/engine/index.ts';
import { busyCycles } from '../../../src/image/index.ts';
import { imageOf, randomProgram } from '../random/program.ts';

const seeds = Array.from({ length: 30 }, (_, index) => 1 + index);

describe('the cycles of a core', () => {
  test.each(seeds)('are those of the counters that its slots stand for, each by itself (seed %i)', (seed) => {
    const image = imageOf(randomProgram(seed, 'one core'));
    const module = compileModule(image, []);
    const slots = new BigInt64Array(module.counters.slots);
    const words = new Uint32Array(slots.buffer);
    const meter = new CycleMeter(module);
    for (const slot of slots.keys()) {
      // More than one half of a slot holds.
      slots[slot] = 5_000_000_000n;
      const expected = busyCycles(readCounters(image, module.counters, slots), image.costs);
      expect(meter.cyclesOf(words), `slot ${slot}`).toBeCloseTo(expected, 3);
      slots[slot] = 0n;
    }
  });
});
