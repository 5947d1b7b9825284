import { dirname, join } from 'node:path';
import { readBytes, statIfThere } from '../../fs/index.ts';
import { type Image, readImage } from '../../image/index.ts';
import { isSharedRun, type Report, sharedRunMessage } from '../../report/index.ts';
import { command, option, PlasticoreError } from '../../text/index.ts';
import { runFiles, studyFiles } from '../disk/node.ts';
import { readCounts, type StoredCounts } from './node-counts.ts';
import { readReport } from './node-outcome.ts';

/** The files in the folder of a run from which it is priced anew. */
export interface PricedRun {
  readonly report: Report;
  readonly image: Image;
  readonly counts: StoredCounts;
}

const again = `run it again: ${command('run EXPERIMENT', option('out', 'DIR'))}`;

/**
 * Reads the folder of a run whose counts can be priced.
 *
 * @throws PlasticoreError `file` for any other folder, saying what it is
 */
export function readPricedRun(folder: string): PricedRun {
  const refuse = (what: string, hint: string): never => {
    throw new PlasticoreError('file', what, { file: folder, hint });
  };
  const has = (name: string): boolean => statIfThere(join(folder, name)) !== undefined;
  const status = statIfThere(folder);
  const expected = `expected the ${option('out')} of a finished run`;
  if (status === undefined) return refuse('there is no such folder', expected);
  if (!status.isDirectory()) return refuse('is a file', `name the folder that holds it: ${dirname(folder)}`);
  const report = readReport(join(folder, runFiles.report));
  if (report === undefined) {
    if (has(studyFiles.space))
      return refuse(
        'is the folder of a study, whose runs keep no image',
        `${studyFiles.designsCsv} has the prices of its designs; those of a front are in ${studyFiles.designs}, to be run: ${command('run EXPERIMENT', option('out', 'DIR'))}`,
      );
    if (has(runFiles.checkpoint))
      return refuse(
        'is the folder of a run that is not finished',
        `${command('run EXPERIMENT', option('out', folder), option('resume'))} finishes it`,
      );
    if (has(runFiles.failure))
      return refuse('is the folder of a run that failed', `${runFiles.failure} says why`);
    return refuse(`holds no ${runFiles.report}`, expected);
  }
  if (isSharedRun(report))
    return refuse(
      sharedRunMessage,
      `${command('explore EXPERIMENT', option('out', folder), option('resume'))} completes it`,
    );
  if (report.chip !== undefined)
    return refuse('is the folder of a run on many cores, whose time was counted as it ran', again);
  const name = [runFiles.image, runFiles.compiled].find(has);
  if (name === undefined)
    return refuse('is the folder of a run without an image, such as a cell of a sweep', again);
  if (!has(runFiles.counts)) return refuse(`is the folder of a run, without its ${runFiles.counts}`, again);
  const image = readImage(readBytes(join(folder, name)), join(folder, name));
  return { report, image, counts: readCounts(join(folder, runFiles.counts), image) };
}
