import { type Counters, energyBounds, type Image, price } from '../../src/image/index.ts';
import { hasEnergies } from '../../src/report/index.ts';
import type { CostView } from '../shared/protocol.ts';

/**
 * The cost of counted work, kernel by kernel and unit by unit.
 *
 * @param samples that took it: the host of a chip need not count them
 */
export function costView(image: Image, counters: Counters, samples: number): CostView {
  const priced = price(counters, image.costs);
  const itemsThatCount = (as: 'sop' | 'update'): number =>
    image.kernels.reduce(
      (sum, { counts }, index) => (counts === as ? sum + (counters.work[index]?.items ?? 0) : sum),
      0,
    );
  const { energyPj } = priced;
  const isKnown = hasEnergies(image.costs);
  return {
    samples,
    cycles: priced.cycles,
    latencyNs: priced.latencyNs,
    energyPj: isKnown ? energyPj.total : null,
    energyInterval: energyBounds(priced, image.costs),
    byUnitPj: isKnown ? energyPj.byUnit : {},
    kernels: image.work.map((_, index) => ({
      cycles: priced.workCycles[index] ?? 0,
      energyPj: isKnown ? (energyPj.byWork[index] ?? 0) : null,
      items: counters.work[index]?.items ?? 0,
      runs: counters.work[index]?.runs ?? 0,
    })),
    sops: itemsThatCount('sop'),
    updates: itemsThatCount('update'),
    spikes: Object.fromEntries(
      image.populations.map(({ name }, index) => [name, counters.spikes[index] ?? 0]),
    ),
  };
}
