import { addAt, at } from '../../../../arrays/index.ts';
import {
  addRuns,
  allLists,
  type BoundKernel,
  byCoreCounter,
  type CoreImage,
  type Counters,
  countOfPass,
  type FieldPass,
  layoutOf,
  noWork,
  plainActions,
  type WorkCount,
} from '../../../../image/index.ts';
import type { CounterMap, KernelCounters } from './counter-map.ts';
import { partsOf, readWork } from './work-counters.ts';

/** Makes the counters of a run from the slots. Counts that gates do not change follow from the number of runs. */
export function readCounters(image: CoreImage, map: CounterMap, slots: BigInt64Array): Counters {
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

/** By piece of work: the meaning of a single count in each slot from which more than words follow. */
export function unitsOfWork(
  image: CoreImage,
  map: CounterMap,
): readonly (readonly (readonly [slot: number, count: WorkCount])[])[] {
  const kernels = map.kernels.map((counters, index) => {
    const { runs, suspensions } = counters;
    const ofWaits = suspensions === undefined ? [] : [[suspensions, counters.work] as const];
    const parts = [[runs, counters.work] as const, ...ofWaits, ...partsOf(counters.work)];
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
  image: CoreImage,
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
  for (const { bank, measure, times, isWrite, predicated } of accesses) {
    const counts = isWrite ? writes : reads;
    addAt(counts, bank, times * measured(measure, predicated?.slot));
  }
  let scannedTiles = 0;
  for (const gate of [kernel.rowGate, kernel.columnGate]) {
    const field = gate === undefined ? undefined : image.fields[gate];
    if (field === undefined) continue;
    const layout = layoutOf(image, field);
    scannedTiles += runs * Math.ceil(field.count / lanes);
    addAt(reads, layout.bank, runs * layout.rows * layout.wordsPerRow);
  }
  const [passes, tiles, items] = [measured('passes'), measured('tiles'), measured('items')];
  const [closedRows, closedTiles] = [measured('closedRows'), measured('closedTiles')];
  const suspensions = counters.suspensions === undefined ? 0 : countAt(counters.suspensions);
  return { runs, passes, tiles, items, closedRows, closedTiles, suspensions, scannedTiles, reads, writes };
}

/** Counts of clears and tests, by piece of work after those of the kernels. */
function readPasses(
  image: CoreImage,
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
