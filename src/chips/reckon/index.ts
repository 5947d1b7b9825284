/** ReckOn: its controller, its host, its recordings. */

export { reckon } from './chip.ts';
export { ReckonClassifier } from './classifier.ts';
export type { ReckonSeeds } from './controller.ts';
export {
  type ReckonConfig,
  ReckonController,
  type ReckonObserver,
  type ReckonSample,
} from './controller.ts';
export {
  loadReckon,
  type ReckonStimulus,
  reckonController,
  reckonSettings,
  recordReckon,
} from './record.ts';
export { replayReckon } from './replay.ts';
export type { ReckonTrace } from './trace.ts';
export { reckonSchema } from './trace.ts';
