/** Experiments: their files, their cells, and the runner. */

export * from './description/index.ts';
export * from './run/index.ts';
export {
  checkData,
  EncodedSamples,
  type EpochResult,
  type KeptState,
  lastingStages,
  Session,
  type SessionOptions,
  sampleCount,
} from './session/index.ts';
