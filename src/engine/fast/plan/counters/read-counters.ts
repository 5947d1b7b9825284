import {
  addRuns,
  allLists,
  type BoundKernel,
  byCoreCounter,
  type Counters,
  countOfPass,
  type FieldPass,
  type Image,
  layoutOf,
  noWork,
  plainActions,
  type WorkCount,
} from '../../../../image/index.ts';
import { at } from '../../../at.ts';
import type { CounterMap, KernelCounters } from './counter-map.ts';
import { partsOf, readWork } from './work-counters.ts';

/** Makes the counters of a run from the slots. Whatever gates do not change follows from how often things ran. */
export function readCounters(image: Image, map: CounterMap, slots: BigInt64Array): Counters {
  const countAt = (slot: number): number => Number(slots[slot] ?? 0n);
  return {
    work: [
      ...map.kernels.map((kernel, index) => readKernel(image, kernel, at(image.kernels, index), countAt)),
      ...readPasses(image, map, countAt),
    ],
    spikes: map.spikes.map(countAt),
    ...byCoreCounter((name) => countAt(map[name])),
  };
}

/** By piece of work: what a single count stands for in each slot that more than words follow from. */
export function unitsOfWork(
  image: Image,
  map: CounterMap,
): readonly (readonly (readonly [slot: number, count: WorkCount])[])[] {
  const kernels = map.kernels.map((counters, index) => {
    const parts = [[counters.runs, counters.work] as const, ...partsOf(counters.work)];
    return parts.map(([slot, work]) => {
      const countAt = (other: number): number => Number(other === slot);
      const count = readKernel(image, { ...counters, work }, at(image.kernels, index), countAt);
      return [slot, count] as const;
    });
  });
  const passes = readPasses(image, map, () => 1);
  return [...kernels, ...map.fieldPasses.map((slot, index) => [[slot, at(passes, index)] as const])];
}

function readKernel(
  image: Image,
  counters: KernelCounters,
  kernel: BoundKernel,
  countAt: (slot: number) => number,
): WorkCount {
  const { lanes } = image.core;
  const { accesses, work } = counters;
  const runs = countAt(counters.runs);
  const measured = readWork(work, runs, countAt);
  const reads = image.banks.map(() => 0);
  const writes = image.banks.map(() => 0);
  for (const { bank, measure, isWrite, predicated } of accesses) {
    const counts = isWrite ? writes : reads;
    counts[bank] = (counts[bank] ?? 0) + measured(measure, predicated?.slot);
  }
  let scannedTiles = 0;
  for (const gate of [kernel.rowGate, kernel.columnGate]) {
    const field = gate === undefined ? undefined : image.fields[gate];
    if (field === undefined) continue;
    const layout = layoutOf(image, field);
    scannedTiles += runs * Math.ceil(field.count / lanes);
    reads[layout.bank] = (reads[layout.bank] ?? 0) + runs * layout.rows * layout.wordsPerRow;
  }
  const [passes, tiles, items] = [measured('passes'), measured('tiles'), measured('items')];
  return { runs, passes, tiles, items, scannedTiles, reads, writes };
}

/** What clears and tests count, by piece of work after those of the kernels. */
function readPasses(
  image: Image,
  { fieldPasses }: CounterMap,
  countAt: (slot: number) => number,
): WorkCount[] {
  const passes = plainActions(allLists(image.events).flat());
  return fieldPasses.map((slot, index) => {
    const count = noWork(image.banks.length);
    const work = image.kernels.length + index;
    const pass = passes.find((action): action is FieldPass => 'work' in action && action.work === work);
    if (pass !== undefined) addRuns(count, countOfPass(image, pass), countAt(slot));
    return count;
  });
}
