import { busyCycles } from '../../image/index.ts';
import type { CoreModule } from './core-module.ts';
import { readCounters } from './plan/counters/read-counters.ts';

/** By module: the cycles that each count in a slot stands for. */
const known = new WeakMap<CoreModule, Float64Array>();

/**
 * The cycles that counts stand for. They are a weighted sum of the slots in the linear memory, since a core's cycles are
 * linear in its counts. The weights are found by pricing a single count in each slot.
 */
export function cyclesOf(module: CoreModule, slots: BigInt64Array): number {
  const weights = known.get(module) ?? weightsOf(module);
  known.set(module, weights);
  // Two halves each, since a BigInt is slow.
  const words = new Uint32Array(slots.buffer, slots.byteOffset, 2 * slots.length);
  let cycles = 0;
  for (let slot = 0; slot < weights.length; slot++) {
    const weight = weights[slot] ?? 0;
    if (weight !== 0) cycles += weight * ((words[2 * slot] ?? 0) + 2 ** 32 * (words[2 * slot + 1] ?? 0));
  }
  return cycles;
}

function weightsOf({ image, counters }: CoreModule): Float64Array {
  const slots = new BigInt64Array(counters.slots);
  return Float64Array.from(slots, (_, slot) => {
    slots[slot] = 1n;
    const cycles = busyCycles(readCounters(image, counters, slots), image.costs);
    slots[slot] = 0n;
    return cycles;
  });
}
