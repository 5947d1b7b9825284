/** A session: a cell, its data and its machine, and how far through their samples it is. */

export { checkData } from './check-data.ts';
export { EncodedSamples } from './encoded.ts';
export { jointSamples, type LivingCell, lifeSamples } from './life-plan.ts';
export {
  countOf,
  indexOfStage,
  lastingStages,
  type Stage,
  sampleCount,
  samplesDone,
  scoredSamples,
  stagesOf,
} from './plan.ts';
export { Session, type SessionOptions } from './session.ts';
export {
  bestEpoch,
  type EpochResult,
  type KeptState,
  type SessionState,
  type TestResult,
  withValidation,
} from './state.ts';
