import { readText } from '../../fs/index.ts';
import { checkJson, parseJson } from '../../golden/index.ts';
import {
  type ActivityCounts,
  activityCountsSchema,
  activityShape,
  type ProgramView,
} from '../../image/index.ts';
import { command, option, PlasticoreError } from '../../text/index.ts';
import { differences } from './differences.ts';

/**
 * Reads the toggles that were counted in a window of a run.
 *
 * @param image of the run that they are for
 * @throws PlasticoreError with the place of a fault; `usage` if they were counted on another program, at another
 * precision, or on a core of another shape
 */
export function readActivity(file: string, image: ProgramView): ActivityCounts {
  const json = parseJson(readText(file), file);
  const counts = checkJson(json, activityCountsSchema);
  const { shape } = counts;
  const own = activityShape(image);
  const hint = `count them on the same: ${command('trace EXPERIMENT', option('steps', 'A..B'), option('activity', 'FILE'))}`;
  if (shape.program !== own.program || shape.precision !== own.precision)
    throw new PlasticoreError(
      'usage',
      `holds the toggles of '${shape.program}' at ${shape.precision}: expected those of '${own.program}' at ${own.precision}`,
      { file, hint },
    );
  const found = differences({ ...shape }, { ...own });
  if (found.length > 0) {
    const list = found.map(({ path, had, has }) => `${path} (${had} in the file, ${has} in the run)`);
    throw new PlasticoreError('usage', `its toggles are those of a core that differs in ${list.join(', ')}`, {
      file,
      hint,
    });
  }
  if (counts.kernels.length !== shape.kernels.length || counts.banks.length !== shape.banks.length)
    throw new PlasticoreError(
      'invalid-value',
      `expected toggles of ${shape.kernels.length} kernels and ${shape.banks.length} banks, found ${counts.kernels.length} and ${counts.banks.length}`,
      { file, hint },
    );
  return counts;
}
