/**
 * When things happen in the pipeline of a kernel: its interval, its depth, and the cycle of each load, operation and
 * store.
 */
export { type PipelineDemand, pipelineDemand, unitDemands } from './demand.ts';
export { rowsAreApart } from './returns.ts';
export { fillOf, type KernelSchedule, type PortAccess, scheduleOf } from './schedule.ts';
export { projectionInSegments, type SegmentRecord, segmentRecords } from './segments.ts';
export { columnsOf, type PipelineView, tileRuns, wordsPerTile } from './tiles.ts';
