/** A run: it presents the samples of a cell one after the other, writes results, and can resume from a checkpoint. */

export type { RunSetting } from './check-state.ts';
export {
  dataHash,
  describeInput,
  digest,
  identityOfRun,
  imageHash,
  meaningOf,
  type RunIdentity,
  runIdentity,
  runKey,
} from './identity.ts';
export { reportOf } from './outcome.ts';
export { Pace, type Progress } from './pace.ts';
export {
  planRecording,
  type RecordingPlan,
  recordingArrays,
} from './recording.ts';
export { limitData, type RunOptions, type RunResult, type RunState, runCell } from './run.ts';
export { weightArrays } from './weights.ts';
