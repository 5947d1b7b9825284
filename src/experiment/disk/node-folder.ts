import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporary, lockFile, makeFolder } from '../../fs/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';

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

/** How to treat a folder that may already hold results. */
export interface Claim {
  /** Continues from existing results. */
  readonly resume?: boolean | undefined;
  /** Removes existing results, and nothing else. */
  readonly overwrite?: boolean | undefined;
}

const filesOf = {
  run: Object.values<string>(runFiles),
  study: Object.values<string>(studyFiles),
};
type Kind = keyof typeof filesOf;
const kinds = Object.keys(filesOf) as Kind[];

/** Files of which each identifies results, so that they can be resumed. */
const sureSigns: Readonly<Record<Kind, readonly string[]>> = {
  run: [runFiles.checkpoint, runFiles.report, runFiles.failure],
  study: [studyFiles.space],
};

/**
 * Rejects options that mean nothing without a results folder, or that exclude each other.
 *
 * @param example a folder, for the hint
 */
export function checkClaim(
  {
    out,
    resume,
    overwrite,
    record,
    keepStates,
  }: Claim & { readonly out?: unknown; readonly record?: unknown; readonly keepStates?: unknown },
  example: string,
): void {
  const given = {
    resume: resume === true,
    overwrite: overwrite === true,
    record: record !== undefined,
    keepStates: keepStates !== undefined,
  };
  for (const [key, isGiven] of Object.entries(given)) {
    if (!isGiven || out !== undefined) continue;
    throw new PlasticoreError('usage', `${option(key)} needs ${option('out')}`, {
      hint: `for example ${option('out', example)}`,
    });
  }
  if (given.resume && given.overwrite) {
    throw new PlasticoreError(
      'usage',
      `${option('resume')} continues from existing results, ${option('overwrite')} removes them: choose one`,
    );
  }
}

/**
 * Prepares a folder for the results of a run or a study, creating it if necessary. Removes files
 * that a killed process left half-written, but not results; see {@link removeResults}.
 *
 * @throws PlasticoreError `usage` if results would be lost: those of an earlier one without `resume` or
 * `overwrite`, those of another kind, or those of a run that cannot be identified; `file` if the folder
 * cannot be created
 */
export function claimFolder(folder: string, kind: Kind, { resume = false, overwrite = false }: Claim): void {
  makeFolder(folder);
  removeTemporary(folder);
  if (overwrite) return;
  const present = (one: Kind) => filesOf[one].filter((name) => existsSync(join(folder, name)));
  for (const other of kinds) {
    const foreign = other === kind ? [] : present(other);
    if (foreign.length === 0) continue;
    throw new PlasticoreError('usage', `holds results of a ${other} (${foreign.join(', ')})`, {
      file: folder,
      hint: `choose another ${option('out')}; ${option('overwrite')} removes them`,
    });
  }
  const own = present(kind);
  if (own.length === 0) return;
  if (!resume) {
    throw new PlasticoreError('usage', `already holds results (${own.join(', ')})`, {
      file: folder,
      hint: `${option('resume')} continues that ${kind}, ${option('overwrite')} removes it; or choose another ${option('out')}`,
    });
  }
  const signs = sureSigns[kind];
  if (own.some((name) => signs.includes(name))) return;
  throw new PlasticoreError('usage', `holds ${own.join(', ')}, but nothing that identifies the ${kind}`, {
    file: folder,
    hint: `${option('resume')} needs ${signs.join(' or ')}; ${option('overwrite')} removes them, or choose another ${option('out')}`,
  });
}

/** Removes temporary files of a process that was killed while writing, those of states among them. */
function removeTemporary(folder: string): void {
  const owned = [...kinds.flatMap((kind) => filesOf[kind]), lockFile];
  for (const name of readdirSync(folder)) {
    if (owned.some((file) => isTemporary(name, file))) rmSync(join(folder, name), { force: true });
  }
  const states = join(folder, stateFiles.folder);
  if (!existsSync(states)) return;
  for (const name of readdirSync(states))
    if (/^(\d+\.msgpack|run\.json)\.[0-9a-f]{8}\.tmp$/.test(name))
      rmSync(join(states, name), { force: true });
}

/**
 * Removes the results of runs and studies by name, and the folders of their runs if they contain nothing else. Used for
 * `overwrite`, and only after everything that could reject the new run has been checked.
 *
 * The file that marks a run as finished is removed before the run's other files, and what is studied after the runs. If
 * the removal is killed, the remaining files therefore cannot pass for a result.
 */
export function removeResults(folder: string): void {
  removeRun(folder);
  removeRuns(join(folder, studyFiles.runs));
  removeDesigns(join(folder, studyFiles.designs));
  const { json, designsCsv, cellsCsv, space } = studyFiles;
  for (const name of [json, designsCsv, cellsCsv, space]) rmSync(join(folder, name), { force: true });
}

/** Removes the runs in the folders of a folder, and what is empty then. */
function removeRuns(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const run = join(folder, entry.name);
    removeTemporary(run);
    removeRun(run);
    removeIfEmpty(run);
  }
  removeIfEmpty(folder);
}

/** Removes the experiments that a search has written. */
export function removeDesigns(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.yaml')) rmSync(join(folder, name), { force: true });
  }
  removeIfEmpty(folder);
}

function removeRun(folder: string): void {
  for (const name of filesOf.run) rmSync(join(folder, name), { force: true });
  removeStates(folder);
}

/** Removes the states that a run has kept in its folder. */
export function removeStates(folder: string): void {
  const states = join(folder, stateFiles.folder);
  if (!existsSync(states)) return;
  for (const name of readdirSync(states))
    if (name === stateFiles.run || /^\d+\.msgpack$/.test(name)) rmSync(join(states, name));
  removeIfEmpty(states);
}

function removeIfEmpty(folder: string): void {
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
