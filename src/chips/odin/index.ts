/** ODIN: its controller, its host, its recordings. */

export { odin } from './chip.ts';
export { OdinClassifier } from './classifier.ts';
export {
  type OdinConfig,
  OdinController,
  type OdinObserver,
} from './controller.ts';

export { loadOdin, type OdinStimulus, odinConfig, recordOdin } from './record.ts';
export { replayOdin } from './replay.ts';
export { type OdinTrace, odinSchema } from './trace.ts';
