/** Data sets from the file system; Node only. */

export type { FileArrays } from './node-arrays.ts';
export { loadEmbedded } from './node-embedded.ts';
export { type FetchedFile, type FetchOptions, fetchData, type Verification } from './node-fetch.ts';
export { idxNames } from './node-idx.ts';
export { type Inspection, inspectData, type LoadOptions, loadData } from './node-source.ts';
