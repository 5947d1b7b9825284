/** The image, which the compiler makes and the engines load: its memory, and its file format. */

export * from './accesses.ts';
export { factsOf } from './accesses.ts';
export * from './actions.ts';
export { canLearn, countOfPass, type FieldPass, kernelsByPhase, passedWords } from './actions.ts';
export * from './activity.ts';
export * from './counters.ts';
export { kernelText } from './disassembly.ts';
export * from './faults.ts';
export type { CellFaults } from './faults-schema.ts';
export { imageVersion, readImage, writeImage } from './file.ts';
export type * from './image.ts';
export type * from './lists.ts';
export { endsBatch, holds, intervalAt, isSameCondition, type Moment, type PlaceInPass } from './lists.ts';
export { drawPackets, isLost, type LostPackets } from './lost-packets.ts';
export { hexWord, type MemoryFile, memoryFiles } from './memh.ts';
export * from './memory.ts';
export * from './network-counts.ts';
export type * from './placed.ts';
export { spreadController, unvisited } from './placed.ts';
export { busyCycles, energyBounds, type Price, price, timeBounds, workCycles } from './price.ts';
export { hostRange, labelRange, type RangedProgram, rangesOfKernel, withRanges } from './ranges.ts';
export { indexItems, indexKeys, isSparse, offsetsIn } from './segment-index.ts';
export * from './spikes.ts';
export { spikeLoopOf } from './spikes.ts';
export { countersSchema } from './validate/counters.ts';
export { itemNotHeld } from './validate/memory.ts';
export { checkStalls, mostEmittedBy } from './validate/stalls.ts';
export {
  coreImageOf,
  imageOfAlikeCores,
  imageOfCore,
  isSpread,
  itemsOfPart,
  learntFields,
  learntImage,
  viewOf,
  wholeItem,
} from './whole.ts';
