/** Kernels as words of microcode, for a core that is programmed: lowered, fused and scheduled. */
export { scheduleMicrocode } from './schedule.ts';
export { microcodeUnit } from './unit.ts';
export { microcodeWords } from './words.ts';
