/** ODIN: its controller, its host, its recordings. */

export { odin } from './chip.ts';
export { OdinClassifier, type OdinPresentation } from './classifier.ts';
export {
  type OdinConfig,
  OdinController,
  type OdinObserver,
  type OdinOperation,
  type SpikeFate,
} from './controller.ts';
export type { OdinOptions } from './options.ts';
export { loadOdin, type OdinExpected, type OdinStimulus, odinConfig, recordOdin } from './record.ts';
export { odinDivergence, odinGolden, replayOdin } from './replay.ts';
export { type OdinTrace, odinFormat, odinSchema } from './trace.ts';
