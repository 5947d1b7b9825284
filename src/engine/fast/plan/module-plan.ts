import type { CoreImage } from '../../../image/index.ts';
import { planSegments, type Segmentation } from './analysis/segments.ts';
import { type CounterMap, mapCounters } from './counters/counter-map.ts';
import { type KernelPlan, planKernels } from './kernel-plan.ts';
import { type MemoryMap, type MemoryPlace, mapMemory, ownPlace } from './memory/memory-map.ts';
import { mapScratch, type ScratchMap } from './memory/scratch-map.ts';

/** All that is decided about the module of an image before a byte of it is written. */
export interface ModulePlan {
  readonly image: CoreImage;
  /** How the rows of each projection are cut. */
  readonly segmentations: readonly (Segmentation | undefined)[];
  readonly kernels: readonly KernelPlan[];
  /** The module's counters, and how all counts follow from them. */
  readonly counters: CounterMap;
  /** The layout of the linear memory: the state that cores save and restore, and the kernels' scratch memory. */
  readonly map: MemoryMap;
  readonly scratch: ScratchMap;
}

export function planModule(image: CoreImage, place: MemoryPlace = ownPlace): ModulePlan {
  const segmentations = planSegments(image);
  const kernels = planKernels(image, segmentations);
  const counters = mapCounters(image, segmentations);
  const map = mapMemory(image, counters.slots, segmentations, place);
  return { image, segmentations, kernels, counters, map, scratch: mapScratch(image, map, kernels) };
}
