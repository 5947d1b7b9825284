import { busyCycles, byCoreCounter, type Counters, noCounts } from '../../image/index.ts';
import type { CoreModule } from './core-module.ts';
import { unitsOfWork } from './plan/counters/read-counters.ts';

/** By module: the cycles that each count in a slot stands for. */
const known = new WeakMap<CoreModule, Float64Array>();

/**
 * The cycles that counts stand for. They are a weighted sum of the slots in the linear memory, since a core's cycles are
 * linear in its counts.
 */
export function cyclesOf(module: CoreModule, slots: BigInt64Array): number {
  let weights = known.get(module);
  if (weights === undefined) {
    weights = weightsOf(module);
    known.set(module, weights);
  }
  // Two halves each, since a BigInt is slow.
  const words = new Uint32Array(slots.buffer, slots.byteOffset, 2 * slots.length);
  let cycles = 0;
  for (let slot = 0; slot < weights.length; slot++) {
    const weight = weights[slot] ?? 0;
    if (weight !== 0) cycles += weight * ((words[2 * slot] ?? 0) + 2 ** 32 * (words[2 * slot + 1] ?? 0));
  }
  return cycles;
}

/** The cycles of a single count in each slot. Kernels over segments have thousands, so each is priced by itself. */
function weightsOf({ image, counters }: CoreModule): Float64Array {
  const weights = new Float64Array(counters.slots);
  const none: Counters = noCounts(image);
  const cyclesWith = (some: Partial<Counters>): number => busyCycles({ ...none, ...some }, image.costs);
  byCoreCounter((name) => {
    weights[counters[name]] = cyclesWith({ [name]: 1 });
  });
  for (const [piece, units] of unitsOfWork(image, counters).entries())
    for (const [slot, count] of units) weights[slot] = cyclesWith({ work: none.work.with(piece, count) });
  return weights;
}
