import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFolder } from '../../report/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { runFiles, sweepFiles } from './node-layout.ts';

/** What runs and sweeps left in a folder. */
export interface Results {
  /** Sorted by name; names are paths below the folder, with slashes. */
  readonly runs: readonly RunFolder[];
  /** A sweep's summary, in the folder itself. */
  readonly summary: string | undefined;
}

/**
 * Finds every folder that holds a report, from `path` downward; links are not followed.
 *
 * @throws PlasticoreError `file` where there is no such folder, or it cannot be read
 */
export function findResults(path: string): Results {
  return { runs: runsBelow(path, ''), summary: textOf(path, sweepFiles.summaryCsv, filesOf(path)) };
}

function runsBelow(root: string, name: string): RunFolder[] {
  const folder = join(root, name);
  const entries = list(folder);
  const files = filesOf(folder);
  const below = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map((entry) => entry.name)
    .sort()
    .flatMap((child) => runsBelow(root, name === '' ? child : `${name}/${child}`));
  const report = textOf(folder, runFiles.report, files);
  if (report === undefined) return below;
  return [
    {
      name,
      report,
      predictions: textOf(folder, runFiles.predictions, files),
      weights: bytesOf(folder, runFiles.weights, files),
      recording: bytesOf(folder, runFiles.recording, files),
    },
    ...below,
  ];
}

function filesOf(folder: string): ReadonlySet<string> {
  return new Set(list(folder).flatMap((entry) => (entry.isFile() ? [entry.name] : [])));
}

function textOf(folder: string, file: string, files: ReadonlySet<string>): string | undefined {
  return files.has(file) ? read(join(folder, file)).toString('utf8') : undefined;
}

/** Arrays are read when they are needed, for a sweep may hold many. */
function bytesOf(folder: string, file: string, files: ReadonlySet<string>): (() => Uint8Array) | undefined {
  return files.has(file) ? () => read(join(folder, file)) : undefined;
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** What is wrong with a file that a run or a sweep has left. */
export function damagedResults(path: string, reason: string): PlasticoreError {
  return new PlasticoreError('file', `of another release, or damaged: ${reason}`, {
    file: path,
    hint: 'run with --overwrite instead of --resume to start from the beginning',
  });
}

function unreadable(path: string, error: unknown): PlasticoreError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return new PlasticoreError('file', 'no such folder', { file: path });
  if (code === 'ENOTDIR') {
    return new PlasticoreError('file', 'a file, not a folder', {
      file: path,
      hint: 'expected what plasticore run or sweep was given as --out',
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new PlasticoreError('file', `cannot be read: ${reason}`, { file: path });
}
