import { join } from 'node:path';
import { listFolder, readBytes, readText } from '../../fs/index.ts';
import type { RunFolder } from '../../report/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { exploreFiles, runFiles, sweepFiles } from './node-layout.ts';

const expectedFolder =
  'expected a folder of results: the `out` of a run, a sweep or a search, or one above several';

/** Results of runs and sweeps found in a folder. */
export interface Results {
  /** Sorted by name. Names are paths below the folder, with slashes. */
  readonly runs: readonly RunFolder[];
  /** A sweep's summary, if the folder itself has one. */
  readonly summary: string | undefined;
  /** The result of the search, if the folder is one's. */
  readonly exploration: string | undefined;
}

/**
 * Finds every folder with a report, from `path` down. Symbolic links are not followed.
 *
 * @throws PlasticoreError `file` if the folder does not exist or cannot be read
 */
export function findResults(path: string): Results {
  const files = filesOf(path);
  return {
    runs: runsBelow(path, ''),
    summary: textOf(path, sweepFiles.summaryCsv, files),
    exploration: textOf(path, exploreFiles.json, files),
  };
}

/** The files that an import leaves beside its program. */
const driftFile = 'drift.json';

/** @param above the comparison of an import in a folder above */
function runsBelow(root: string, name: string, above?: string): RunFolder[] {
  const folder = join(root, name);
  const entries = listFolder(folder, expectedFolder);
  const files = filesOf(folder);
  const drift = textOf(folder, driftFile, files) ?? above;
  const below = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map((entry) => entry.name)
    .sort()
    .flatMap((child) => runsBelow(root, name === '' ? child : `${name}/${child}`, drift));
  const report = textOf(folder, runFiles.report, files);
  if (report === undefined) return below;
  return [
    {
      name,
      report,
      predictions: textOf(folder, runFiles.predictions, files),
      weights: bytesOf(folder, runFiles.weights, files),
      recording: bytesOf(folder, runFiles.recording, files),
      drift,
    },
    ...below,
  ];
}

function filesOf(folder: string): ReadonlySet<string> {
  return new Set(listFolder(folder, expectedFolder).flatMap((entry) => (entry.isFile() ? [entry.name] : [])));
}

function textOf(folder: string, file: string, files: ReadonlySet<string>): string | undefined {
  return files.has(file) ? readText(join(folder, file)) : undefined;
}

/** Arrays are read on demand, because a sweep may have many. */
function bytesOf(folder: string, file: string, files: ReadonlySet<string>): (() => Uint8Array) | undefined {
  return files.has(file) ? () => readBytes(join(folder, file)) : undefined;
}

/** The error for a damaged file of a run or sweep. */
export function damagedResults(path: string, reason: string): PlasticoreError {
  return new PlasticoreError('file', `damaged, or written by another release: ${reason}`, {
    file: path,
    hint: `run with ${option('overwrite')} instead of ${option('resume')} to start from the beginning`,
  });
}
