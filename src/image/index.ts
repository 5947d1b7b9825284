/** The image, which the compiler makes and the engines load: its memory, and its file format. */

export * from './accesses.ts';
export * from './actions.ts';
export * from './activity.ts';
export { holds, intervalAt, type Moment } from './condition.ts';
export * from './counters.ts';
export { disassembleImage, kernelText } from './disassembly.ts';
export { countOfPass, type FieldPass, passedWords } from './field-pass.ts';
export { imageVersion, readImage, writeImage } from './file.ts';
export type * from './image.ts';
export { factsOf } from './kernel-facts.ts';
export { canLearn, kernelsByPhase } from './learning.ts';
export { learntFields, learntImage } from './learnt.ts';
export type * from './lists.ts';
export { hexWord, type MemoryFile, memoryFiles } from './memh.ts';
export * from './memory.ts';
export * from './network-counts.ts';
export * from './payload.ts';
export type * from './placed.ts';
export { spreadController, unvisited } from './placed.ts';
export { busyCycles, energyBounds, type Price, price, workCycles } from './price.ts';
export { hostRange, labelRange, type RangedProgram, rangesOfKernel, withRanges } from './ranges.ts';
export { indexItems, indexKeys, isSparse, offsetsIn } from './segment-index.ts';
export { spikeLoopOf } from './spike-loops.ts';
export { countersSchema } from './validate/counters.ts';
export { itemNotHeld } from './validate/memory.ts';
export { checkStalls, mostEmittedBy } from './validate/stalls.ts';
export { coreImageOf, imageOfAlikeCores, imageOfCore, isSpread, viewOf, wholeItem } from './whole.ts';
