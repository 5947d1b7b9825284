import {
  cueAccumulation,
  type Dataset,
  holdOutValidation,
  noShift,
  shiftDataset,
  spontaneousActivity,
} from '../../data/index.ts';
import { loadDataset } from '../../data/node.ts';
import type { Cell } from '../description/index.ts';
import { limitData } from './run.ts';

/** The parts of a cell that determine which samples it sees. */
type DataChoice = Pick<Cell, 'task' | 'split' | 'arrays' | 'shift' | 'limit' | 'validation'>;

/** Loads the samples of a cell: from the data set at a path, or by default from its task or the embedded digits. */
export type DataLoader = (choice: DataChoice, path: string | undefined) => Promise<Dataset>;

/**
 * Loads the samples that a cell learns from and is scored on. The validation split, if any, is made before the limit is
 * applied, so a limit does not change which samples are held out.
 *
 * @throws PlasticoreError `file` or `data`
 */
export const loadFor: DataLoader = async (choice, path) => seenBy(choice, await loadWhole(choice, path));

/** A loader that caches its latest data set, as loaded and as seen by cells, since most cells of a sweep share one. */
export function keepingLoader(): DataLoader {
  let kept: { readonly source: string; readonly loaded: Dataset } | undefined;
  const seen = new Map<string, Dataset>();
  return async (choice, path) => {
    const source = JSON.stringify([path, choice.task, choice.split, choice.arrays, choice.shift]);
    if (kept === undefined || kept.source !== source) {
      seen.clear();
      kept = { source, loaded: await loadWhole(choice, path) };
    }
    const key = JSON.stringify([choice.limit, choice.validation]);
    const data = seen.get(key) ?? seenBy(choice, kept.loaded);
    seen.set(key, data);
    return data;
  };
}

async function loadWhole(
  { task, split, arrays, shift = noShift }: DataChoice,
  path: string | undefined,
): Promise<Dataset> {
  if (task === undefined || path !== undefined)
    return shiftDataset(await loadDataset(path, { split, arrays }), shift);
  if ('spontaneousActivity' in task) return spontaneousActivity(task.spontaneousActivity);
  return cueAccumulation(task.cueAccumulation);
}

function seenBy({ limit, validation }: DataChoice, loaded: Dataset): Dataset {
  return limitData(validation === undefined ? loaded : holdOutValidation(loaded, validation), limit);
}
