/** The linear memory of a module: what lies where. */

export { type DeclaredArea, loadDeclared, stateOfDeclared } from './declared-memory.ts';
export {
  elementBytes,
  elementsOf,
  type FieldArea,
  type MemoryMap,
  mapMemory,
  transfer,
} from './memory-map.ts';
export type { PreviousSpikes } from './previous-spikes.ts';
export { type KernelScratch, mapScratch, type ScratchMap } from './scratch-map.ts';
export {
  firstPostOffset,
  firstWeightOffset,
  lengthOffset,
  type SegmentTable,
  writeSegments,
} from './segment-map.ts';
