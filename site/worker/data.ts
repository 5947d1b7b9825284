import {
  cueAccumulation,
  type Dataset,
  joinDatasets,
  mackeyGlass,
  noShift,
  shiftDataset,
  spontaneousActivity,
} from '../../src/data/index.ts';
import { type ExperimentSpec, limitData } from '../../src/experiment/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import type { CompiledDesign } from './compile.ts';

/** Loads a person's own data as an experiment splits them. */
export type LoadOwn = (choice: Pick<CompiledDesign['cell'], 'split' | 'arrays'>) => Promise<Dataset>;

/**
 * The samples that a design sees, as the command line gives them to it.
 *
 * @param own loads a person's own data; undefined if there are none
 * @throws PlasticoreError `data` if it needs others
 */
export async function samplesOf(
  { cell, experiment }: Pick<CompiledDesign, 'cell' | 'experiment'>,
  own: LoadOwn | undefined,
  digits: () => Promise<Dataset>,
): Promise<Dataset> {
  if (own !== undefined) return seenBy(cell, await own(cell));
  if (cell.task !== undefined) return generated(cell.task);
  const { spec } = experiment;
  const missing = missingData(spec);
  if (missing !== undefined)
    throw new PlasticoreError(
      'data',
      `experiment '${spec.name}' needs data that are not on this page: ${missing.what}`,
      { hint: missing.hint },
    );
  return seenBy(cell, await digits());
}

/** The data that an experiment needs beside the digits, and how to get them; undefined if it runs at once. */
export function missingData({
  task,
  data,
  arrays,
  encoder,
  life,
}: ExperimentSpec): { readonly what: string; readonly hint: string } | undefined {
  if (task !== undefined) return undefined;
  if (data !== undefined || arrays !== undefined)
    return { what: data ?? 'files with arrays of its own', hint: 'drop its files on the page' };
  if (typeof encoder !== 'string' || encoder === 'steps') return { what: spikes, hint: howToGet };
  const elsewhere = life?.find((stage) => stage.data !== undefined)?.data;
  return elsewhere === undefined
    ? undefined
    : {
        what: elsewhere,
        hint: 'the page has one data set at a time: download the design, and run it on a computer of your own',
      };
}

/** The samples of a task. */
function generated(task: NonNullable<CompiledDesign['cell']['task']>): Dataset {
  if ('mackeyGlass' in task) return mackeyGlass(task.mackeyGlass);
  return 'spontaneousActivity' in task
    ? spontaneousActivity(task.spontaneousActivity)
    : cueAccumulation(task.cueAccumulation);
}

/** The data as the cell changes and limits them, once for each shift that stages of its life state. */
function seenBy({ limit, shift = noShift, life }: CompiledDesign['cell'], data: Dataset): Dataset {
  const sources = life?.sources ?? [{}];
  const shifted = sources.map((source) => shiftDataset(data, source.shift ?? shift));
  return limitData(joinDatasets(shifted), limit, life);
}

const spikes = 'spikes with their times, as HDF5 files in the layout of the Spiking Heidelberg Digits';
const howToGet =
  'drop a file to train on and one to test on (.h5 or .h5.gz); docs/data.md says where to get those of SHD, and how to make those of spoken-* and speech-*';
