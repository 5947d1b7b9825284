/** Data sets from the file system: for Node only. */
export { type FetchedFile, type FetchOptions, fetchData, type Verification } from './node-fetch.ts';
export { type Inspection, inspectData, type LoadOptions, loadData, loadEmbedded } from './node-source.ts';
