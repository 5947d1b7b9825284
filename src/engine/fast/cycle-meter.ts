import { busyCycles, byCoreCounter, type Counters, noCounts } from '../../image/index.ts';
import { numberAt, wordAt } from '../../text/index.ts';
import type { CoreModule } from './core-module.ts';
import { unitsOfWork } from './plan/counters/counter-map.ts';

/** The slots whose counts take cycles, and how many a count of each takes. */
interface SlotCycles {
  readonly slots: Uint32Array;
  readonly cycles: Float64Array;
}

const known = new WeakMap<CoreModule, SlotCycles>();

/** Computes cycles as a weighted sum of the slots in the linear memory: a core's cycles are linear in its counts. */
export class CycleMeter {
  readonly #priced: SlotCycles;

  constructor(module: CoreModule) {
    this.#priced = known.get(module) ?? pricedSlots(module);
    known.set(module, this.#priced);
  }

  /** @param words the slots, the lower half of each first: a BigInt is slow */
  cyclesOf(words: Uint32Array): number {
    const { slots, cycles } = this.#priced;
    let sum = 0;
    for (let place = 0; place < slots.length; place++) {
      const slot = wordAt(slots, place);
      sum += numberAt(cycles, place) * (wordAt(words, 2 * slot) + 2 ** 32 * wordAt(words, 2 * slot + 1));
    }
    return sum;
  }
}

function pricedSlots(module: CoreModule): SlotCycles {
  const weights = weightsOf(module);
  const slots = Uint32Array.from(weights.keys()).filter((slot) => weights[slot] !== 0);
  return { slots, cycles: Float64Array.from(slots, (slot) => numberAt(weights, slot)) };
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
