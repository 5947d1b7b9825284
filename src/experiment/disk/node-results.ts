import { join } from 'node:path';
import { listFolder, readBytes, readText } from '../../fs/index.ts';
import { type RunFolder, readStudy, type StudyReport } from '../../report/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { runFiles, studyFiles } from './node-folder.ts';

const expectedFolder = 'expected a folder of results: the `out` of a run or a study, or one above several';

/** Results of runs and studies found in a folder. */
export interface Results {
  /** Sorted by name. Names are paths below the folder, with slashes. */
  readonly runs: readonly RunFolder[];
  /** The result of the study, if the folder itself is one's. */
  readonly study: StudyReport | undefined;
}

/**
 * Finds every folder with a report, from `path` down; of a study, those of the runs that its result is made of.
 * Symbolic links are not followed.
 *
 * @throws PlasticoreError `file` if the folder does not exist or cannot be read, `format` for a damaged result of a
 * study
 */
export function findResults(path: string): Results {
  const study = studyIn(path);
  return { runs: runsBelow(path, '', study), study };
}

/** The result of the study in a folder; undefined if there is none. */
function studyIn(folder: string): StudyReport | undefined {
  const text = textOf(folder, studyFiles.json, filesOf(folder));
  return text === undefined ? undefined : readStudy(text, join(folder, studyFiles.json));
}

/** Whether a run in the folder of a study is one that its result is made of. */
function belongsTo({ cells, designs }: StudyReport): (run: string) => boolean {
  const runs = new Set(cells === undefined ? designs.map(({ run }) => run) : cells.map(({ run }) => run));
  return (run) => runs.has(cells === undefined ? run.replace(/_seed=\d+$/, '') : run);
}

/** The files that an import leaves beside its program. */
const driftFile = 'drift.json';

/**
 * @param study the result of the study in the folder
 * @param above the comparison of an import in a folder above
 */
function runsBelow(
  root: string,
  name: string,
  study: StudyReport | undefined,
  above?: string,
): readonly RunFolder[] {
  const folder = join(root, name);
  const entries = listFolder(folder, expectedFolder);
  const files = filesOf(folder);
  const drift = textOf(folder, driftFile, files) ?? above;
  const within = (own: string): string => (name === '' ? own : `${name}/${own}`);
  const below = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map((entry) => entry.name)
    .sort()
    .flatMap((child) => {
      return runsBelow(root, within(child), studyIn(join(folder, child)), drift);
    });
  const [runs, belongs] = [within(`${studyFiles.runs}/`), study && belongsTo(study)];
  const own = below.filter(
    (run) => belongs === undefined || !run.name.startsWith(runs) || belongs(run.name.slice(runs.length)),
  );
  const report = textOf(folder, runFiles.report, files);
  if (report === undefined) return own;
  return [
    {
      name,
      report,
      predictions: textOf(folder, runFiles.predictions, files),
      weights: bytesOf(folder, runFiles.weights, files),
      recording: bytesOf(folder, runFiles.recording, files),
      drift,
    },
    ...own,
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

/** The error for a damaged file of a run or study. */
export function damagedResults(path: string, reason: string): PlasticoreError {
  return new PlasticoreError('file', `damaged, or written by another release: ${reason}`, {
    file: path,
    hint: `run with ${option('overwrite')} instead of ${option('resume')} to start from the beginning`,
  });
}
