import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporary, lockFile, makeFolder } from '../../fs/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { runFiles, stateFiles, sweepFiles } from './node-layout.ts';

/** How to treat a folder that may already hold results. */
export interface Claim {
  /** Continues from existing results. */
  readonly resume?: boolean | undefined;
  /** Removes existing results, and nothing else. */
  readonly overwrite?: boolean | undefined;
}

const filesOf = {
  run: Object.values<string>(runFiles),
  sweep: Object.values<string>(sweepFiles),
};
type Kind = keyof typeof filesOf;

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
 * Prepares a folder for the results of a run or a sweep, creating it if necessary. Removes files that a killed process
 * left half-written, but not results; see {@link removeResults}.
 *
 * @throws PlasticoreError `usage` if results would be lost: those of an earlier run or sweep without `resume` or
 * `overwrite`, those of the other kind, or those of a run that cannot be identified; `file` if the folder cannot be
 * created
 */
export function claimFolder(folder: string, kind: Kind, { resume = false, overwrite = false }: Claim): void {
  makeFolder(folder);
  removeTemporary(folder);
  if (overwrite) return;
  const other: Kind = kind === 'run' ? 'sweep' : 'run';
  const [own, foreign] = [kind, other].map((one) =>
    filesOf[one].filter((name) => existsSync(join(folder, name))),
  );
  if (foreign?.[0] !== undefined) {
    throw new PlasticoreError('usage', `holds results of a ${other} (${foreign.join(', ')})`, {
      file: folder,
      hint: `choose another ${option('out')}; ${option('overwrite')} removes them`,
    });
  }
  if (own?.[0] === undefined) return;
  if (!resume) {
    throw new PlasticoreError('usage', `already holds results (${own.join(', ')})`, {
      file: folder,
      hint: `${option('resume')} continues that ${kind}, ${option('overwrite')} removes it; or choose another ${option('out')}`,
    });
  }
  const sureSigns: readonly string[] =
    kind === 'run' ? [runFiles.checkpoint, runFiles.report, runFiles.failure] : [sweepFiles.plan];
  if (own.some((name) => sureSigns.includes(name))) return;
  throw new PlasticoreError('usage', `holds ${own.join(', ')}, but nothing that identifies the ${kind}`, {
    file: folder,
    hint: `${option('resume')} needs ${sureSigns.join(' or ')}; ${option('overwrite')} removes them, or choose another ${option('out')}`,
  });
}

/** Removes temporary files of a process that was killed while writing. */
function removeTemporary(folder: string): void {
  const owned = [...filesOf.run, ...filesOf.sweep, lockFile];
  for (const name of readdirSync(folder)) {
    if (owned.some((file) => isTemporary(name, file))) rmSync(join(folder, name), { force: true });
  }
}

/**
 * Removes the results of runs and sweeps by name, and the folders of cells if they contain nothing else. Used for
 * `overwrite`, and only after everything that could reject the new run has been checked.
 *
 * The file that marks a run as finished is removed before the run's other files, and a sweep's plan after its cells. If
 * the removal is killed, the remaining files therefore cannot pass for a result.
 */
export function removeResults(folder: string): void {
  removeRun(folder);
  const cells = join(folder, sweepFiles.cells);
  if (existsSync(cells)) {
    for (const entry of readdirSync(cells, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const cell = join(cells, entry.name);
      removeTemporary(cell);
      removeRun(cell);
      removeIfEmpty(cell);
    }
    removeIfEmpty(cells);
  }
  for (const name of [sweepFiles.summaryCsv, sweepFiles.summaryJson, sweepFiles.plan]) {
    rmSync(join(folder, name), { force: true });
  }
}

function removeRun(folder: string): void {
  for (const name of filesOf.run) rmSync(join(folder, name), { force: true });
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
