/** Kernels as words of microcode, for a programmable core: lowered, fused, scheduled and encoded. */
export { type Microcode, microcodeOf } from './encode.ts';
export * from './records.ts';
export { microcodeCycles, scheduleMicrocode } from './schedule.ts';
export { microcodeUnit } from './unit.ts';
export { microcodeFile, microcodeWords } from './words.ts';
