/** The image, which the compiler makes and the engines load: its memory, and its file format. */
export {
  emittingPopulation,
  indexLayoutOf,
  loadedField,
  loadsOf,
  type StoredAccess,
  storesOf,
} from './accesses.ts';
export {
  allLists,
  kernelsIn,
  type PlainAction,
  plainActions,
  type SpikeKind,
  servedSpikes,
  spikeLists,
} from './actions.ts';
export * from './counters.ts';
export { disassembleImage, type KernelText, kernelText, type LineText } from './disassembly.ts';
export { countOfPass, type FieldPass } from './field-pass.ts';
export { imageVersion, readImage, writeImage } from './file.ts';
export * from './image.ts';
export { factsOf, type KernelFacts } from './kernel-facts.ts';
export { canLearn, type KernelsByPhase, kernelsByPhase } from './learning.ts';
export { learntFields, learntImage } from './learnt.ts';
export { type MemoryFile, memoryFiles, memoryMapFile } from './memh.ts';
export {
  type FieldAccess,
  fieldRange,
  fitToField,
  layoutOf,
  Memory,
  mostBankBits,
  storeRule,
  valuesFor,
  wordOf,
} from './memory.ts';
export * from './network-counts.ts';
export {
  isSpikeOf,
  keptOf,
  neuronIn,
  neuronMask,
  payloadRange,
  sentFrom,
  spikeKept,
  spikingPopulation,
  suppliedTo,
  valueIn,
} from './payload.ts';
export { busyCycles, type Price, price, workCycles } from './price.ts';
export { type RangedProgram, rangesOfKernel } from './ranges.ts';
export { type SpikeLoop, spikeLoopOf } from './spike-loops.ts';
export { countersSchema } from './validate/counters.ts';
export { itemNotHeld } from './validate/memory.ts';
export { checkStalls, mostEmittedBy } from './validate/stalls.ts';
