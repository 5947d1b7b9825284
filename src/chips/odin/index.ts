/** ODIN: its host, and networks in its memories. */

export { odin } from './chip.ts';
export { OdinClassifier } from './classifier.ts';
