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
 *     OUT/plasticore.lock      while it runs: the process that owns the folder; that of a study has one, too
 *
 * A study, `plasticore sweep --out OUT` or `plasticore explore --out OUT`:
 *
 *     OUT/space.json           what is studied; written first
 *     OUT/runs/RUN_seed=SEED/  the files of a run, without an image; failure.json instead of report.json if it failed.
 *                              RUN is a digest of all that decides it but the seed
 *     OUT/study.json           all designs with their figures (schema plasticore/study/1): of a sweep with its cells,
 *                              of a search with its front
 *     OUT/designs.csv          the designs as a table: means, standard deviations and standard errors over the seeds
 *     OUT/cells.csv            of a sweep, a row for each design and seed, including those that failed, did not fit or
 *                              are not finished
 *     OUT/designs/NAME.yaml    of a search, each design of the front, as an experiment that is ready to run
 *
 * A sweep keeps its study.json and tables up to date while it runs. On a cluster, a study also has, until it ends:
 *
 *     OUT/slurm/NUMBER/        what the jobs are to do, and what they say; the outputs of those that Slurm has ended
 *                              stay
 *
 * Runs are found by what decides them. So a study may be resumed with anything else: other values, seeds or epochs,
 * another search, or a search after a sweep. study.json and the tables are those of what was asked for last.
 *
 * Equal runs and studies leave equal bytes in all files, except `timing` in report.json. This holds even if they were
 * interrupted and resumed, or extended in several runs.
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

/** File names in the folder of a study, and the names of its folders. */
export const studyFiles = {
  space: 'space.json',
  json: 'study.json',
  designsCsv: 'designs.csv',
  cellsCsv: 'cells.csv',
  runs: 'runs',
  designs: 'designs',
} as const;
