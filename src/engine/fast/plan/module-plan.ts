import type { Image } from '../../../image/index.ts';
import { planSegments, type Segmentation } from './analysis/segments.ts';
import { type CounterMap, mapCounters } from './counters/counter-map.ts';
import { type KernelPlan, planKernels } from './kernel-plan.ts';
import { type MemoryMap, mapMemory } from './memory/memory-map.ts';
import { mapScratch, type ScratchMap } from './memory/scratch-map.ts';

/** All that is decided about the module of an image before a byte of it is written. */
export interface ModulePlan {
  readonly image: Image;
  /** How the rows of each projection are cut. */
  readonly segmentations: readonly (Segmentation | undefined)[];
  readonly kernels: readonly KernelPlan[];
  /** Which counters the module keeps, and what follows from them. */
  readonly counters: CounterMap;
  /** What lies where in the linear memory: all that cores save and restore, and scratch of the kernels' own. */
  readonly map: MemoryMap;
  readonly scratch: ScratchMap;
}

export function planModule(image: Image): ModulePlan {
  const segmentations = planSegments(image);
  const kernels = planKernels(image, segmentations);
  const counters = mapCounters(image, segmentations);
  const map = mapMemory(image, counters.slots, segmentations);
  return { image, segmentations, kernels, counters, map, scratch: mapScratch(image, map, kernels) };
}
