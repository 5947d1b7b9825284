/** Data sets from the file system: for Node only. */
export { type Inspection, inspectData, type LoadOptions, loadData, loadEmbedded } from './node-source.ts';
