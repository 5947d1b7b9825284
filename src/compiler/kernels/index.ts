/** Kernels bound to fields and parameters, with the ranges and widths of their arithmetic. */
export { type AnalysedKernel, bindKernel } from './bind.ts';
export { resolveScalars, Schedule } from './parameters.ts';
