/** Data sets from the file system; Node only. */

export { type FetchedFile, type FetchOptions, fetchData } from './node-fetch.ts';
export type { FileArrays } from './node-files.ts';
export { idxNames, loadEmbedded } from './node-files.ts';
export { inspectData, loadDataset } from './node-source.ts';
