import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporary, lockFile, makeFolder } from '../../fs/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { runFiles, stateFiles, studyFiles } from './node-layout.ts';

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

/** Removes temporary files of a process that was killed while writing. */
function removeTemporary(folder: string): void {
  const owned = [...kinds.flatMap((kind) => filesOf[kind]), lockFile];
  for (const name of readdirSync(folder)) {
    if (owned.some((file) => isTemporary(name, file))) rmSync(join(folder, name), { force: true });
  }
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
    if (name === stateFiles.run || /^\d+\.msgpack(\.[0-9a-f]{8}\.tmp)?$/.test(name))
      rmSync(join(states, name));
  removeIfEmpty(states);
}

function removeIfEmpty(folder: string): void {
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
