/** Kernels as words of microcode, for a programmable core: lowered, fused, scheduled and encoded. */
export { type Microcode, microcodeOf } from './encode.ts';
export { microcodeFile } from './file.ts';
export { microcodeCycles } from './law.ts';
export * from './records.ts';
export { scheduleMicrocode } from './schedule.ts';
export { microcodeUnit } from './unit.ts';
export { microcodeWords } from './words.ts';
