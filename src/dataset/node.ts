/** Data sets from the file system: for Node only. */
export { loadData } from './node-source.ts';
