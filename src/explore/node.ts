/** Sweeps in folders, with their cells on worker threads. */

export { type ExploreOptions, type ExploreProgress, explore, usualDraws } from './node-explore.ts';
export { runSweep, type SweepOptions, type SweepStart } from './node-sweep.ts';
export { onThreads } from './node-threads.ts';
export { type CellOutcome, type CellRun, type CellsOptions, runCells } from './node-workers.ts';
export type { CellBatch, CellEnd, CellTask, Runner } from './runner.ts';
export { checkNoJobs, onSlurm, type SlurmOptions } from './slurm/node-slurm.ts';
