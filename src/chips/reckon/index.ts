/** ReckOn: its controller, its host, its recordings. */

export { reckon } from './chip.ts';
export { ReckonClassifier, type ReckonPresentation, type ReckonSetup } from './classifier.ts';
export {
  type ReckonAnswer,
  type ReckonConfig,
  ReckonController,
  type ReckonCycles,
  type ReckonObserver,
  type ReckonSample,
} from './controller.ts';
export type { ReckonOptions } from './options.ts';
export {
  loadReckon,
  type ReckonExpected,
  type ReckonStimulus,
  reckonController,
  reckonSettings,
  recordReckon,
} from './record.ts';
export { reckonDivergence, reckonGolden, replayReckon } from './replay.ts';
export { loadReckonSeeds, type ReckonSeeds } from './seeds.ts';
export { reckonSchema } from './trace.ts';
export { type ReckonTrace, reckonFormat } from './trace-parts.ts';
