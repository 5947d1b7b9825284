export { chipsFor, loadChip } from './node-load.ts';
