import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporary, lockFile, makeFolder } from '../../fs/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { runFiles, sweepFiles } from './node-layout.ts';

/** How a folder is taken that may hold results already. */
export interface Claim {
  /** Goes on with what is there. */
  readonly resume?: boolean | undefined;
  /** Removes results that are there, and nothing else. */
  readonly overwrite?: boolean | undefined;
}

const filesOf = {
  run: Object.values<string>(runFiles),
  sweep: Object.values<string>(sweepFiles),
};
type Kind = keyof typeof filesOf;

/**
 * Refuses options that mean nothing without a folder for the results, or that exclude each other.
 *
 * @param example a folder, for the hint
 */
export function checkClaim(
  { out, resume, overwrite, record }: Claim & { readonly out?: unknown; readonly record?: unknown },
  example: string,
): void {
  const given = {
    resume: resume === true,
    overwrite: overwrite === true,
    record: record !== undefined,
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
      `${option('resume')} goes on with results, ${option('overwrite')} removes them: choose one`,
    );
  }
}

/**
 * Makes sure that a folder can take the results of a run or a sweep; it is made if it is not there. What a killed
 * process left half-written is removed; results are not, see {@link removeResults}.
 *
 * @throws PlasticoreError `usage` where results would be lost: of an earlier run or sweep without `resume` or
 *   `overwrite`, of the other kind, or of a run that cannot be told to be the same; `file` where it cannot be made
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
    throw new PlasticoreError('usage', `holds results already (${own.join(', ')})`, {
      file: folder,
      hint: `${option('resume')} goes on with that ${kind}, ${option('overwrite')} removes it; or choose another ${option('out')}`,
    });
  }
  const sureSigns: readonly string[] =
    kind === 'run' ? [runFiles.checkpoint, runFiles.report, runFiles.failure] : [sweepFiles.plan];
  if (own.some((name) => sureSigns.includes(name))) return;
  throw new PlasticoreError(
    'usage',
    `holds ${own.join(', ')}, but not what tells which ${kind} they are of`,
    {
      file: folder,
      hint: `${option('resume')} needs ${sureSigns.join(' or ')}; ${option('overwrite')} removes them, or choose another ${option('out')}`,
    },
  );
}

/** Temporary files of a process that was killed while it wrote. */
function removeTemporary(folder: string): void {
  const owned = [...filesOf.run, ...filesOf.sweep, lockFile];
  for (const name of readdirSync(folder)) {
    if (owned.some((file) => isTemporary(name, file))) rmSync(join(folder, name), { force: true });
  }
}

/**
 * Removes the results of runs and sweeps by their names; the folders of cells only where nothing else is in them. For
 * `overwrite`, once nothing is left that could be wrong with what is to take their place.
 *
 * What tells that a run is finished goes before its other files, and a sweep's plan after its cells: nothing that is
 * left by a removal that was killed passes for a result.
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
}

function removeIfEmpty(folder: string): void {
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
