/**
 * When things happen in the pipeline of a kernel: its interval, its depth, and the cycle of each load, operation and
 * store.
 */
export {
  type PipelineDemand,
  pipelineDemand,
  type Scheduled,
  unitDemands,
} from './demand.ts';
export { type KernelSchedule, type PortAccess, scheduleOf } from './schedule.ts';
export { columnsOf, tileRuns } from './tiles.ts';
