/** Kernels as words of microcode, for a programmable core: lowered, fused, scheduled and encoded. */
export { microcodeMemories, microcodeNeeds, microcodeOf, shortOf } from './encode.ts';
export { lowerKernel, type MicrocodeView } from './lower.ts';
export { microcodeEventCycles, microcodePassCycles, type PassedOver } from './passes.ts';
export * from './records.ts';
export {
  type MicrocodeSchedule,
  microcodeCycles,
  scheduleLowered,
  scheduleMicrocode,
} from './schedule.ts';
export { type MicrocodeUnit, microcodeUnit, microcodeUnitOf } from './unit.ts';
export { changedWords, microcodeFile, microcodeWords, microcodeWordsOf } from './words.ts';
