/** Studies in folders, with their cells on worker threads or on a cluster. */

export { type CellOutcome, type CellRun, type CellsOptions, runCells } from './runs/node-run-cells.ts';
export { onThreads } from './runs/node-threads.ts';
export type { Runner } from './runs/runner.ts';
export { onSlurm, type SlurmOptions } from './runs/slurm/node-slurm.ts';
export { explore, type SearchProgress, type SearchStart, usualDraws } from './study/node-explore.ts';
export type { AskedRuns } from './study/node-run-store.ts';
export { runSweep, type SweepOptions } from './study/node-sweep.ts';
