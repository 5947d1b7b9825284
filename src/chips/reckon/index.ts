/** ReckOn: its controller, its host, its recordings. */

export { reckon } from './chip.ts';
export { ReckonClassifier } from './classifier.ts';
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
export type { ReckonSeeds } from './seeds.ts';
export { reckonSchema } from './trace.ts';
export type { ReckonTrace } from './trace-parts.ts';
