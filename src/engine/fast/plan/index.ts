/** What is decided about a module before a byte of its code is written. */

export { areSpikesBatched, batchedKernels, isBatchable, paddedColumns } from './analysis/index.ts';
export type { Lanes } from './analysis/lanes.ts';
export type { LinePlan, When } from './analysis/lines.ts';
export type { Segmentation } from './analysis/segments.ts';
export {
  type CountedAccess,
  type CounterMap,
  type KernelCounters,
  readCounters,
  type TileCounters,
  type WordMeasure,
} from './counters/index.ts';
export {
  type ColumnLoop,
  type KernelPlan,
  type Piece,
  planKernel,
  planKernels,
  type RowLoop,
} from './kernel-plan.ts';
export * from './memory/index.ts';
export { type ModulePlan, planModule } from './module-plan.ts';
export { describePlan } from './words.ts';
