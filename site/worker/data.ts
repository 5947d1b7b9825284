import {
  cueAccumulation,
  type Dataset,
  joinDatasets,
  mackeyGlass,
  noShift,
  shiftDataset,
  spontaneousActivity,
} from '../../src/data/index.ts';
import { limitData } from '../../src/experiment/index.ts';
import { command, PlasticoreError } from '../../src/text/index.ts';
import type { Compiled } from './compile.ts';

/** Loads a person's own data as an experiment splits them. */
export type LoadOwn = (choice: Pick<Compiled['cell'], 'split' | 'arrays'>) => Promise<Dataset>;

/**
 * The samples that a design sees, as the command line gives them to it.
 *
 * @param own loads a person's own data; undefined if there are none
 * @throws PlasticoreError `data` if it needs others
 */
export async function samplesOf(
  { cell, experiment }: Pick<Compiled, 'cell' | 'experiment'>,
  own: LoadOwn | undefined,
  digits: () => Promise<Dataset>,
): Promise<Dataset> {
  const { task, life } = cell;
  if (own !== undefined) return seenBy(cell, await own(cell));
  if (task !== undefined) return generated(task);
  const { spec } = experiment;
  if (spec.data !== undefined || spec.arrays !== undefined)
    throw missing(spec.name, spec.data ?? 'files with arrays of its own', 'drop its files on the page');
  if (typeof cell.encoder !== 'string' || cell.encoder === 'steps')
    throw missing(spec.name, spikes, howToGet);
  const elsewhere = life?.sources.find(({ data }) => data !== undefined)?.data;
  if (elsewhere !== undefined)
    throw missing(spec.name, elsewhere.path, 'run it on the command line: a page has one data set at a time');
  return seenBy(cell, await digits());
}

/** The samples of a task. */
function generated(task: NonNullable<Compiled['cell']['task']>): Dataset {
  if ('mackeyGlass' in task) return mackeyGlass(task.mackeyGlass);
  return 'spontaneousActivity' in task
    ? spontaneousActivity(task.spontaneousActivity)
    : cueAccumulation(task.cueAccumulation);
}

/** The data as the cell changes and limits them, once for each shift that stages of its life state. */
function seenBy({ limit, shift = noShift, life }: Compiled['cell'], data: Dataset): Dataset {
  const sources = life?.sources ?? [{}];
  const shifted = sources.map((source) => shiftDataset(data, source.shift ?? shift));
  return limitData(joinDatasets(shifted), limit, life);
}

function missing(experiment: string, what: string, hint: string): PlasticoreError {
  return new PlasticoreError(
    'data',
    `experiment '${experiment}' needs data that are not on this page: ${what}`,
    {
      hint,
    },
  );
}

const spikes = 'spikes with their times, as HDF5 files in the layout of the Spiking Heidelberg Digits';
const howToGet = `drop a file to train on and one to test on (.h5 or .h5.gz), then open it again: \`${command('data fetch shd')}\` brings those of SHD for experiments shd-* and speech-shd-*; docs/data.md says how those of spoken-* and speech-* are made`;
