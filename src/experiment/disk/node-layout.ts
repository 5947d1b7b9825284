/**
 * What `--out` holds.
 *
 * A run, `plasticore run --out OUT`:
 *
 *     OUT/report.json          the report; written last, so where it is the run is finished
 *     OUT/history.csv          a line for each epoch; absent without epochs
 *     OUT/predictions.csv      a line for each sample that was scored
 *     OUT/weights.npz          weights after training
 *     OUT/record.npz           what --record asked for
 *     OUT/checkpoint.msgpack   while the run is not finished: where to go on from
 *     OUT/plasticore.lock      while it runs: which process has the folder; a sweep's folder has one, too
 *
 * A sweep, `plasticore sweep --out OUT`:
 *
 *     OUT/plan.json            what is swept; written first, and compared by --resume
 *     OUT/cells/CELL/          the files of a run for each cell that runs, CELL such as `mp16-8_gain=2_seed=1`;
 *                              failure.json instead of report.json where the run failed
 *     OUT/summary.csv          a row for each cell, also for those that failed, did not fit or are not finished; kept up
 *                              to date while the sweep runs
 *     OUT/summary.json         the same (schema plasticore/sweep/1), and mean and spread over the seeds of each design
 *
 * A sweep may be resumed with other precisions, seeds and values to vary: its folder then holds the cells of both.
 *
 * Equal runs and sweeps leave equal bytes in all of them, `timing` of report.json apart: also if they were stopped,
 * by whatever means, and resumed, or asked for bit by bit; the order of a sweep is that of what was asked for last where
 * that is all, else of the experiment (see joinExtents).
 */

/** Names of the files in a run's folder; what tells that it is finished first. */
export const runFiles = {
  report: 'report.json',
  failure: 'failure.json',
  checkpoint: 'checkpoint.msgpack',
  weights: 'weights.npz',
  history: 'history.csv',
  predictions: 'predictions.csv',
  recording: 'record.npz',
} as const;

/** Names of the files in a sweep's folder, and of the folder of its cells' folders. */
export const sweepFiles = {
  plan: 'plan.json',
  summaryCsv: 'summary.csv',
  summaryJson: 'summary.json',
  cells: 'cells',
} as const;
