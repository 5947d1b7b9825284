import { dirname, isAbsolute, join } from 'node:path';
import {
  cueAccumulation,
  type Dataset,
  holdOutValidation,
  joinDatasets,
  joinValidation,
  mackeyGlass,
  noShift,
  shiftDataset,
  spontaneousActivity,
} from '../../data/index.ts';
import { loadDataset } from '../../data/node.ts';
import type { Cell } from '../description/index.ts';
import { limitData } from './run.ts';

/** The parts of a cell that determine which samples it sees. */
type DataChoice = Pick<
  Cell,
  'task' | 'split' | 'arrays' | 'shift' | 'limit' | 'validation' | 'selection' | 'life'
>;

/** Loads the samples of a cell: from the data set at a path, or by default from its task or the embedded digits. */
export type DataLoader = (choice: DataChoice, path: string | undefined) => Promise<Dataset>;

/**
 * Loads the samples that a cell learns from and is scored on. The validation split, if any, is made before the limit is
 * applied, so a limit does not change which samples are held out.
 *
 * @throws PlasticoreError `file` or `data`
 */
export const loadFor: DataLoader = async (choice, path) => seenBy(choice, await loadSources(choice, path));

/** A loader that caches its latest data set, as loaded and as seen by cells, since most cells of a sweep share one. */
export function keepingLoader(): DataLoader {
  let kept: { readonly source: string; readonly loaded: readonly Dataset[] } | undefined;
  const seen = new Map<string, Dataset>();
  return async (choice, path) => {
    const { task, split, arrays, shift, life } = choice;
    const source = JSON.stringify([path, task, split, arrays, shift, life?.sources]);
    if (kept === undefined || kept.source !== source) {
      seen.clear();
      kept = { source, loaded: await loadSources(choice, path) };
    }
    const key = JSON.stringify([choice.limit, choice.validation, choice.selection, life === undefined]);
    const data = seen.get(key) ?? seenBy(choice, kept.loaded);
    seen.set(key, data);
    return data;
  };
}

/** The data of a cell, and those that stages of its life name beside them. */
async function loadSources(choice: DataChoice, path: string | undefined): Promise<readonly Dataset[]> {
  const { life } = choice;
  if (life === undefined) return [await loadWhole(choice, path)];
  const loaded: Dataset[] = [];
  // One after the other: each may take a large part of the memory while it is read.
  for (const { data, shift = choice.shift } of life.sources)
    loaded.push(await loadWhole({ ...choice, shift }, data === undefined ? path : pathFrom(data)));
  return loaded;
}

function pathFrom({ path, from }: { readonly path: string; readonly from: string }): string {
  return isAbsolute(path) ? path : join(dirname(from), path);
}

async function loadWhole(
  { task, split, arrays, shift = noShift }: DataChoice,
  path: string | undefined,
): Promise<Dataset> {
  if (task === undefined || path !== undefined)
    return shiftDataset(await loadDataset(path, { split, arrays }), shift);
  if ('mackeyGlass' in task) return mackeyGlass(task.mackeyGlass);
  if ('spontaneousActivity' in task) return spontaneousActivity(task.spontaneousActivity);
  return cueAccumulation(task.cueAccumulation);
}

function seenBy({ limit, validation, selection, life }: DataChoice, loaded: readonly Dataset[]): Dataset {
  const [whole] = loaded;
  // A life chooses no epoch, and is the only one with several sources.
  if (selection !== undefined && whole !== undefined)
    return joinValidation(limitData(whole, limit), limitData(holdOutValidation(whole, selection), limit));
  const held = loaded.map((data) => (validation === undefined ? data : holdOutValidation(data, validation)));
  return limitData(joinDatasets(held), limit, life);
}
