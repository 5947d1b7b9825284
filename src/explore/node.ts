/** Studies in folders, with their cells on worker threads or on a cluster. */

export { type CellOutcome, type CellRun, type CellsOptions, runCells } from './runs/node-run-cells.ts';
export { onThreads } from './runs/node-threads.ts';
export type { Runner } from './runs/runner.ts';
export { onSlurm, type SlurmOptions } from './runs/slurm/node-slurm.ts';
export { usualDraws } from './study/node-design-search.ts';
export { explore } from './study/node-explore.ts';
export type { SearchProgress, SearchStart } from './study/node-search-options.ts';
export { runSweep, type SweepOptions, type SweepStart } from './study/node-sweep.ts';
