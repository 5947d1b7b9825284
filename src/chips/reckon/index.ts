/** ReckOn: its host, and networks in its memories. */

export { reckon } from './chip.ts';
export { ReckonClassifier } from './classifier.ts';
