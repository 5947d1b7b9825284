/** Data sets from the file system; Node only. */

export type { FileArrays } from './node-arrays.ts';
export { loadEmbedded } from './node-embedded.ts';
export { type FetchedFile, type FetchOptions, fetchData } from './node-fetch.ts';
export { idxNames } from './node-idx.ts';
export { type Inspection, inspectData, loadDataset } from './node-source.ts';
