/**
 * Contents of the `--out` folder.
 *
 * A run, `plasticore run --out OUT`:
 *
 *     OUT/report.json          the report; written last, so its presence means that the run is finished
 *     OUT/history.csv          a line for each epoch; absent without epochs
 *     OUT/life.csv             a line for each stage of a life; absent without one
 *     OUT/counts.json          all that was counted, from which `reprice` prices the run on another core
 *     OUT/predictions.csv      a line for each scored sample
 *     OUT/weights.npz          weights after training, and whatever else was learnt
 *     OUT/learnt.pcore         an image that starts with them; absent without epochs, and on chips of many cores
 *     OUT/compiled.pcore       without epochs instead: the image that ran
 *     OUT/record.npz           values requested by --record
 *     OUT/steps.csv            a line for each step of the recorded samples; with --record steps
 *     OUT/checkpoint.msgpack   until the run is finished: the state to resume from
 *     OUT/states/STEPS.msgpack with --keep-states: the state after so many steps, from which trace goes on
 *     OUT/states/run.json      how the run was started, for trace
 *     OUT/plasticore.lock      while it runs: the process that owns the folder; a sweep's folder has one, too
 *
 * A sweep, `plasticore sweep --out OUT`:
 *
 *     OUT/plan.json            what is swept; written first, and compared by --resume
 *     OUT/cells/CELL/          the files of a run for each cell that runs, CELL such as `mp16-8_gain=2_seed=1`, without
 *                              an image; failure.json instead of report.json if the run failed
 *     OUT/summary.csv          a row for each cell, including those that failed, did not fit or are not finished; kept
 *                              up to date while the sweep runs
 *     OUT/summary.json         the same (schema plasticore/sweep/1), and mean and spread over the seeds of each design
 *     OUT/designs.csv          a row for each design, with the columns of explore.csv
 *
 * A search, `plasticore explore --out OUT`:
 *
 *     OUT/space.json           what is explored; written first
 *     OUT/runs/RUN/            the files of a run for each function that designs share, and each seed, without an image
 *     OUT/explore.json         all designs with their figures (schema plasticore/explore/1), and the front
 *     OUT/explore.csv          the same as a table: means, standard deviations and standard errors over the seeds
 *     OUT/designs/NAME.yaml    each design of the front, as an experiment that is ready to run
 *
 * A sweep or a search on a cluster also has, until it ends:
 *
 *     OUT/slurm/NUMBER/        what the jobs are to do, and what they say; the outputs of those that Slurm has ended
 * stay
 *
 * A search may be resumed with another space, another search or another budget: runs are found by what they do.
 *
 * A sweep may be resumed with other precisions, seeds and values to vary: its folder then holds the cells of both.
 *
 * Equal runs and sweeps leave equal bytes in all files, except `timing` in report.json. This holds even if they were
 * interrupted and resumed, or extended in several runs. Cells are listed in the order of the last request if it names
 * all of them, otherwise in the experiment's order (see joinExtents).
 */

/** File names in a run's folder. The files that mark a run as finished come first. */
export const runFiles = {
  report: 'report.json',
  failure: 'failure.json',
  checkpoint: 'checkpoint.msgpack',
  weights: 'weights.npz',
  image: 'learnt.pcore',
  compiled: 'compiled.pcore',
  counts: 'counts.json',
  history: 'history.csv',
  life: 'life.csv',
  predictions: 'predictions.csv',
  recording: 'record.npz',
  steps: 'steps.csv',
} as const;

/** The folder of states that a run keeps, and what is in it beside them. */
export const stateFiles = { folder: 'states', run: 'run.json' } as const;

/** File names in a sweep's folder, and the name of the folder that contains its cells. */
export const sweepFiles = {
  plan: 'plan.json',
  summaryCsv: 'summary.csv',
  summaryJson: 'summary.json',
  designsCsv: 'designs.csv',
  cells: 'cells',
} as const;

/** File names in the folder of a search, and the names of its folders. */
export const exploreFiles = {
  space: 'space.json',
  json: 'explore.json',
  csv: 'explore.csv',
  runs: 'runs',
  designs: 'designs',
} as const;
