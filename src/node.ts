/**
 * Plasticore on Node: everything in `plasticore`, plus files, data sets, run folders and sweeps.
 *
 * Bundled files are found by name; anything else is a path.
 */
import { loadDataset } from './data/node.ts';
import { findFile } from './fs/index.ts';
import type { Image } from './image/index.ts';
import {
  type CoreChoice,
  type Data,
  loadCore as loadCoreWith,
  type SimulatedCore,
  samplesOf,
} from './library/index.ts';
import type { Program } from './program/index.ts';

export {
  type ExperimentRunOptions,
  type FolderRun,
  type FolderRunOptions,
  readCheckpoint,
  runExperiment,
  runInFolder,
} from './experiment/node.ts';
export {
  type CellOutcome,
  type CellRun,
  type CellsOptions,
  onSlurm,
  onThreads,
  type Runner,
  runCells,
  runSweep,
  type SlurmOptions,
  type SweepOptions,
} from './explore/node.ts';
export { bundledNames, findFile, writeAtomically } from './fs/index.ts';
export * from './index.ts';

/**
 * Loads a program, compiles it for a core model, and starts it.
 *
 * @param program a bundled name such as `mnist-snn`, a path, a program made in code, or an image
 * @throws PlasticoreError with the faults that were found, each with its place
 */
export function loadCore(program: string | Program | Image, choice: CoreChoice = {}): SimulatedCore {
  return loadCoreWith(program, choice, findFile);
}

/**
 * Loads a data set.
 *
 * @param path a folder of MNIST-shaped IDX files, an `.npz` file with `x` and `y`, or an HDF5 file or folder in the
 * layout of the Spiking Heidelberg Digits. Default: the embedded digits
 * @throws PlasticoreError `file` for a file that cannot be read, `data` for one that is not a data set
 */
export async function loadData(path?: string): Promise<Data> {
  return samplesOf(await loadDataset(path));
}
