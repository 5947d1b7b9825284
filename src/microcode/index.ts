/** Kernels as words of microcode, for a programmable core: lowered, fused, scheduled and encoded. */
export { microcodeOf, withMicrocodeCycles } from './encode.ts';
export * from './records.ts';
export { microcodeCycles, scheduleMicrocode } from './schedule.ts';
export { microcodeUnit } from './unit.ts';
export { changedWords, microcodeFile, microcodeWords, microcodeWordsOf } from './words.ts';
